"""The display of a session as plain data: the page only draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.coach.messages import ASKS_IF_ALL_RIGHT
from formcheck.i18n import join_words, translator
from formcheck.programmes.wording import prescription_words
from formcheck.reports.sentences import rule_name

if TYPE_CHECKING:
    from formcheck.coach.messages import CoachStage, CoachState, DisplayData
    from formcheck.coach.setup import Light
    from formcheck.spec.exercise import Exercise, ViewName
    from formcheck.spec.prescription import PlannedSet

Outline = list[list[float]]
"""33 landmarks (x, y) as shares of the picture, for the faint figure of the last time."""


class Display:
    """Puts a coach's state into words of one language.

    Parameters
    ----------
    language : str
        Language code.
    outlines : dict of str to Outline
        See ``Coach``.
    """

    def __init__(self, language: str, outlines: dict[str, Outline]) -> None:
        self._language, self._outlines, self._t = language, outlines, translator(language)

    def of(self, state: CoachState) -> DisplayData:
        """Return everything that is shown now.

        Parameters
        ----------
        state : CoachState
            The coach's state.

        Returns
        -------
        dict
            The display, ready for JSON.
        """
        planned = state.planned
        exercise = exercises.load(planned.exercise)
        shown = {
            "stage": state.stage,
            "exercise": planned.exercise,
            "exercise_name": exercise.name[self._language],
            "set": planned.number,
            "of": planned.of,
            "view": planned.view,
            "sound_only": planned.view == "side",
            "kind": "hold" if exercise.movement.kind == "hold_posture" else "reps",
            "target": planned.prescription.repetitions,
            "target_s": planned.prescription.hold_s,
            "advice": self._t(f"live.{state.advice}") if state.advice else None,
            "buttons": state.buttons,
            "can_delete": state.can_delete,
            "deleted": state.deleted,
            "summary": state.summary,
            "not_assessed": not_assessed(exercise, planned.view, self._language),
            "paused_why": state.paused_why,
            "ask_all_right": state.paused_why in ASKS_IF_ALL_RIGHT,
        }
        return shown | self._of_stage(state) | self._of_set(state)

    def _of_stage(self, state: CoachState) -> DisplayData:
        planned = state.planned
        if state.stage in ("setup", "ready"):
            return {
                "lights": [self._light(light) for light in state.lights],
                "how": self._how(planned),
                "outline": self._outlines.get(f"{planned.exercise}/{planned.view}"),
            }
        if state.stage == "countin":
            return {"countin": state.count_in_number}
        if state.stage == "rest" and state.next_set is not None:
            return {
                "rest_s": state.rest_s,
                "rest_left_s": round(state.rest_left_s, 1),
                "next": self._next(state.next_set),
            }
        return {}

    def _of_set(self, state: CoachState) -> DisplayData:
        if state.live_set is None:
            return {}
        note = {"note": self._t("live.somebody_else")} if state.other_person else {}
        return state.live_set | note

    def _light(self, light: Light) -> DisplayData:
        name = self._t(f"live.light.{light.key}")
        advice = self._t(f"live.{light.advice}") if light.advice else None
        return {"key": light.key, "state": light.state, "name": name, "advice": advice}

    def _next(self, planned: PlannedSet) -> str:
        name = exercises.load(planned.exercise).name[self._language]
        next_set = self._t("live.next_set", name=name, set=planned.number, of=planned.of)
        how = self._how(planned) if planned.number == 1 else ""
        return f"{next_set} · {how}" if how else next_set

    def _how(self, planned: PlannedSet) -> str:
        """Return level, support and what else is prescribed, in words; empty when there is nothing to say."""
        words = prescription_words(planned.prescription, self._t)
        return " · ".join(part for part in (words.level, *words.how) if part)


def not_assessed(exercise: Exercise, view: ViewName, language: str) -> str | None:
    """Return one line that names the rules that cannot be judged from the camera's planned place.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    view : ViewName
        The view of the body from that place.
    language : str
        Language code.

    Returns
    -------
    str or None
        The line; None when every rule can be judged.
    """
    names = [rule_name(exercise, rule.id, language) for rule in exercise.rules if view not in rule.views]
    if not names:
        return None
    t = translator(language)
    listed = join_words([name[:1].lower() + name[1:] for name in names], language)
    return t("live.not_assessed", view=t(f"term.view.{view}"), names=listed)


def buttons_of(stage: CoachStage, *, ready: bool, deletable: bool, deleted: bool) -> list[str]:
    """Return the commands that make sense in a stage.

    Parameters
    ----------
    stage : CoachStage
        The stage.
    ready : bool
        Whether every light is green. If not, the start is one "despite the set-up" (``anyway``).
    deletable : bool
        Whether the last set was kept, so that it can be deleted.
    deleted : bool
        Whether it has been deleted.

    Returns
    -------
    list of str
        The commands, in the order of display.
    """
    delete = ["undo_delete" if deleted else "delete_set"] if deletable else []
    return {
        "setup": ["start" if ready else "anyway", "end"],
        "ready": ["start", "end"],
        "countin": ["pause", "end"],
        "set": ["pause", "finish", "end"],
        "paused": ["resume", "finish", "end"],
        "rest": ["skip_rest", *delete, "end"],
        "done": delete,
        "stopped": delete,
    }[stage]
