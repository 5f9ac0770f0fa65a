"""The coach's messages: the events to store and the display to draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from formcheck.coach.setup import Light
    from formcheck.coach.speech import Utterance
    from formcheck.spec.prescription import PlannedSet

CoachStage = Literal["setup", "ready", "countin", "set", "paused", "rest", "done", "stopped"]
CoachEventKind = Literal[
    "set_started",
    "repetition",
    "hold_clock",
    "set_finished",
    "paused",
    "resumed",
    "stopped",
    "set_deleted",
    "set_restored",
    "session_done",
]
WhyEnded = Literal["target", "quiet", "hand", "button", "stop", "left_posture", "left_page"]
WhyPaused = Literal["left", "lost", "sudden", "hidden", "button"]

ASKS_IF_ALL_RIGHT: tuple[WhyPaused, ...] = ("sudden", "lost")
"""The pauses after which the coach asks whether the person is all right."""

DisplayData = dict[str, Any]
"""The whole display or a part of it, ready for JSON."""


@dataclass(slots=True, frozen=True)
class CoachEvent:
    """Something to store.

    Attributes
    ----------
    kind : CoachEventKind
        What happened.
    t_s : float
        When, in seconds of the set (0 at its first pose).
    data : dict
        The details, described in ``formcheck.coach.coach``.
    """

    kind: CoachEventKind
    t_s: float
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class DisplayUpdate:
    """The effects of one picture or command.

    Attributes
    ----------
    shown : dict
        The whole display, ready for JSON.
    say : list of Utterance
        The utterances to speak, in order.
    events : list of CoachEvent
        The events to store, in order.
    """

    shown: DisplayData
    say: list[Utterance] = field(default_factory=list)
    events: list[CoachEvent] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class CoachState:
    """The coach's state at one moment, as the display needs it.

    Attributes
    ----------
    stage : CoachStage
        The stage of the session.
    planned : PlannedSet
        The set that runs, or comes next.
    next_set : PlannedSet or None
        The set after ``planned``, if there is one.
    lights : tuple of Light
        The lights of the set-up check.
    advice : str or None
        The spoken key of what the person has to do now, while setting up.
    buttons : list of str
        The commands that make sense now.
    count_in_number : int
        The number of the count-in.
    rest_s, rest_left_s : float
        The length of the rest, and what is left of it (s).
    can_delete, deleted : bool
        Whether the last set can be deleted, and whether it has been.
    summary : str or None
        The summary of the last finished set, in words.
    paused_why : WhyPaused or None
        Why the set is paused; None while it is not.
    live_set : dict or None
        The part of the display that the running set fills; None while no set runs.
    other_person : bool
        Whether counting pauses because another person stands where the person was.
    """

    stage: CoachStage
    planned: PlannedSet
    next_set: PlannedSet | None
    lights: tuple[Light, ...]
    advice: str | None
    buttons: list[str]
    count_in_number: int
    rest_s: float
    rest_left_s: float
    can_delete: bool
    deleted: bool
    summary: str | None
    paused_why: WhyPaused | None
    live_set: DisplayData | None
    other_person: bool
