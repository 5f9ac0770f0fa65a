"""Recognises the exercise: every exercise is run over the same landmarks, and their counts are compared.

No model is learned. The data of an exercise and the engine define its repetitions and holds. Where several exercises count
the same movement, general criteria decide in turn (``_CRITERIA``). If several candidates remain, the user must choose.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck import exercises
from formcheck.engine.analyzer import Analyzer
from formcheck.engine.tracking.candidates import weight_ahead_feet
from formcheck.engine.tracking.patterns import STANCES
from formcheck.errors import UsageError
from formcheck.files.traces import steady_landmarks
from formcheck.model.records import Source
from formcheck.spec.exercise import Exercise, RepCycle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formcheck.model.frames import Pose, Trace
    from formcheck.model.records import SetRecord

AUTO = "auto"
"""Stands for an exercise that must be recognised. No exercise has this id."""

_PAUSE_S = 5.0
"""A pause this long (s) between different exercises, or the same one, separates two sets. Default."""
_SEPARATE_HOLD_S = 5.0
"""A shorter hold (s) before or after repetitions in the same posture belongs to the repetitions. Default."""
_FEW_SHARE = 0.5
"""An exercise that counts at most this share of another one's movements is ruled out. Default."""
_LOWEST_SHARE = 0.1
"""The part of the way down, from the lowest point, in which a seat would carry weight. Default."""


@dataclass(frozen=True, slots=True)
class ExerciseSegment:
    """A part of a video in which one exercise was done.

    Attributes
    ----------
    start_s, end_s : float
        Start of its first and end of its last repetition or hold (s).
    candidates : tuple of str
        Sorted ids of the exercises that it may be; one id when it is certain.
    count : int
        How many repetitions or holds the candidate with the most has.
    """

    start_s: float
    end_s: float
    candidates: tuple[str, ...]
    count: int = 0

    @property
    def exercise(self) -> str | None:
        """The id of the exercise; None when it is not certain."""
        return self.candidates[0] if len(self.candidates) == 1 else None


@dataclass(frozen=True, slots=True)
class _Claim:
    """One counted repetition or one hold of an exercise.

    Attributes
    ----------
    weight_feet : float
        As ``_weight_feet`` returns it.
    """

    exercise: Exercise
    start_s: float
    end_s: float
    weight_feet: float = float("nan")

    @property
    def is_hold(self) -> bool:
        """True when the exercise is a hold."""
        return not isinstance(self.exercise.movement, RepCycle)

    def shares(self, other: _Claim) -> bool:
        """Return whether the two are one movement: they share more than half of the shorter one."""
        return self.common_s(other) > min(self.end_s - self.start_s, other.end_s - other.start_s) / 2

    def common_s(self, other: _Claim) -> float:
        """Return for how long the two overlap; negative: how far they lie apart."""
        return min(self.end_s, other.end_s) - max(self.start_s, other.start_s)


def recognise(
    poses: Sequence[Pose], progress: Callable[[int, float | None], None] | None = None
) -> list[ExerciseSegment]:
    """Return the exercises that were done, in the order of time. A pure function of the poses.

    Neighbouring segments of the same exercise are joined. The call takes as long as judging one set of every exercise.

    Parameters
    ----------
    poses : sequence of Pose
    progress : callable, optional
        Receives the number of exercises done and their share of all. An exception that it raises ends the work.

    Returns
    -------
    list of ExerciseSegment
        Empty when no exercise was recognised.

    Raises
    ------
    SourceError
        As ``Analyzer.update``.
    """
    work = Recognition(poses)
    while not work.done:
        work.step()
        if progress is not None:
            progress(len(work.names) - len(work.left), 1.0 - len(work.left) / len(work.names))
    return work.segments()


