"""A pose estimator that looks at no picture: it returns the poses of a saved trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import EstimatorError
from formcheck.files.traces import pose_at
from formcheck.pose.base import PoseEstimator

if TYPE_CHECKING:
    from formcheck.model.frames import Frame, Pose, Trace

TOLERANCE_S = 0.0005
"""Times that differ by less than this (s) are the same frame. Half a frame at 240 fps lasts 2 ms."""


class ReplayEstimator(PoseEstimator):
    """Returns the pose that a trace holds for a frame's time.

    Parameters
    ----------
    trace : Trace
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def estimate(self, frame: Frame) -> Pose:
        """Return the pose of the trace at the frame's time. The picture is not looked at.

        Parameters
        ----------
        frame : Frame

        Returns
        -------
        Pose
            Its arrays are views of the trace.

        Raises
        ------
        EstimatorError
            ``replay_no_frame``: the trace has no frame within ``TOLERANCE_S``.
        """
        times = self._trace.t_s
        i = int(np.searchsorted(times, frame.t_s - TOLERANCE_S))
        if i == len(times) or times[i] > frame.t_s + TOLERANCE_S:
            raise EstimatorError(f"The trace has no frame at {frame.t_s:.3f} s.", code="replay_no_frame", t_s=frame.t_s)
        return pose_at(self._trace, i)

    def close(self) -> None:
        """Do nothing: no resource is held."""
