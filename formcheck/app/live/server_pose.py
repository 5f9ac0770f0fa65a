"""Poses from the page's pictures, on the server: one landmarker, opened when the first picture comes and closed for certain."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.model.frames import Frame, Pose

if TYPE_CHECKING:
    from formcheck.pose.mediapipe_tasks import MediaPipeEstimator, PersonCounter

PICTURE = {"width": 480, "quality": 0.7}
SMALL_PICTURE = {"width": 320, "quality": 0.6}
COUNT_EVERY_S = 1.0
_WARM_UP = 5  # pictures: opening a landmarker is no sign of a slow server
_SETTLE = 10  # pictures that are looked at before a pace is judged
_NEWEST = 0.1  # weight of the newest picture in the moving average


class ServerPose:
    """Sees the person in pictures, and counts people. One thread uses it and closes it. ``model``: ``full`` or ``lite``."""

    def __init__(self, model: str) -> None:
        self.model = model
        self._estimator: MediaPipeEstimator | None = None
        self._counter: PersonCounter | None = None
        self._counted_s = -np.inf
        self._people: int | None = None

    def look(self, rgb: np.ndarray, t_s: float) -> Pose:
        """Return the pose in a picture, in its own pixels. Times rise. Raises ModelFileError and EstimatorError."""
        if self._estimator is None:
            from formcheck.pose.mediapipe_tasks import MediaPipeEstimator

            self._estimator = MediaPipeEstimator(self.model)
        return self._estimator.estimate(Frame(t_s, rgb))

    def people(self, rgb: np.ndarray, t_s: float) -> int | None:
        """Return how many people there are, counted anew about once a second."""
        if t_s - self._counted_s >= COUNT_EVERY_S:
            if self._counter is None:
                from formcheck.pose.mediapipe_tasks import PersonCounter

                self._counter = PersonCounter()
            self._people, self._counted_s = self._counter.count(rgb), t_s
        return self._people

    def stop_counting(self) -> None:
        """Free what counts people, when the set-up is over."""
        if self._counter is not None:
            self._counter.close()
            self._counter, self._people, self._counted_s = None, None, -np.inf

    def change_model(self, model: str) -> None:
        """Go on with another model, from the next picture on."""
        self._close_estimator()
        self.model = model

    def software(self) -> dict[str, str]:
        """Return what a record says of the model."""
        from formcheck.pose.models import models

        return {
            "mediapipe": metadata.version("mediapipe"),
            "model": self.model,
            "model_sha256": models()[self.model].sha256,
        }

    def close(self) -> None:
        """Close everything. May be called again; the next picture opens it again."""
        self.stop_counting()
        self._close_estimator()

    def _close_estimator(self) -> None:
        if self._estimator is not None:
            self._estimator.close()
            self._estimator = None


Relief = Literal["fewer", "smaller", "lite"]


class LoadShedder:
    """Whether the server keeps up: a moving average of what a picture costs. First fewer pictures
    under way help, then smaller ones, then the small model."""

    def __init__(self, slow_s: float, lite_helps: bool) -> None:
        self._slow_s = slow_s
        self._left: list[Relief] = ["fewer", "smaller", "lite"] if lite_helps else ["fewer", "smaller"]
        self._start_over()

    def took(self, seconds: float) -> Relief | None:
        """Take what one picture cost and return what is due now. What is due is due until ``relieved``."""
        self._seen += 1
        if self._seen <= 0:
            return None
        self._average_s += (seconds - self._average_s) * max(_NEWEST, 1 / self._seen)
        slow = self._seen >= _SETTLE and self._average_s > self._slow_s
        return self._left[0] if slow and self._left else None

    def relieved(self) -> None:
        """Measure anew, after what was due has been done."""
        self._left.pop(0)
        self._start_over()

    def _start_over(self) -> None:
        self._average_s, self._seen = 0.0, -_WARM_UP
