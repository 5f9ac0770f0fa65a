"""FHIR R4: one Bundle of Observations, validated with ``fhir.resources`` before it is written.

That library has R4B, and its Bundle and Observation are those of R4. The observations are *preliminary*: no person has
confirmed them. Codes are formcheck's own (``urn:x-formcheck``), since no vocabulary has them; units are UCUM. The Bundle names
a person only if a subject is given. A rule that was not judged has a data-absent reason, never a value.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from formcheck.errors import UsageError
from formcheck.exports import SetToExport, interop
from formcheck.files.atomic import write_text
from formcheck.i18n import translator
from formcheck.model.corrections import broken_rules, point_rules
from formcheck.reports.sentences import accuracy_lines, rule_name, view_line
from formcheck.reports.tables import knee_uncertainty_deg

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.model.records import Hold, Rep, SetRecord

CODES = "urn:x-formcheck"
_UCUM = "http://unitsofmeasure.org"
_TERMS = "http://terminology.hl7.org/CodeSystem"
_NAMES = uuid.UUID("7d5f9c1e-3c1b-4f0e-9c55-2f6f0a4d8e11")
"""Namespace of the observations' ids. The same record gives the same ids."""
_UNITS = {"deg": ("deg", "°"), "s": ("s", "s"), "ratio": ("1", ""), "count": ("1", "")}

Resource = dict[str, Any]
"""The JSON of a FHIR resource."""


def write_fhir(data: SetToExport, path: Path | str) -> None:
    """Write the Bundle as JSON.

    Parameters
    ----------
    data : SetToExport
    path : path

    Raises
    ------
    OutputError
        ``interop_missing``, ``output_*``.
    UsageError
        ``fhir_value``: FHIR does not accept the subject or the day.
    """
    model = interop("fhir.resources.R4B.bundle", "FHIR")
    try:
        bundle = model.Bundle.model_validate(as_bundle(data))
    except ValidationError as error:
        first = error.errors()[0]
        what = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        raise UsageError(f"FHIR does not accept {what}.", code="fhir_value", what=what) from error
    write_text(path, bundle.model_dump_json(indent=2) + "\n")


def as_bundle(data: SetToExport) -> Resource:
    """Return the Bundle as plain data: counts and clocks, the mean of each measure, the outcomes of each rule.

    Parameters
    ----------
    data : SetToExport

    Returns
    -------
    dict
        The JSON of the Bundle.
    """
    record = data.record
    observations = [
        *_counts(data),
        *(_statistic(data, name) for name in record.statistics),
        *(_rule(data, rule.id) for rule in data.exercise.rules),
    ]
    entries = [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in observations]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _counts(data: SetToExport) -> list[Resource]:
    record, t = data.record, translator(data.language)
    if record.holds:
        clocks = ("hold_s", "in_form_s", "longest_in_form_s")
        return [
            _observation(data, name, t(f"term.measure.{name}"), valueQuantity=_quantity(getattr(record, name), "s"))
            for name in clocks
        ]
    counts = ("rep_count", "partial_count")
    return [_observation(data, name, t(f"export.fhir.{name}"), valueInteger=getattr(record, name)) for name in counts]


def _statistic(data: SetToExport, name: str) -> Resource:
    t = translator(data.language)
    ending = next((unit for unit in ("deg", "s") if name.endswith(f"_{unit}")), "ratio")
    text = t(f"term.measure.{name}") if f"term.measure.{name}" in t else name
    mean = data.record.statistics[name].mean
    return _observation(
        data, f"mean.{name}", f"{text} ({t('export.fhir.mean')})", valueQuantity=_quantity(mean, ending)
    )


def _rule(data: SetToExport, rule: str) -> Resource:
    """Return an observation of how often a rule was judged, and its outcomes. A rule never judged has a data-absent reason."""
    t = translator(data.language)
    units = _judgeable(data.record)
    outcomes = [verdict.outcome for unit in units for verdict in unit.verdicts if verdict.rule == rule]
    judged = len(outcomes) - outcomes.count("not_assessed")
    text = rule_name(data.exercise, rule, data.language)
    if not judged:
        reasons = [entry.reason for entry in data.record.not_assessed if entry.rule == rule]
        absent: Resource = {"coding": [{"system": f"{_TERMS}/data-absent-reason", "code": "not-performed"}]}
        if reasons:
            absent["text"] = reasons[0]
        return _observation(data, f"rule.{rule}", text, dataAbsentReason=absent)
    points = sum(rule in point_rules(unit) for unit in units)
    counts = {"judged": judged, "points": points, "hints": sum(rule in broken_rules(unit) for unit in units) - points}
    component = [
        {"code": _code(f"rule.{name}", t(f"export.fhir.{name}")), "valueInteger": n} for name, n in counts.items()
    ]
    return _observation(data, f"rule.{rule}", text, component=component)


def _judgeable(record: SetRecord) -> list[Rep | Hold]:
    return [*(rep for rep in record.reps if rep.counted), *record.holds]


def _observation(data: SetToExport, code: str, text: str, **value: object) -> Resource:
    record = data.record
    margin_deg = knee_uncertainty_deg(record)
    made = f"formcheck {record.software.get('formcheck', '')}, {record.software.get('model', '')}".strip(", ")
    identity = "\n".join(
        [record.source.sha256 or record.source.name, record.exercise, code, data.subject or "", data.day or ""]
    )
    notes = [view_line(record, data.language) + ".", *accuracy_lines(record, margin_deg, data.language)[:1]]
    out: Resource = {
        "resourceType": "Observation",
        "id": str(uuid.uuid5(_NAMES, identity)),
        "status": "preliminary",
        "category": [{"coding": [{"system": f"{_TERMS}/observation-category", "code": "activity"}]}],
        "code": _code(code, f"{data.exercise.name[data.language]}: {text}"),
        "method": {"text": translator(data.language)("export.fhir.method")},
        "device": {"display": made},
        "note": [{"text": note} for note in notes],
        **value,
    }
    if data.subject:
        out["subject"] = {"reference": data.subject}
    if data.day:
        out["effectiveDateTime"] = data.day
    return out


def _code(code: str, text: str) -> Resource:
    return {"coding": [{"system": CODES, "code": code}], "text": text}


def _quantity(value: float, unit: str) -> Resource:
    ucum, shown = _UNITS[unit]
    quantity: Resource = {"value": round(value, 3), "system": _UCUM, "code": ucum}
    return {**quantity, "unit": shown} if shown else quantity
