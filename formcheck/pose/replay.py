"""A pose estimator that looks at no picture: it gives the poses of a saved trace back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import EstimatorError
from formcheck.files.traces import pose_at
from formcheck.pose.base import PoseEstimator

if TYPE_CHECKING:
    from formcheck.model.frames import Frame, Pose, Trace

TOLERANCE_S = 0.0005
"""Two times that differ by less are the same frame (half a frame of slow motion is 2 ms)."""


class ReplayEstimator(PoseEstimator):
    """Gives the pose that ``trace`` holds for a frame's time; EstimatorError (``replay_no_frame``) when it has none."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def estimate(self, frame: Frame) -> Pose:
        times = self._trace.t_s
        i = int(np.searchsorted(times, frame.t_s - TOLERANCE_S))
        if i == len(times) or times[i] > frame.t_s + TOLERANCE_S:
            raise EstimatorError(f"The trace has no frame at {frame.t_s:.3f} s.", code="replay_no_frame", t_s=frame.t_s)
        return pose_at(self._trace, i)

    def close(self) -> None:
        """Nothing is held."""