class Recognition:
    """Recognition in steps of one exercise each, for a caller that has other work meanwhile. One thread uses it.

    Parameters
    ----------
    poses : sequence of Pose
    """

    def __init__(self, poses: Sequence[Pose]) -> None:
        self._poses = tuple(poses)
        self.names = exercises.names()
        self.left = list(self.names) if self._poses else []
        self._claims: list[_Claim] = []

    @property
    def done(self) -> bool:
        """True when every exercise has been run."""
        return not self.left

    def step(self) -> None:
        """Run the next exercise over the poses. Raises SourceError as ``Analyzer.update``."""
        exercise = exercises.load(self.left.pop(0))
        self._claims += _claims(*_judge(self._poses, exercise), exercise)

    def segments(self) -> list[ExerciseSegment]:
        """Return the exercises that were done, as ``recognise``. Call it after the last ``step``.

        Returns
        -------
        list of ExerciseSegment
        """
        segments: list[ExerciseSegment] = []
        for claims in _group_into_sets(_without_start_positions(self._claims)):
            kept = _choose(claims)
            count = max(Counter(claim.exercise.id for claim in kept).values())
            new = ExerciseSegment(min(c.start_s for c in kept), max(c.end_s for c in kept), _ids(kept), count)
            if segments and segments[-1].candidates == new.candidates:
                before = segments.pop()
                new = replace(new, start_s=before.start_s, count=before.count + new.count)
            segments.append(new)
        return segments


def analysis_ranges(segments: Sequence[ExerciseSegment]) -> list[tuple[float | None, float | None]]:
    """Return the part of the video to analyse for each segment.

    A part reaches from the end of the segment before to the start of the segment after, so it contains the person's standing.

    Parameters
    ----------
    segments : sequence of ExerciseSegment

    Returns
    -------
    list of (float or None, float or None)
        Start and end (s). None: from the beginning, to the end.
    """
    ends = [None, *(segment.end_s for segment in segments[:-1])]
    starts = [*(segment.start_s for segment in segments[1:]), None]
    return list(zip(ends, starts)) if segments else []


def check_found(segments: Sequence[ExerciseSegment]) -> None:
    """Check that at least one segment was found and that each one is certain.

    Parameters
    ----------
    segments : sequence of ExerciseSegment

    Raises
    ------
    UsageError
        ``exercise_not_found``, ``exercise_unsure``.
    """
    if not segments:
        raise UsageError(
            "No exercise was recognised. Film the whole body, from where the exercise is judged, or name it with --exercise.",
            code="exercise_not_found",
        )
    unsure = [segment for segment in segments if segment.exercise is None]
    if unsure:
        found = describe_segments(unsure)
        raise UsageError(
            f"It cannot be told which exercise this is: {found}. Name it with --exercise; --start and --end choose a part.",
            code="exercise_unsure",
            found=found,
        )


def describe_segments(segments: Sequence[ExerciseSegment]) -> str:
    """Return the times and candidates of each segment without words of a language: ``2–14 s: lunge; …``.

    Parameters
    ----------
    segments : sequence of ExerciseSegment

    Returns
    -------
    str
    """
    return "; ".join(f"{s.start_s:.0f}–{s.end_s:.0f} s: {' / '.join(s.candidates)}" for s in segments)


def _judge(poses: Sequence[Pose], exercise: Exercise) -> tuple[SetRecord, Trace]:
    """Return the set of one exercise. This module is below ``run``, which looks for another exercise too."""
    width, height = poses[0].size_px
    source = Source(name="", width=width, height=height, duration_s=poses[-1].t_s, kind="landmarks")
    analyzer = Analyzer(exercise)
    for pose in poses:
        analyzer.update(pose)
    return analyzer.finish(source, {})


def _claims(record: SetRecord, trace: Trace, exercise: Exercise) -> list[_Claim]:
    """Return the counted repetitions and the holds of one exercise."""
    counted = [rep for rep in record.reps if rep.counted]
    return [
        *(
            _Claim(exercise, rep.start_s, rep.end_s, _weight_feet(record, trace, rep.start_s, rep.end_s))
            for rep in counted
        ),
        *(_Claim(exercise, hold.start_s, hold.end_s) for hold in record.holds),
    ]


def _weight_feet(record: SetRecord, trace: Trace, start_s: float, end_s: float) -> float:
    """Return how far ahead of the heel the weight is in the lowest part of a repetition, in foot lengths.

    The value is the 10th percentile, where the weight is furthest back. NaN unless seen from the side.
    """
    view = record.view
    if view.label != "side" or view.near_side is None:
        return float("nan")
    p = steady_landmarks(trace)[(trace.t_s >= start_s) & (trace.t_s <= end_s)].astype(float)
    hips_y = p[:, [23, 24], 1].mean(1)
    highest, lowest = np.nanmin(hips_y), np.nanmax(hips_y)
    low = hips_y >= lowest - _LOWEST_SHARE * (lowest - highest)
    return float(np.nanquantile(weight_ahead_feet(p[low], view.near_side), 0.1))


