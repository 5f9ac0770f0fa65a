"""One running set: turns the engine's results into speech, display and the end of the set."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.analysis.nothing import explained
from formcheck.analysis.run import SetResult, software_of
from formcheck.coach.body_events import RaisedHandDetector, StandingStill
from formcheck.coach.messages import CoachEvent
from formcheck.coach.speech import Priority, Utterance, number_key, utter
from formcheck.coach.wrong_exercise import WrongExerciseDetector
from formcheck.engine.analyzer import Analyzer
from formcheck.engine.nothing.reasons import explain
from formcheck.insights.splitting import QUIET_S
from formcheck.model.frames import FrameResult, Pose
from formcheck.model.records import Source
from formcheck.spec.exercise import HoldPosture

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.coach.messages import DisplayData, WhyEnded
    from formcheck.spec.exercise import Rule
    from formcheck.spec.prescription import PlannedSet

SHOWN_S = 6.0
"""Seconds a cue stays on screen (clinical-rules 0.8: the same time passes before the next cue)."""
LOOKS_LIKE_S = 12.0
"""Seconds the "this looks like ..." note stays on screen (default)."""
LAST_SECONDS = 5
"""The last seconds of a hold are counted aloud, this many (default)."""
MARKS_S = {10: "say.ten_seconds", 20: "say.twenty_seconds"}
"""Seconds of a hold that are announced, and their spoken keys (default)."""
PRAISE_FROM_REPS = 4
"""The smallest target with an announced half and last repetition (default)."""
CLOCK_EVERY_S = 1.0
"""The clocks of a hold are stored once in this time (s, default)."""
DEEPEST_SHOWN = 1.25
"""The bottom of the depth gauge, as a multiple of the target (default)."""
DEEPEST_SHOWN_DEG = 120.0
"""The bottom of the depth gauge where there is no target (deg, default)."""
BAND_DEG = (-5.0, 15.0)
"""The gauge's band around the target (deg, default). It starts where a hint would."""


