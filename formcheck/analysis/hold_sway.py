"""The sway of a finished set: its long standing holds are looked at a second time, without MediaPipe's smoothing."""

from __future__ import annotations

import math
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from formcheck.analysis.run import Progress, SetResult
from formcheck.engine.signals.sway import standing_part_s, sway
from formcheck.files.traces import pose_at
from formcheck.pose.people import only_inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from formcheck.model.frames import Frame, Pose


def with_sway(result: SetResult, poses_between: Callable[[float, float], Iterable[Pose]]) -> SetResult:
    """Add the sway of each long standing hold to the measures of that hold.

    The measures are ``sway_sideways_ratio`` (spread, in leg lengths), ``sway_path_ratio`` (path, in leg lengths per second) and
    ``sway_seen_s`` (the time over which they were measured). None = could not be measured.

    Parameters
    ----------
    result : SetResult
    poses_between : callable
        Returns the poses between two times of the set (s), estimated **without** MediaPipe's smoothing.

    Returns
    -------
    SetResult
    """
    holds = []
    for hold in result.record.holds:
        part_s = standing_part_s(hold.start_s, hold.end_s)
        if part_s is not None:
            poses = list(poses_between(*part_s))
            t_s, points_px = np.array([pose.t_s for pose in poses]), np.array([pose.steady_px for pose in poses])
            found = sway(t_s, points_px.reshape(-1, 33, 2))
            measures = {
                "sway_sideways_ratio": found.rms_sideways_legs,
                "sway_path_ratio": found.path_legs_per_s,
                "sway_seen_s": found.seen_s,
            }
            known = {name: None if math.isnan(value) else round(value, 5) for name, value in measures.items()}
            hold = hold.model_copy(update={"measures": hold.measures | known})
        holds.append(hold)
    return SetResult(result.record.model_copy(update={"holds": holds}), result.trace)


def measure_sway(
    path: Path | str, result: SetResult, *, model: str = "full", progress: Progress | None = None
) -> SetResult:
    """Look at the pictures of each long hold a second time, each by itself, and add the sway as ``with_sway`` does.

    Parameters
    ----------
    path : path
        The video of the set.
    result : SetResult
    model : {"full", "lite"}
    progress : callable, optional
        As in ``read_video``; the share is that of one hold.

    Returns
    -------
    SetResult

    Raises
    ------
    SourceError, ModelFileError, EstimatorError
    """
    from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
    from formcheck.video.camera_motion import CameraTracker
    from formcheck.video.files import Reading, read_frames

    source, trace = result.record.source, result.trace
    reading = Reading.of(source)

    def painted(frame: Frame) -> Frame:
        """Show only the person who was followed, where that is one of several."""
        if source.person is None:
            return frame
        return only_inside(frame, pose_at(trace, int(np.abs(trace.t_s - frame.t_s).argmin())))

    def poses_between(start_s: float, end_s: float) -> Iterable[Pose]:
        camera = CameraTracker()
        with (
            MediaPipeEstimator(model, smoothing=False) as estimator,
            closing(read_frames(path, start_s, end_s, reading=reading)) as frames,
        ):
            for done, frame in enumerate(frames, 1):
                yield camera.update(frame, estimator.estimate(painted(frame)))
                if progress is not None:
                    progress(done, min(1.0, (frame.t_s - start_s) / (end_s - start_s)))

    return with_sway(result, poses_between)
