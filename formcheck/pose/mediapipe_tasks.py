"""Poses from MediaPipe's PoseLandmarker (Tasks API): of one person over time, and of the people in a picture.

Only this file imports mediapipe. MediaPipe publishes no types: its objects are ``Any`` here, and nowhere else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from formcheck.errors import EstimatorError
from formcheck.files import native_libraries
from formcheck.model.frames import Frame, Pose
from formcheck.pose.base import PoseEstimator
from formcheck.pose.models import read_model
from formcheck.pose.native_stderr import quiet_native


class MediaPipeEstimator(PoseEstimator):
    """One person's 33 landmarks per frame, with MediaPipe's own tracking and smoothing, at its default confidences.

    One thread at a time may call it.

    Parameters
    ----------
    model : {"full", "lite"}
    smoothing : bool
        False: each picture is searched by itself (IMAGE mode). It suits measures that MediaPipe's own filter would spoil,
        such as sway. It is slower.

    Raises
    ------
    ModelFileError
        The model's file is not the published one.
    EstimatorError
        MediaPipe, or a library that it needs, cannot be loaded.
    """

    def __init__(self, model: str = "full", *, smoothing: bool = True) -> None:
        data = read_model(model)
        self._smoothing = smoothing
        with quiet_native():
            self._mediapipe = native_libraries.load("mediapipe", EstimatorError)
            self._landmarker = _open(self._mediapipe, data, "VIDEO" if smoothing else "IMAGE", num_poses=1)
        self._last_ms = -1
        self._last_t_s = -np.inf
        self._has_seen_person = False

    def estimate(self, frame: Frame) -> Pose:
        """Return the pose in a frame as MediaPipe gives it.

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
            ``estimator_closed``, ``estimator_time`` (``frame.t_s`` does not rise), ``estimator_failed``.
        """
        if self._landmarker is None:
            raise EstimatorError("The pose estimator is closed.", code="estimator_closed")
        if not frame.t_s > self._last_t_s:
            raise EstimatorError(
                f"A frame at {frame.t_s:.3f} s came after one at {self._last_t_s:.3f} s.", code="estimator_time"
            )
        self._last_t_s = frame.t_s
        self._last_ms = max(round(frame.t_s * 1000), self._last_ms + 1)
        result = self._detect(frame.rgb)
        if not result.pose_landmarks:
            height, width = frame.rgb.shape[:2]
            return Pose.nobody(frame.t_s, (width, height))
        self._has_seen_person = True
        return _pose(result, 0, frame)

    def _detect(self, rgb: np.ndarray) -> Any:
        """Return MediaPipe's result. Its log lines are dropped until it has seen its first person: it writes none afterwards."""
        try:
            image = _image(self._mediapipe, rgb)
            if self._has_seen_person:
                return self._run(image)
            with quiet_native():
                return self._run(image)
        except (RuntimeError, ValueError) as error:
            raise _failed(error) from error

    def _run(self, image: Any) -> Any:
        if self._smoothing:
            return self._landmarker.detect_for_video(image, self._last_ms)
        return self._landmarker.detect(image)

    def close(self) -> None:
        """Free MediaPipe's landmarker. Calling it a second time does nothing."""
        if self._landmarker is not None:
            landmarker, self._landmarker = self._landmarker, None
            with quiet_native():
                landmarker.close()


class PeopleFinder:
    """Finds the people in single pictures, each searched by itself, with the small model.

    One thread at a time may call it.

    Parameters
    ----------
    most : int
        So many people are looked for at once.

    Raises
    ------
    ModelFileError
        The model's file is not the published one.
    EstimatorError
        MediaPipe, or a library that it needs, cannot be loaded.
    """

    def __init__(self, most: int = 2) -> None:
        data = read_model("lite")
        with quiet_native():
            self._mediapipe = native_libraries.load("mediapipe", EstimatorError)
            self._landmarker = _open(self._mediapipe, data, "IMAGE", num_poses=most)

    def find(self, frame: Frame) -> list[Pose]:
        """Return the people in a picture.

        Parameters
        ----------
        frame : Frame

        Returns
        -------
        list of Pose
            At most ``most``, in the pixels of the frame.

        Raises
        ------
        EstimatorError
            ``estimator_closed``, ``estimator_failed``.
        """
        if self._landmarker is None:
            raise EstimatorError("The finder of people is closed.", code="estimator_closed")
        try:
            with quiet_native():
                result = self._landmarker.detect(_image(self._mediapipe, frame.rgb))
        except (RuntimeError, ValueError) as error:
            raise _failed(error) from error
        return [_pose(result, number, frame) for number in range(len(result.pose_landmarks))]

    def close(self) -> None:
        """Free MediaPipe's landmarker. Calling it a second time does nothing."""
        if self._landmarker is not None:
            landmarker, self._landmarker = self._landmarker, None
            with quiet_native():
                landmarker.close()


def _pose(result: Any, number: int, frame: Frame) -> Pose:
    """Return one of the poses of MediaPipe's result."""
    height, width = frame.rgb.shape[:2]
    points, world = result.pose_landmarks[number], result.pose_world_landmarks[number]
    return Pose(
        frame.t_s,
        np.array([(p.x * width, p.y * height) for p in points], np.float32),
        np.array([(p.x, p.y, p.z) for p in world], np.float32),
        np.array([p.visibility for p in points], np.float32),
        (width, height),
    )


def _image(mediapipe: Any, rgb: np.ndarray) -> Any:
    """Return ``rgb`` as MediaPipe's image. MediaPipe ignores the array's strides, so the array must be contiguous."""
    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))


def _failed(error: Exception) -> EstimatorError:
    return EstimatorError(f"MediaPipe failed on a frame: {error}", code="estimator_failed")


def _open(mediapipe: Any, model: bytes, mode: str, num_poses: int) -> Any:
    """Return a PoseLandmarker. MediaPipe loads its machine code only now: a missing system library shows here."""
    vision = mediapipe.tasks.vision
    options = vision.PoseLandmarkerOptions(
        base_options=mediapipe.tasks.BaseOptions(model_asset_buffer=model),
        running_mode=vision.RunningMode[mode],
        num_poses=num_poses,
    )
    try:
        return vision.PoseLandmarker.create_from_options(options)
    except OSError as cause:
        raise native_libraries.explain("mediapipe", cause, EstimatorError) from cause
    except (RuntimeError, ValueError) as error:
        raise EstimatorError(f"MediaPipe cannot open the pose model: {error}", code="estimator_failed") from error