class LiveSet:
    """Follows one set. Times are the set's own, 0 at its first pose.

    Parameters
    ----------
    planned : PlannedSet
        The set.
    language : str
        Language of speech and display.
    pain_mode : bool
        Whether the person reported pain of 3 or more. Then no cue asks for more.
    on_pose : callable, optional
        Gets every pose that the engine gets.

    Attributes
    ----------
    result : FrameResult
        The engine's result of the newest pose.
    ended : WhyEnded or None
        Why the set is over; None while it is not.
    """

    def __init__(
        self,
        planned: PlannedSet,
        language: str,
        *,
        pain_mode: bool = False,
        on_pose: Callable[[Pose], None] | None = None,
    ) -> None:
        self.planned, self._language, self._on_pose = planned, language, on_pose
        self.exercise = exercise = exercises.load(planned.exercise)
        side = planned.prescription.side
        suppressed = {rule.id for rule in exercise.rules if rule.demands_more} if pain_mode else ()
        self._side = side if side in ("left", "right") else "auto"
        self._analyzer = Analyzer(exercise, prescription=planned.prescription, side=self._side, suppressed=suppressed)
        self.result = FrameResult(0.0, "waiting")
        movement = exercise.movement
        self.is_hold = isinstance(movement, HoldPosture)
        self.target_reps, self.target_s = planned.prescription.repetitions, planned.prescription.hold_s
        self.ended: WhyEnded | None = None
        self._still, self._hand = StandingStill(), RaisedHandDetector()
        self._said_count = self._reported_reps = 0
        self._reported_hold_s = 0.0
        self._to_correct: str | None = None
        self._cue: tuple[Rule, float] | None = None
        self._praise: tuple[str, float] | None = None
        self._held = False
        self._ended_s = 0.0, 0.0  # both clocks as the last attempt at a hold ended
        self._before_s = 0.0, 0.0  # and as this one began
        best_of = movement.best_of if isinstance(movement, HoldPosture) and planned.prescription.test else None
        self._attempts_left = best_of or 1
        self._said_s: set[str] = set()
        self._wrong_exercise = WrongExerciseDetector(exercise.id)
        self._looks_like: tuple[str, float] | None = None
        self._size_px = (1, 1)

    @property
    def last_s(self) -> float:
        """Return the time of the newest pose."""
        return self.result.t_s

    @property
    def in_effort(self) -> bool:
        """True in the middle of a repetition or hold."""
        return self.result.phase in ("descent", "bottom", "top", "ascent", "hold")

    @property
    def empty(self) -> bool:
        """True when there is nothing worth keeping."""
        return not (self.result.rep_count or self.result.partial_count or self.result.hold_s)

    def update(self, pose: Pose) -> list[Utterance]:
        """Take one pose of the set, and set ``ended`` once the set is over.

        Parameters
        ----------
        pose : Pose
            The pose; times rise.

        Returns
        -------
        list of Utterance
            The utterances to speak.
        """
        self._feed(pose)
        still_s, hand = self._still.update(pose), self._hand.update(pose)
        said = self._hold_step() if self.is_hold else self._repetition_step()
        self._end_if_over(still_s, hand)
        return said + self._check_exercise(pose)

    def catch_up(self, pose: Pose) -> None:
        """Take one pose in silence: of the count-in, or of a set that goes on after an interruption.

        Parameters
        ----------
        pose : Pose
            The pose; times rise.
        """
        self._feed(pose)
        self._said_count = self.result.rep_count
        self._reported_reps = self.result.rep_count + self.result.partial_count
        self._said_s.update(key for seconds, key in MARKS_S.items() if self.result.hold_s >= seconds)

    def new_events(self) -> list[CoachEvent]:
        """Return what has to be stored since the last call.

        Returns
        -------
        list of CoachEvent
            A ``repetition`` for each that ended, partial ones included, and a ``hold_clock`` about once a second.
        """
        result, new = self.result, self._analyzer.repetitions(after=self._reported_reps)
        self._reported_reps = result.rep_count + result.partial_count
        events = [CoachEvent("repetition", self.last_s, {**asdict(rep), "faults": dict(result.faults)}) for rep in new]
        if result.hold_s - self._reported_hold_s >= CLOCK_EVERY_S:
            self._reported_hold_s = result.hold_s
            clocks = {"hold_s": result.hold_s, "in_form_s": result.in_form_s}
            events.append(CoachEvent("hold_clock", self.last_s, clocks))
        return events

    def finish(self, pose_in: str, software: dict[str, str]) -> SetResult:
        """Return the finished set.

        Parameters
        ----------
        pose_in : str
            Where the pose was computed, for the record.
        software : dict of str to str
            Software of the pose, for the record.

        Returns
        -------
        SetResult
            Record and trace.
        """
        source = Source(
            name="camera",
            width=self._size_px[0],
            height=self._size_px[1],
            duration_s=round(self.last_s, 3),
            kind="camera",
            pose_in=pose_in,
        )
        record, trace = self._analyzer.finish(source, software_of(self.exercise, **software))
        if self.empty:  # it is not kept, so that what was noticed meanwhile is enough
            nothing = explain(self.exercise, record, trace, self._wrong_exercise.other)
            return SetResult(record.model_copy(update={"nothing": nothing}), trace)
        return SetResult(explained(record, trace, self.exercise), trace)

    def _feed(self, pose: Pose) -> None:
        self._size_px = pose.size_px
        if self._on_pose is not None:
            self._on_pose(pose)
        self.result = self._analyzer.update(pose)
        if self.result.cue is not None:
            self._cue = (self.exercise.rule(self.result.cue), pose.t_s)

    def _repetition_step(self) -> list[Utterance]:
        count, cue = self.result.rep_count, self.result.cue
        self._to_correct = cue or self._to_correct
        if count <= self._said_count:  # the cue is for a repetition that still runs, or is too small
            return [self._say(Priority.CUE, f"cue.{self.exercise.id}.{cue}")] if cue else []
        self._said_count = count
        number = number_key(count)
        if cue is not None:
            return [self._say(Priority.CUE, *number, f"cue.{self.exercise.id}.{cue}")]
        praise = self._praise_for(count)
        if praise is not None:
            self._praise = (praise, self.last_s)
            return [self._say(Priority.NUMBER, *number, praise)]
        return [self._say(Priority.NUMBER, *number)] if number else []

    def _praise_for(self, count: int) -> str | None:
        """Return the key spoken after the number: praise for a corrected repetition, halfway, or one to go."""
        target = self.target_reps
        if target is not None and count == target:
            return None  # the end of the set is spoken instead
        if target is not None and count == target - 1 and target >= PRAISE_FROM_REPS:
            return "say.last_one"
        if self._to_correct is not None and self._to_correct not in self.result.faults:
            self._to_correct = None
            return "say.better"
        if target is not None and target >= PRAISE_FROM_REPS and count == math.ceil(target / 2):
            return "say.halfway"
        return None

    @property
    def _attempt_s(self) -> float:
        """Return how long this attempt at a hold has lasted; between two attempts, the last one."""
        return self.result.hold_s - self._before_s[0]

    def _hold_step(self) -> list[Utterance]:
        result = self.result
        if result.cue is not None:
            return [self._say(Priority.CUE, f"cue.{self.exercise.id}.{result.cue}")]
        if result.phase != "hold":
            return []
        if not self._held:
            self._held, self._before_s = True, self._ended_s
            return [self._say(Priority.OTHER, "say.hold")]
        left = None if self.target_s is None else math.ceil(self.target_s - self._attempt_s)
        if left is not None and 1 <= left <= LAST_SECONDS:
            return self._say_once(f"number.{left}", Priority.NUMBER)
        for seconds, key in MARKS_S.items():
            if seconds <= self._attempt_s < seconds + 1:
                return self._say_once(key, Priority.OTHER)
        return []

    def _check_exercise(self, pose: Pose) -> list[Utterance]:
        """Say once in a set that it looks like another exercise. Everything else is spoken first."""
        result = self.result
        found = self._wrong_exercise.update(pose, result.rep_count + result.partial_count + result.hold_s)
        if found is None:
            return []
        self._looks_like = found, pose.t_s
        return [self._say(Priority.OTHER, "say.looks_like", f"name.{found}")]

    def _say_once(self, key: str, priority: Priority) -> list[Utterance]:
        if key in self._said_s:
            return []
        self._said_s.add(key)
        return [self._say(priority, key)]

    def _say(self, priority: Priority, *keys: str) -> Utterance:
        return utter(self._language, priority, *keys)

    def _end_if_over(self, still_s: float, hand: bool) -> None:
        result = self.result
        if self.is_hold:
            if self.target_s is not None and self._attempt_s >= self.target_s:
                self.ended = "target"
            elif self._held and result.phase not in ("hold", "paused"):
                self._attempts_left -= 1
                self._held, self._ended_s = False, (result.hold_s, result.in_form_s)
                self.ended = None if self._attempts_left else "left_posture"
        elif result.clock_left_s == 0 or (self.target_reps is not None and result.rep_count >= self.target_reps):
            self.ended = "target"
        elif hand and self.exercise.hand_raise and not self.in_effort:
            self.ended = "hand"
        elif still_s >= QUIET_S and result.rep_count > 0 and not self.in_effort:
            self.ended = "quiet"

    def shown(self) -> DisplayData:
        """Return the part of the display that the set fills.

        Returns
        -------
        dict
            Ready for JSON.
        """
        result = self.result
        cue = self._cue[0] if self._cue and self.last_s - self._cue[1] <= SHOWN_S else None
        faults = [rule for rule, severity in result.faults.items() if severity == 2] if self.is_hold else []
        marked = faults or ([cue.id] if cue else [])
        noticed = self._looks_like
        like = noticed[0] if noticed and self.last_s - noticed[1] <= LOOKS_LIKE_S else None
        praise = self._praise[0] if self._praise and self.last_s - self._praise[1] <= SHOWN_S / 2 else None
        return {
            "count": result.rep_count,
            "target": self.target_reps,
            "small": result.partial_count,
            "hold_s": round(self._attempt_s, 1),
            "in_form_s": None if self.exercise.only_hints else round(result.in_form_s - self._before_s[1], 1),
            "target_s": self.target_s,
            "left_s": None if result.clock_left_s is None else math.ceil(result.clock_left_s),
            "holding": result.phase == "hold",
            "in_form": not faults,
            "phase": result.phase,
            "gauge": self._gauge(),
            "cue": cue.cue[self._language] if cue else None,
            "note": utter(self._language, Priority.OTHER, "say.looks_like", f"name.{like}").text if like else None,
            "praise": utter(self._language, Priority.OTHER, praise).text if praise and not cue else None,
            "joints": sorted({i for rule in marked for i in self._analyzer.marked_landmarks(rule)}),
        }

    def _gauge(self) -> DisplayData | None:
        """Return depth and target as shares of the gauge's height; None where the depth cannot be judged from this view."""
        result, movement = self.result, self.exercise.movement
        rules = {rule.id: rule for rule in self.exercise.rules}
        if isinstance(movement, HoldPosture) or "depth" not in rules or result.view not in rules["depth"].views:
            return None
        depth_deg = result.signals.get(movement.depth_signal, math.nan)
        target_deg = result.target_deg
        deepest_deg = DEEPEST_SHOWN_DEG if target_deg is None else DEEPEST_SHOWN * target_deg
        band = None
        if target_deg is not None:
            band = [round(min((target_deg + step) / deepest_deg, 1.0), 3) for step in BAND_DEG]
        depth = None if math.isnan(depth_deg) else round(min(max(depth_deg / deepest_deg, 0.0), 1.0), 3)
        return {"depth": depth, "band": band}
