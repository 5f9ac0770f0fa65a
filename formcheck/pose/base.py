"""What a pose estimator is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

    from formcheck.model.frames import Frame, Pose


class PoseEstimator(Protocol):
    """Turns the frames of one video or camera, in the order of their times, into poses.

    It may remember earlier frames: make a new one for each set. Use it as a context manager, or call ``close``.
    """

    def estimate(self, frame: Frame) -> Pose:
        """Return the pose of the person in ``frame``, in its pixels; ``Pose.nobody`` when nobody is seen.

        Raises EstimatorError when the estimator fails, is closed, or ``frame.t_s`` does not rise.
        """
        ...

    def close(self) -> None:
        """Free what is held. May be called again."""
        ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
