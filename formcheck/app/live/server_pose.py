"""Poses from the page's pictures, computed on the server. The landmarker is opened by the first picture, and always closed."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.model.frames import Frame, Pose

if TYPE_CHECKING:
    from formcheck.pose.mediapipe_tasks import MediaPipeEstimator, PeopleFinder
    from formcheck.video.camera_motion import CameraTracker

PICTURE = {"width": 480, "quality": 0.7}
SMALL_PICTURE = {"width": 320, "quality": 0.6}
COUNT_EVERY_S = 1.0
"""People are counted once in this time (s, default)."""
_WARM_UP = 5  # pictures that do not count (default): opening a landmarker is no sign of a slow server
_SETTLE = 10  # pictures before the load is judged (default)
_NEWEST = 0.1  # weight of the newest picture in the moving average (default)


class ServerPose:
    """Sees the person in pictures, and counts people. One thread uses it and closes it. ``model``: ``full`` or ``lite``."""

    def __init__(self, model: str) -> None:
        self.model = model
        self._estimator: MediaPipeEstimator | None = None
        self._camera: CameraTracker | None = None
        self._finder: PeopleFinder | None = None
        self._counted_s = -np.inf
        self._people: int | None = None

    def look(self, rgb: np.ndarray, t_s: float) -> Pose:
        """Return the pose in a picture, in its own pixels. Times rise. Raises ModelFileError and EstimatorError."""
        if self._estimator is None:
            from formcheck.pose.mediapipe_tasks import MediaPipeEstimator

            self._estimator = MediaPipeEstimator(self.model)
        if self._camera is None:
            from formcheck.video.camera_motion import CameraTracker

            self._camera = CameraTracker()
        frame = Frame(t_s, rgb)
        return self._camera.update(frame, self._estimator.estimate(frame))

    def people(self, rgb: np.ndarray, t_s: float) -> int | None:
        """Return the number of people, counted again about once a second."""
        if t_s - self._counted_s >= COUNT_EVERY_S:
            if self._finder is None:
                from formcheck.pose.mediapipe_tasks import PeopleFinder

                self._finder = PeopleFinder()
            self._people, self._counted_s = len(self._finder.find(Frame(t_s, rgb))), t_s
        return self._people

    def stop_counting(self) -> None:
        """Free the model that counts people, when the set-up is over."""
        if self._finder is not None:
            self._finder.close()
            self._finder, self._people, self._counted_s = None, None, -np.inf

    def change_model(self, model: str) -> None:
        """Use another model from the next picture on."""
        self._close_estimator()
        self.model = model

    def software(self) -> dict[str, str]:
        """Return the model's entries for a record."""
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


LoadStep = Literal["fewer", "smaller", "lite"]
"""A step that lightens the load: fewer pictures under way, smaller ones, or the small model."""


class LoadShedder:
    """Decides from a moving average of the time per picture whether the server keeps up, and what helps next."""

    def __init__(self, slow_s: float, lite_helps: bool) -> None:
        self._slow_s = slow_s
        self._left: list[LoadStep] = ["fewer", "smaller", "lite"] if lite_helps else ["fewer", "smaller"]
        self._start_over()

    def took(self, seconds: float) -> LoadStep | None:
        """Take the time of one picture and return the step that is due now. It stays due until ``step_done``."""
        self._seen += 1
        if self._seen <= 0:
            return None
        self._average_s += (seconds - self._average_s) * max(_NEWEST, 1 / self._seen)
        slow = self._seen >= _SETTLE and self._average_s > self._slow_s
        return self._left[0] if slow and self._left else None

    def step_done(self) -> None:
        """Start to measure again, because the step that was due is done."""
        self._left.pop(0)
        self._start_over()

    def _start_over(self) -> None:
        self._average_s, self._seen = 0.0, -_WARM_UP
