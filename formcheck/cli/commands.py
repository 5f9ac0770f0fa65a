"""The small commands: exercises, doctor, schema, app."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from formcheck import exercises as catalogue
from formcheck.cli.screen import say, show_table, write_stdout
from formcheck.i18n import Translator, join_words, translator

if TYPE_CHECKING:
    import argparse

    from formcheck.spec.exercise import Rule

MISSING = 5
"""Exit code: something needed is missing."""
_STYLES = {"ok": "", "warn": "yellow", "fail": "bold red"}


@dataclass(slots=True, frozen=True)
class RuleRow:
    """One rule as ``formcheck exercises`` shows it."""

    rule: str
    name: str
    views: str
    needs: str
    cue: str


def exercises(args: argparse.Namespace) -> None:
    """Print every exercise with its rules, the views that each rule needs and what must be prescribed for it."""
    t = translator(args.language)
    for name in catalogue.names():
        exercise = catalogue.load(name)
        say(f"{exercise.id}: {exercise.name[t.language]}", style="bold")
        say(exercise.purpose[t.language])
        say(
            t(
                "cli.exercises.film",
                views=join_words([t(f"term.view.{view}") for view in exercise.views], t.language, "or"),
            )
        )
        headers = {field: t(f"cli.exercises.{field}") for field in RuleRow.__slots__}
        show_table("", headers, [_rule_row(rule, t) for rule in exercise.rules])


def doctor(args: argparse.Namespace) -> int:
    """Print the state of this machine, with a remedy for each problem. Returns 5 when something needed is missing."""
    from formcheck.doctor import run

    t = translator(args.language)
    checks = run(args.language)
    for check in checks:
        status = t(f"cli.doctor.{check.status}")
        say(f"{status:<8}  {check.name}: {check.detail}", style=_STYLES[check.status], wrap=False)
        if check.remedy:
            say(f"{'':8}  → {check.remedy}", wrap=False)
    return MISSING if any(check.status == "fail" for check in checks) else 0


def schema(args: argparse.Namespace) -> None:
    """Print the JSON Schema of the record."""
    write_stdout(resources.files("formcheck.model").joinpath("record.schema.json").read_text(encoding="utf-8"))


def app(args: argparse.Namespace) -> int:
    """Start the web app on this machine and stay until it is stopped."""
    from formcheck.app.launch import launch

    return launch(args.port, not args.no_browser, args.phone, args.address, args.without_login)


def _rule_row(rule: Rule, t: Translator) -> RuleRow:
    needed = [c.reference for c in rule.conditions if c.reference not in (None, "standing") and c.unprescribed is None]
    return RuleRow(
        rule=rule.id,
        name=rule.name[t.language],
        views=", ".join(t(f"cli.exercises.{view}") for view in rule.views),
        needs=", ".join(dict.fromkeys(t(f"cli.exercises.needs_{reference}") for reference in needed)),
        cue=rule.cue[t.language],
    )
