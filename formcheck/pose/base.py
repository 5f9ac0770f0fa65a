"""The protocol of a pose estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

    from formcheck.model.frames import Frame, Pose


class PoseEstimator(Protocol):
    """Turns the frames of one video or camera, in the order of their times, into poses.

    An estimator may remember earlier frames: make a new one for each set. Use it as a context manager, or call ``close``.
    """

    def estimate(self, frame: Frame) -> Pose:
        """Return the pose of the person in a frame.

        Parameters
        ----------
        frame : Frame
            ``frame.t_s`` must rise from call to call.

        Returns
        -------
        Pose
            In the pixels of the frame; ``Pose.nobody`` when no person is seen.

        Raises
        ------
        EstimatorError
            The estimator fails or is closed, or ``frame.t_s`` does not rise.
        """
        ...

    def close(self) -> None:
        """Free the estimator's resources. Calling it a second time does nothing."""
        ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
