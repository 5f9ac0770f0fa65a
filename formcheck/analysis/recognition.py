"""Which exercise is it? Every exercise is run over the same landmarks, and what counted where tells which it was.

No learned model: what a repetition or a hold of an exercise is, its own data and the engine say. Where several exercises count
the same movement, general criteria decide in turn (``_CRITERIA``); what they leave open is unsure, and the person is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck import exercises
from formcheck.analysis.run import Progress, SetResult, run_set
from formcheck.engine.tracking.candidates import weight_ahead_feet
from formcheck.engine.tracking.patterns import STANCES
from formcheck.errors import UsageError
from formcheck.model.records import Source
from formcheck.spec.exercise import Exercise, RepCycle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formcheck.model.frames import Pose

AUTO = "auto"
"""What stands for an exercise that is to be recognised; no exercise has this id."""

_PAUSE_S = 5.0  # so long without anything may part two sets. These three are defaults without a published cut-off
_OWN_HOLD_S = 5.0  # before or after repetitions in the same posture, what is held for less belongs to them
_FEW_SHARE = 0.5  # an exercise that counts no more than this of what another one counts is not it
_LOWEST_SHARE = 0.1  # of the way down: the part of a repetition in which a seat would be felt


@dataclass(frozen=True, slots=True)
class ExerciseSegment:
    """A part of a video in which one exercise was done, from its first repetition or hold to its last (s).

    ``candidates``: the ids of the exercises that it may be, sorted; one when it is sure.
    """

    start_s: float
    end_s: float
    candidates: tuple[str, ...]

    @property
    def exercise(self) -> str | None:
        """Return the id of the exercise; None when unsure."""
        return self.candidates[0] if len(self.candidates) == 1 else None


@dataclass(frozen=True, slots=True)
class _Claim:
    """One counted repetition or one hold of an exercise. ``weight_feet``: see ``_weight_feet``."""

    exercise: Exercise
    start_s: float
    end_s: float
    weight_feet: float = float("nan")

    @property
    def is_hold(self) -> bool:
        return not isinstance(self.exercise.movement, RepCycle)

    def shares(self, other: _Claim) -> bool:
        """Return whether the two are one movement: they share more than half of the shorter."""
        common_s = min(self.end_s, other.end_s) - max(self.start_s, other.start_s)
        return common_s > min(self.end_s - self.start_s, other.end_s - other.start_s) / 2


def recognise(poses: Sequence[Pose], progress: Progress | None = None) -> list[ExerciseSegment]:
    """Return what was done, in the order of time; empty when nothing was. A pure function of the poses.

    Neighbours that are the same are one. Takes as long as judging one set of every exercise: ``progress`` gets the number of those
    done and their share; what it raises ends the work. Raises SourceError as ``run_set``.
    """
    work = Recognition(poses)
    while not work.done:
        work.step()
        if progress is not None:
            progress(len(work.names) - len(work.left), 1.0 - len(work.left) / len(work.names))
    return work.stretches()


class Recognition:
    """The same in steps, one exercise each, for where something else must go on meanwhile. One thread uses it."""

    def __init__(self, poses: Sequence[Pose]) -> None:
        self._poses = tuple(poses)
        self.names = exercises.names()
        self.left = list(self.names) if self._poses else []
        self._claims: list[_Claim] = []

    @property
    def done(self) -> bool:
        return not self.left

    def step(self) -> None:
        """Run the next exercise over the poses. Raises SourceError as ``run_set``."""
        exercise = exercises.load(self.left.pop(0))
        width, height = self._poses[0].size_px
        source = Source(name="", width=width, height=height, duration_s=self._poses[-1].t_s, kind="landmarks")
        self._claims += _claims(run_set(self._poses, exercise, source), exercise)

    def stretches(self) -> list[ExerciseSegment]:
        """Return what was done, as ``recognise``; call it when all is ``done``."""
        stretches: list[ExerciseSegment] = []
        for done in _sets(_without_start_positions(self._claims)):
            kept = _decided(done)
            new = ExerciseSegment(min(c.start_s for c in kept), max(c.end_s for c in kept), _ids(kept))
            if stretches and stretches[-1].candidates == new.candidates:
                new = replace(new, start_s=stretches.pop().start_s)
            stretches.append(new)
        return stretches


def parts(stretches: Sequence[ExerciseSegment]) -> list[tuple[float | None, float | None]]:
    """Return from when to when each stretch is to be analysed (s; None = from the beginning, to the end).

    From the end of what was done before it to the beginning of what was done after it, so that its own standing is in it.
    """
    ends = [None, *(stretch.end_s for stretch in stretches[:-1])]
    starts = [*(stretch.start_s for stretch in stretches[1:]), None]
    return [(start_s, end_s) for _, start_s, end_s in zip(stretches, ends, starts)]


def check_found(stretches: Sequence[ExerciseSegment]) -> None:
    """Raise UsageError when nothing was found (``exercise_not_found``) or a stretch is unsure (``exercise_unsure``)."""
    if not stretches:
        raise UsageError(
            "No exercise was recognised. Film the whole body, from where the exercise is judged, or name it with --exercise.",
            code="exercise_not_found",
        )
    unsure = [stretch for stretch in stretches if stretch.exercise is None]
    if unsure:
        found = listed(unsure)
        raise UsageError(
            f"It cannot be told which exercise this is: {found}. Name it with --exercise; --start and --end choose a part.",
            code="exercise_unsure",
            found=found,
        )


def listed(stretches: Sequence[ExerciseSegment]) -> str:
    """Return each stretch with its times and the ids of its candidates, in no language: ``2–14 s: lunge; …``."""
    return "; ".join(f"{s.start_s:.0f}–{s.end_s:.0f} s: {' / '.join(s.candidates)}" for s in stretches)


def _claims(result: SetResult, exercise: Exercise) -> list[_Claim]:
    """Return what one exercise counted. Repetitions that were too small to count claim nothing."""
    counted = [rep for rep in result.record.reps if rep.counted]
    return [
        *(_Claim(exercise, rep.start_s, rep.end_s, _weight_feet(result, rep.start_s, rep.end_s)) for rep in counted),
        *(_Claim(exercise, hold.start_s, hold.end_s) for hold in result.record.holds),
    ]


def _weight_feet(result: SetResult, start_s: float, end_s: float) -> float:
    """Return how far ahead of the heel the weight is in the lowest part of a repetition (foot lengths), where it is furthest back.

    NaN unless seen from the side.
    """
    view, trace = result.record.view, result.trace
    if view.label != "side" or view.near_side is None:
        return float("nan")
    p = trace.image_px[(trace.t_s >= start_s) & (trace.t_s <= end_s)].astype(float)
    hips_y = p[:, [23, 24], 1].mean(1)
    highest, lowest = np.nanmin(hips_y), np.nanmax(hips_y)
    low = hips_y >= lowest - _LOWEST_SHARE * (lowest - highest)
    return float(np.nanquantile(weight_ahead_feet(p[low], view.near_side), 0.1))


def _without_start_positions(claims: list[_Claim]) -> list[_Claim]:
    """Return the claims without the holds that are only where repetitions begin: the top of a push-up is a high plank.

    What is held for long before or after them stays. A hold within a single repetition stays: it may be either.
    """
    reps = [claim for claim in claims if not claim.is_hold]
    kept = list(reps)
    for hold in (claim for claim in claims if claim.is_hold):
        within = [
            rep for rep in reps if rep.shares(hold) and not (rep.start_s <= hold.start_s and hold.end_s <= rep.end_s)
        ]
        if not within:
            kept.append(hold)
            continue
        before = replace(hold, end_s=min(rep.start_s for rep in within))
        after = replace(hold, start_s=max(rep.end_s for rep in within))
        kept += [piece for piece in (before, after) if piece.end_s - piece.start_s >= _OWN_HOLD_S]
    return kept


def _sets(claims: list[_Claim]) -> list[list[_Claim]]:
    """Return the claims of each set: the same movements, claimed by kin, without a long pause between them."""
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


def _decided(claims: list[_Claim]) -> list[_Claim]:
    """Return the claims on one set that no criterion speaks against; a criterion that speaks against all says nothing."""
    for speaks_for in _CRITERIA:
        by_exercise = {name: [c for c in claims if c.exercise.id == name] for name in _ids(claims)}
        kept = [claim for own in by_exercise.values() if speaks_for(own, by_exercise) for claim in own]
        claims = kept or claims
    return claims


def _fills_its_clock(own: list[_Claim], _all: dict[str, list[_Claim]]) -> bool:
    """A test against a clock is not over before it: what ends more than one repetition earlier is the training of it."""
    clock_s = getattr(own[0].exercise.movement, "clock_s", None)
    if clock_s is None:
        return True
    usual_s = float(np.median([claim.end_s - claim.start_s for claim in own]))
    return own[-1].end_s - own[0].start_s + usual_s >= clock_s


def _counts_most(own: list[_Claim], everyone: dict[str, list[_Claim]]) -> bool:
    """What fits only some of the movements is not what was done."""
    return len(own) > _FEW_SHARE * max(len(claims) for claims in everyone.values())


def _carried_as_told(own: list[_Claim], _all: dict[str, list[_Claim]]) -> bool:
    """Weight behind the heels needs a seat, and weight over the feet needs none: told by three repetitions in four."""
    movement = own[0].exercise.movement
    seated = STANCES[movement.movement_pattern].seated if isinstance(movement, RepCycle) else None
    feet = np.array([claim.weight_feet for claim in own])
    if seated is None or np.isnan(feet).any():
        return True
    return bool(np.quantile(feet, 0.25) <= 0.0 if seated else np.quantile(feet, 0.75) >= 0.0)


_CRITERIA: tuple[Callable[[list[_Claim], dict[str, list[_Claim]]], bool], ...] = (
    _fills_its_clock,
    _counts_most,
    _carried_as_told,
)
"""What speaks for an exercise that claims a set, in turn. None of them knows an exercise by its name."""
