"""The display of a session as plain data: the page only draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.i18n import joined, translator
from formcheck.programmes.wording import told
from formcheck.reports.sentences import rule_name

if TYPE_CHECKING:
    from formcheck.coach.coach import Coach
    from formcheck.coach.setup import Light
    from formcheck.spec.exercise import Exercise, ViewName
    from formcheck.spec.prescription import PlannedSet

ASKS_IF_ALL_RIGHT = ("sudden", "lost")
"""The pauses after which the coach asks whether the person is all right."""


class Display:
    """Puts a coach's state into words of one language. ``outlines``: see ``Coach``."""

    def __init__(self, language: str, outlines: dict[str, list]) -> None:
        self._language, self._outlines, self._t = language, outlines, translator(language)

    def of(self, coach: Coach) -> dict:
        """Return everything that is shown now, ready for JSON."""
        planned, paused = coach.planned, coach.stage == "paused"
        exercise = exercises.load(planned.exercise)
        shown = {
            "stage": coach.stage,
            "exercise": planned.exercise,
            "exercise_name": exercise.name[self._language],
            "set": planned.number,
            "of": planned.of,
            "view": planned.view,
            "sound_only": planned.view == "side",
            "kind": "hold" if exercise.movement.kind == "hold_posture" else "reps",
            "target": planned.prescription.repetitions,
            "target_s": planned.prescription.hold_s,
            "advice": self._t(f"live.{coach.advice}") if coach.advice else None,
            "buttons": coach.buttons(),
            "can_delete": coach.last_finished is not None,
            "deleted": coach.deleted,
            "summary": coach.summary,
            "not_assessed": not_assessed(exercise, planned.view, self._language),
            "paused_why": coach.paused_why if paused else None,
            "ask_all_right": paused and coach.paused_why in ASKS_IF_ALL_RIGHT,
        }
        if coach.stage in ("setup", "ready"):
            shown["lights"] = [self._light(light) for light in coach.lights]
            shown["how"] = self._how(planned)
            shown["outline"] = self._outlines.get(f"{planned.exercise}/{planned.view}")
        elif coach.stage == "countin":
            shown["countin"] = coach.counts
        elif coach.stage == "rest":
            shown |= {
                "rest_s": coach.rest_s,
                "rest_left_s": round(coach.rest_left_s, 1),
                "next": self._next(coach.following),
            }
        if coach.follower is not None:
            shown |= coach.follower.shown()
            if coach.follower.result.phase == "paused":
                shown["note"] = self._t("live.somebody_else")
        return shown

    def _light(self, light: Light) -> dict:
        name = self._t(f"live.light.{light.key}")
        advice = self._t(f"live.{light.advice}") if light.advice else None
        return {"key": light.key, "state": light.state, "name": name, "advice": advice}

    def _next(self, planned: PlannedSet) -> str:
        name = exercises.load(planned.exercise).name[self._language]
        following = self._t("live.next_set", name=name, set=planned.number, of=planned.of)
        how = self._how(planned) if planned.number == 1 else ""
        return f"{following} · {how}" if how else following

    def _how(self, planned: PlannedSet) -> str:
        """Return level, support and what else is prescribed, in words; empty when there is nothing to say."""
        said = told(planned.prescription, self._t)
        return " · ".join(part for part in (said.level, *said.how) if part)


def not_assessed(exercise: Exercise, view: ViewName, language: str) -> str | None:
    """Return one line that names what cannot be judged from where the camera is to stand, None when everything can."""
    names = [rule_name(exercise, rule.id, language) for rule in exercise.rules if view not in rule.views]
    if not names:
        return None
    t = translator(language)
    listed = joined([name[:1].lower() + name[1:] for name in names], language)
    return t("live.not_assessed", view=t(f"term.view.{view}"), names=listed)
