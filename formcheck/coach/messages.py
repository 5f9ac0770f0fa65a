"""What the page shows and what happened, as the coach tells it. The page only draws; the keeper only stores."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from formcheck.coach.speech import Utterance

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


@dataclass(slots=True, frozen=True)
class CoachEvent:
    """Something to be stored. ``t_s``: seconds of the set (0 at its first pose); ``data``: see ``formcheck.coach.coach``."""

    kind: CoachEventKind
    t_s: float
    data: dict = field(default_factory=dict)


@dataclass(slots=True)
class DisplayUpdate:
    """What one picture or command led to: the whole display (JSON ready), what is said, and what is to be stored."""

    shown: dict
    say: list[Utterance] = field(default_factory=list)
    events: list[CoachEvent] = field(default_factory=list)
