"""One running set: the engine's results turned into what is said, what is shown, and when the set is over."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.analysis.run import SetResult, software_of
from formcheck.coach.body_events import RaisedHandDetector, StandingStill
from formcheck.coach.speech import Priority, Utterance, number_key, utter
from formcheck.coach.wrong_exercise import WrongExerciseDetector
from formcheck.engine.analyzer import Analyzer
from formcheck.insights.splitting import QUIET_S
from formcheck.model.frames import FrameResult, Pose, SeenRep
from formcheck.model.records import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.spec.exercise import Rule
    from formcheck.spec.prescription import PlannedSet

SHOWN_S = 6.0
"""A cue stays on the screen this long (clinical-rules 0.8: the same time passes before the next one)."""
LOOKS_LIKE_S = 12.0
"""What another exercise it looks like stays on the screen this long."""
LAST_SECONDS = 5
MARKS_S = {10: "say.ten_seconds", 20: "say.twenty_seconds"}
PRAISE_FROM_REPS = 4
DEEPEST_SHOWN = 1.25  # the gauge's bottom, as a multiple of the target
DEEPEST_SHOWN_DEG = 120.0  # and where there is no target
BAND_DEG = (-5.0, 15.0)  # the band starts where a hint would


class LiveSet:
    """Follows one set. Times are the set's own, 0 at its first pose.

    ``pain_mode``: the person reported pain of 3 or more, so no cue asks for more. ``on_pose`` gets every pose that the engine gets.
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
        self.is_hold = exercise.movement.kind == "hold_posture"
        self.target_reps, self.target_s = planned.prescription.repetitions, planned.prescription.hold_s
        self.ended: str | None = None
        self._still, self._hand = StandingStill(), RaisedHandDetector()
        self._said_count = self._told_reps = 0
        self._to_correct: str | None = None
        self._cue: tuple[Rule, float] | None = None
        self._praise: tuple[str, float] | None = None
        self._held = False
        self._ended_s = self._before_s = (
            0.0,
            0.0,
        )  # both clocks when the last attempt at a hold ended; when this one began
        of = exercise.movement.best_of if self.is_hold and planned.prescription.test else None
        self._attempts_left = of or 1
        self._said_s: set[str] = set()
        self._lookout = WrongExerciseDetector(exercise.id)
        self._looks_like: tuple[str, float] | None = None
        self._frames = 0

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
        """Take one pose of the set and return what is to be said. ``ended`` tells why the set is over, None while it is not."""
        self._feed(pose)
        still_s, hand = self._still.update(pose), self._hand.update(pose)
        said = self._hold_step() if self.is_hold else self._repetition_step()
        self._end_if_over(still_s, hand)
        return said + self._look_out(pose)

    def catch_up(self, pose: Pose) -> None:
        """Take one pose without saying anything: of the count-in, or of a set that goes on after an interruption."""
        self._feed(pose)
        self._said_count = self.result.rep_count
        self._told_reps = self.result.rep_count + self.result.partial_count
        self._said_s.update(key for seconds, key in MARKS_S.items() if self.result.hold_s >= seconds)

    def new_repetitions(self) -> list[SeenRep]:
        """Return the repetitions that ended since the last call."""
        new = self._analyzer.repetitions(after=self._told_reps)
        self._told_reps = self.result.rep_count + self.result.partial_count
        return new

    def finish(self, pose_in: str, software: dict[str, str]) -> SetResult:
        """Return the finished set."""
        size = self._size if self._frames else (1, 1)
        source = Source(
            name="camera",
            width=size[0],
            height=size[1],
            duration_s=round(self.last_s, 3),
            kind="camera",
            pose_in=pose_in,
        )
        return SetResult(*self._analyzer.finish(source, software_of(self.exercise, **software)))

    def _feed(self, pose: Pose) -> None:
        self._size = pose.size_px
        self._frames += 1
        if self._on_pose is not None:
            self._on_pose(pose)
        self.result = self._analyzer.update(pose)
        if self.result.cue is not None:
            self._cue = (self.exercise.rule(self.result.cue), pose.t_s)

    def _repetition_step(self) -> list[Utterance]:
        count, cue = self.result.rep_count, self.result.cue
        self._to_correct = cue or self._to_correct
        if count <= self._said_count:  # of a repetition that still runs, or that is too small
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
        """Return what is said besides the number: praise for a corrected repetition, halfway, the last one to come."""
        target = self.target_reps
        if target is not None and count == target:
            return None  # the end of the set is said instead
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

    def _look_out(self, pose: Pose) -> list[Utterance]:
        """Say once in a set what it looks like instead. It waits for everything else that is said."""
        result = self.result
        if not self._lookout.update(pose, result.rep_count + result.partial_count + result.hold_s):
            return []
        self._looks_like = self._lookout.found, pose.t_s
        return [self._say(Priority.OTHER, "say.looks_like", f"name.{self._lookout.found}")]

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

    def shown(self) -> dict:
        """Return the part of the display that the set fills (see ``formcheck.coach.coach``)."""
        result = self.result
        cue = self._cue[0] if self._cue and self.last_s - self._cue[1] <= SHOWN_S else None
        faults = [rule for rule, severity in result.faults.items() if severity == 2] if self.is_hold else []
        marked = faults or ([cue.id] if cue else [])
        like = self._looks_like
        like = like[0] if like and self.last_s - like[1] <= LOOKS_LIKE_S else None
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

    def _gauge(self) -> dict | None:
        """Return depth and target as shares of the gauge's height; None where the depth cannot be judged from here."""
        result, rules = self.result, {rule.id: rule for rule in self.exercise.rules}
        if self.is_hold or "depth" not in rules or result.view not in rules["depth"].views:
            return None
        depth_deg = result.signals.get(self.exercise.movement.depth_signal, math.nan)
        target_deg = result.target_deg
        deepest_deg = DEEPEST_SHOWN_DEG if target_deg is None else DEEPEST_SHOWN * target_deg
        band = None
        if target_deg is not None:
            band = [round(min((target_deg + step) / deepest_deg, 1.0), 3) for step in BAND_DEG]
        depth = None if math.isnan(depth_deg) else round(min(max(depth_deg / deepest_deg, 0.0), 1.0), 3)
        return {"depth": depth, "band": band}
