"""The exercise that an empty set looks like: every exercise is run over its landmarks, as in recognition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.analysis.recognition import ExerciseSegment, Recognition
from formcheck.engine.nothing.evidence import OtherExercise
from formcheck.engine.nothing.reasons import explain
from formcheck.files.traces import poses_from_trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from formcheck.model.frames import Pose, Trace
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise

EVERY_POSE_S = 0.1
"""The spacing of the examined poses (s). Default: counting needs ten pictures a second."""
LONGEST_S = 30.0
"""The part of the set that is examined, from where a person is first seen (s). Default."""
LEAST_S = 5.0
"""The least time that the other exercise must last (s). Default: two repetitions, or a hold that is meant."""
_ANCHORS = [11, 12, 23, 24, 25, 26, 27, 28]  # shoulders, hips, knees, ankles
_MOVED_TORSOS = 0.4  # trunk lengths (default): a person who stands still is not doing another exercise


def explained(record: SetRecord, trace: Trace, exercise: Exercise) -> SetRecord:
    """Return the record of an empty set with what it looks like instead among its reasons.

    Parameters
    ----------
    record : SetRecord
        With all its events.
    trace : Trace
        Its landmarks.
    exercise : Exercise

    Returns
    -------
    SetRecord
        The same one when something was counted or held.

    Notes
    -----
    A pure function of record and landmarks, so that a live set and its replay agree. Another exercise is looked for where
    not even a small repetition was found. That takes as long as judging half a minute of every exercise.
    """
    if record.rep_count or record.holds:
        return record
    other = None if record.reps else _other_exercise(trace, exercise.id)
    return record.model_copy(update={"nothing": explain(exercise, record, trace, other)})


def _other_exercise(trace: Trace, exercise_id: str) -> OtherExercise | None:
    poses = list(_examined(poses_from_trace(trace)))
    if not worth_a_look(poses):
        return None
    work = Recognition(poses)
    while not work.done:
        work.step()
    return sure_other(work.segments(), exercise_id)


def _examined(poses: Iterable[Pose]) -> Iterator[Pose]:
    first_s, last_s = None, -float("inf")
    for pose in poses:
        if not pose.seen and first_s is None:
            continue
        first_s = pose.t_s if first_s is None else first_s
        if pose.t_s - first_s > LONGEST_S:
            return
        if pose.t_s - last_s >= EVERY_POSE_S - 1e-3:
            last_s = pose.t_s
            yield pose


def worth_a_look(poses: Iterable[Pose]) -> bool:
    """Return whether there are enough poses, and the body has moved.

    Parameters
    ----------
    poses : iterable of Pose
        ``EVERY_POSE_S`` apart.

    Returns
    -------
    bool
    """
    seen = [pose for pose in poses if pose.seen]
    if len(seen) * EVERY_POSE_S < LEAST_S:
        return False
    p = np.array([pose.image_px[_ANCHORS] for pose in seen], float)
    torso_px = np.median(np.hypot(*(p[:, :2].mean(axis=1) - p[:, 2:4].mean(axis=1)).T))
    low, high = np.quantile(p, (0.05, 0.95), axis=0)
    return bool((high - low).max() >= _MOVED_TORSOS * torso_px)


def sure_other(segments: Sequence[ExerciseSegment], exercise_id: str) -> OtherExercise | None:
    """Return the one other exercise that was surely done.

    Parameters
    ----------
    segments : sequence of ExerciseSegment
        All that was recognised.
    exercise_id : str
        The exercise that was meant.

    Returns
    -------
    OtherExercise or None
        None when it is not one, when it may be the one that was meant, or when it was too short.
    """
    names = {name for segment in segments for name in segment.candidates}
    long_s = sum(segment.end_s - segment.start_s for segment in segments)
    if len(names) != 1 or exercise_id in names or long_s < LEAST_S:
        return None
    return OtherExercise(names.pop(), sum(segment.count for segment in segments))
