"""JSON, CSV, NPZ and MP4: the record, a table of its repetitions, the landmarks with every signal, the body's lines as a video."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from formcheck.analysis.run import SetResult
from formcheck.files.atomic import open_output, write_text
from formcheck.files.traces import write_trace
from formcheck.model.corrections import CORRECTIONS, agreement, apply
from formcheck.model.records import Hold, Rep, SetRecord

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.exports import SetToExport


def write_json(data: SetToExport, path: Path | str) -> None:
    """Write the record as its JSON Schema documents it.

    Parameters
    ----------
    data : SetToExport
    path : path

    Raises
    ------
    OutputError
        ``output_*``.
    """
    write_text(path, data.record.model_dump_json(indent=2) + "\n")


def write_review(data: SetToExport, path: Path | str) -> None:
    """Write the original record, the corrected record, the corrections and the agreement of each rule.

    ``agreement`` maps a rule to ``agreed``, ``marked`` and Cohen's ``kappa`` (null where it is not defined).

    Parameters
    ----------
    data : SetToExport
    path : path

    Raises
    ------
    OutputError
        ``output_*``.
    """
    corrected = apply(data.record, data.corrections)
    review = {
        "original": corrected.original.model_dump(mode="json"),
        "corrected": corrected.record.model_dump(mode="json"),
        "corrections": CORRECTIONS.dump_python(list(data.corrections), mode="json", exclude_none=True),
        "agreement": {rule: asdict(found) for rule, found in agreement(corrected.marks.values()).items()},
    }
    write_text(path, json.dumps(review, ensure_ascii=False, indent=2) + "\n")


def write_csv(data: SetToExport, path: Path | str) -> None:
    """Write one line per repetition or hold: times (s), every measure, and each rule's outcome, reason, value and severity.

    The file is UTF-8 with a decimal point. An empty cell was not measured or not assessed.

    Parameters
    ----------
    data : SetToExport
    path : path

    Raises
    ------
    OutputError
        ``output_*``.
    """
    units: list[Rep | Hold] = [*data.record.reps, *data.record.holds]
    measures = list(dict.fromkeys(name for unit in units for name in unit.measures))
    rules = [rule.id for rule in data.exercise.rules]
    rules += [rule for rule in dict.fromkeys(_judged(data.record)) if rule not in rules]
    head = ["index", "kind", "side", "start_s", "turn_s", "end_s", "in_form_s", *measures]
    head += [f"{rule}.{part}" for rule in rules for part in ("outcome", "reason", "value", "severity")]
    with open_output(path, "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        for unit in units:
            writer.writerow(
                [*_about(unit), *(_cell(unit.measures.get(name)) for name in measures), *_rules(unit, rules)]
            )


def write_npz(data: SetToExport, path: Path | str) -> None:
    """Write the landmarks with every signal, as ``formcheck.files.traces`` documents it.

    Parameters
    ----------
    data : SetToExport
    path : path

    Raises
    ------
    UsageError
        ``trace_needed``.
    OutputError
        ``output_*``.
    """
    write_trace(data.landmarks("npz"), path)


def write_mp4(data: SetToExport, path: Path | str) -> None:
    """Write the set as a video of lines on a plain background. It shows neither the room nor the person.

    Parameters
    ----------
    data : SetToExport
    path : path

    Raises
    ------
    UsageError
        ``trace_needed``.
    OutputError
        ``output_*``.
    """
    from formcheck.video.annotate import annotate

    annotate(
        None,
        SetResult(data.record, data.landmarks("mp4")),
        data.exercise,
        path,
        background="plain",
        language=data.language,
    )


def _judged(record: SetRecord) -> list[str]:
    units: list[Rep | Hold] = [*record.reps, *record.holds]
    return [verdict.rule for unit in units for verdict in unit.verdicts]


def _about(unit: Rep | Hold) -> list[str]:
    if isinstance(unit, Rep):
        kind, turn, in_form = "repetition" if unit.counted else "small", unit.turn_s, None
    else:
        kind, turn, in_form = "hold", None, unit.in_form_s
    return [str(unit.index), kind, unit.side or "", _cell(unit.start_s), _cell(turn), _cell(unit.end_s), _cell(in_form)]


def _rules(unit: Rep | Hold, rules: list[str]) -> list[str]:
    cells = []
    verdicts = {verdict.rule: verdict for verdict in unit.verdicts}
    severity = {fault.rule: str(fault.severity) for fault in unit.faults}
    for rule in rules:
        verdict = verdicts.get(rule)
        if verdict is None:
            cells += ["", "", "", severity.get(rule, "")]
        else:
            cells += [verdict.outcome, verdict.reason or "", _cell(verdict.value), severity.get(rule, "")]
    return cells


def _cell(value: float | None) -> str:
    return "" if value is None else repr(float(value))