def _without_start_positions(claims: list[_Claim]) -> list[_Claim]:
    """Return the claims without the holds in which repetitions only begin: the top of a push-up is a high plank.

    A long hold before or after the repetitions stays. A hold within a single repetition stays too: either may be meant.
    """
    reps = [claim for claim in claims if not claim.is_hold]
    kept = list(reps)
    for hold in (claim for claim in claims if claim.is_hold):
        within = [
            rep
            for rep in reps
            if rep.common_s(hold) > 0 and not (rep.start_s <= hold.start_s and hold.end_s <= rep.end_s)
        ]
        if not within:
            kept.append(hold)
            continue
        before = replace(hold, end_s=min(rep.start_s for rep in within))
        after = replace(hold, start_s=max(rep.end_s for rep in within))
        kept += [piece for piece in (before, after) if piece.end_s - piece.start_s >= _SEPARATE_HOLD_S]
    return kept


def _group_into_sets(claims: list[_Claim]) -> list[list[_Claim]]:
    """Return the claims of each set: movements with a common exercise and without a long pause between them."""
    moments: list[list[_Claim]] = []
    for claim in sorted(claims, key=lambda claim: claim.start_s):
        if moments and any(claim.shares(other) for other in moments[-1]):
            moments[-1].append(claim)
        else:
            moments.append([claim])
    sets: list[list[_Claim]] = []
    for moment in moments:
        known = bool(sets) and set(_ids(moment)) & set(_ids(sets[-1]))
        if known and moment[0].start_s - max(claim.end_s for claim in sets[-1]) < _PAUSE_S:
            sets[-1] += moment
        else:
            sets.append(moment)
    return sets


def _ids(claims: list[_Claim]) -> tuple[str, ...]:
    return tuple(sorted({claim.exercise.id for claim in claims}))


def _choose(claims: list[_Claim]) -> list[_Claim]:
    """Return the claims on one set that pass the criteria. A criterion that no exercise passes is left out."""
    for passes in _CRITERIA:
        by_exercise = {name: [c for c in claims if c.exercise.id == name] for name in _ids(claims)}
        kept = [claim for group in by_exercise.values() if passes(group, by_exercise) for claim in group]
        claims = kept or claims
    return claims


def _fills_its_clock(claims: list[_Claim], _all: dict[str, list[_Claim]]) -> bool:
    """Return whether a test against a clock lasted until its end. A set that ends more than one repetition earlier is training."""
    movement = claims[0].exercise.movement
    if not isinstance(movement, RepCycle) or movement.clock_s is None:
        return True
    usual_s = float(np.median([claim.end_s - claim.start_s for claim in claims]))
    return claims[-1].end_s - claims[0].start_s + usual_s >= movement.clock_s


def _counts_most(claims: list[_Claim], by_exercise: dict[str, list[_Claim]]) -> bool:
    """Return whether the exercise counts more than ``_FEW_SHARE`` of the movements that another exercise counts."""
    return len(claims) > _FEW_SHARE * max(len(group) for group in by_exercise.values())


def _matches_its_support(claims: list[_Claim], _all: dict[str, list[_Claim]]) -> bool:
    """Return whether the weight is behind the heels with a seat and over the feet without one, in three repetitions of four."""
    movement = claims[0].exercise.movement
    seated = STANCES[movement.movement_pattern].seated if isinstance(movement, RepCycle) else None
    feet = np.array([claim.weight_feet for claim in claims])
    if seated is None or np.isnan(feet).any():
        return True
    return bool(np.quantile(feet, 0.25) <= 0.0 if seated else np.quantile(feet, 0.75) >= 0.0)


_CRITERIA: tuple[Callable[[list[_Claim], dict[str, list[_Claim]]], bool], ...] = (
    _fills_its_clock,
    _counts_most,
    _matches_its_support,
)
"""Criteria for an exercise that claims a set, in turn. None of them knows an exercise by its name."""
