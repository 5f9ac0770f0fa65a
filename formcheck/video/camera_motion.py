"""How the camera moves, told by what is around the person: a hand-held phone moves every landmark, and a film is cut.

The first picture of a shot is its reference. Each later picture is compared with a reference directly, so that a camera that
stands still shows exactly no movement, and errors do not add up from picture to picture.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import EstimatorError
from formcheck.files import native_libraries
from formcheck.model.frames import CameraPlace

if TYPE_CHECKING:
    from types import ModuleType

    from formcheck.model.frames import Frame, Pose

_WIDTH_PX = 320
"""Pictures are compared at this width. Default."""
_GREEN = 1
"""Green alone is as good as grey: most of what a picture shows of brightness is in it."""
_MOST_CORNERS, _CORNER_QUALITY, _CORNERS_APART_PX = 120, 0.01, 7
"""Number, quality and distance of OpenCV's ``goodFeaturesToTrack``: the values of its tutorial on optical flow."""
_PATCH_PX, _LEVELS = 15, 3
"""Window and pyramid of the Lucas-Kanade search: the same tutorial's, one level more."""
_LEAST_CORNERS = 10
"""With fewer that agree the movement is not known: five times what a similarity needs. Default."""
_LEAST_SHARE = 0.5
"""With a smaller share of the reference's corners that agree, a newer reference is taken. Default."""
_WITHIN_PX = 1.0
"""A corner agrees with a movement within this, at ``_WIDTH_PX``. Default."""
_NOISE_PX = 0.5
"""A movement up to this, at ``_WIDTH_PX``, is the noise of a camera that stands. Default."""
_AROUND_PERSON = 0.15
"""The person's box is larger than that of the landmarks by this share of its longer side. Default."""
_DARK, _FLAT = 12.0, 3.0
"""A picture with a lower mean, or a smaller spread (of 255 levels), shows nothing. Defaults."""
_SAME_SCENE = 0.6
"""Two pictures of one shot correlate by this much when they are made small. Default."""
_THUMBNAIL_PX = (32, 18)

_Similarity = np.ndarray
"""(2, 3): a turn with a scale, and a shift."""


class CameraTracker:
    """Follows the camera through one video.

    Raises
    ------
    EstimatorError
        OpenCV, or a library that it needs, cannot be loaded.
    """

    def __init__(self) -> None:
        self._cv2 = native_libraries.load("cv2", EstimatorError)
        self._shot = 0
        self._reference: _Reference | None = None
        self._movement = np.eye(2, 3)
        self._thumbnail: np.ndarray | None = None
        self._suspect = False

    def update(self, frame: Frame, pose: Pose) -> Pose:
        """Take one picture.

        Parameters
        ----------
        frame : Frame
        pose : Pose
            Of the same picture. Its surroundings, not the person, show the movement of the camera.

        Returns
        -------
        Pose
            The same, with the camera's place. Where that cannot be seen, it is the last one known.
        """
        cv2 = self._cv2
        height, width = frame.rgb.shape[:2]
        size_px = (_WIDTH_PX, max(round(height * _WIDTH_PX / width), 1))
        grey = cv2.resize(cv2.extractChannel(frame.rgb, _GREEN), size_px, interpolation=cv2.INTER_AREA)
        if grey.mean() >= _DARK and grey.std() >= _FLAT:  # a black picture between two others is no cut
            self._follow(grey, _person_box(pose, _WIDTH_PX / width))
        (a, _, x), (b, _, y) = _without_noise(self._movement, size_px)
        per_px = width / _WIDTH_PX
        similarity = float(a), float(b), float(x) * per_px, float(y) * per_px
        return replace(pose, camera=CameraPlace(similarity, self._shot))

    def _follow(self, grey: np.ndarray, person: np.ndarray) -> None:
        cv2 = self._cv2
        thumbnail = cv2.resize(grey, _THUMBNAIL_PX, interpolation=cv2.INTER_AREA).ravel()
        reference, before = self._reference, self._thumbnail
        if reference is None or before is None or reference.grey.shape != grey.shape:
            self._begin(grey, person, thumbnail)
            return
        movement, share = reference.movement_to(cv2, grey, person, self._movement)
        if movement is None and np.corrcoef(thumbnail, before)[0, 1] < _SAME_SCENE:
            if self._suspect:
                self._begin(grey, person, thumbnail)
            self._suspect = True  # a flash is one picture long
            return
        self._suspect, self._thumbnail = False, thumbnail
        if movement is not None:
            self._movement = movement
        if share < _LEAST_SHARE:
            self._reference = _Reference(cv2, grey, person, self._movement)

    def _begin(self, grey: np.ndarray, person: np.ndarray, thumbnail: np.ndarray) -> None:
        """Begin a shot, the first one or after a cut."""
        self._shot += self._reference is not None
        self._movement, self._thumbnail, self._suspect = np.eye(2, 3), thumbnail, False
        self._reference = _Reference(self._cv2, grey, person, self._movement)


class _Reference:
    """A picture that others are compared with, and how the camera had moved when it was taken."""

    def __init__(self, cv2: ModuleType, grey: np.ndarray, person: np.ndarray, movement: _Similarity) -> None:
        self.grey = grey
        self._movement = movement
        around = np.full(grey.shape, 255, np.uint8)
        left, top, right, bottom = np.clip(person, 0, 10**6).astype(int)
        around[top:bottom, left:right] = 0
        corners = cv2.goodFeaturesToTrack(grey, _MOST_CORNERS, _CORNER_QUALITY, _CORNERS_APART_PX, mask=around)
        self._corners = np.empty((0, 2), np.float32) if corners is None else corners.reshape(-1, 2)

    def movement_to(
        self, cv2: ModuleType, grey: np.ndarray, person: np.ndarray, newest: _Similarity
    ) -> tuple[_Similarity | None, float]:
        """Return how the camera has moved since its shot began (None = cannot be seen), and the share of corners that agree.

        ``newest``: the movement that was seen last. The search begins there.
        """
        since = _after(newest, _inverse(self._movement))
        guess = (self._corners @ since[:, :2].T + since[:, 2]).astype(np.float32)
        height, width = grey.shape
        visible = _outside(guess, person) & (guess >= 0).all(axis=1) & (guess < (width, height)).all(axis=1)
        if visible.sum() < _LEAST_CORNERS:
            return None, 0.0
        corners = self._corners[visible]
        found, status, _ = cv2.calcOpticalFlowPyrLK(
            self.grey, grey, corners, guess[visible].copy(), winSize=(_PATCH_PX, _PATCH_PX), maxLevel=_LEVELS,
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )  # fmt: skip
        good = (status.ravel() == 1) & _outside(found, person)
        if good.sum() < _LEAST_CORNERS:
            return None, 0.0
        cv2.setRNGSeed(0)  # RANSAC draws at random: the same video gives the same movement
        fitted, inliers = cv2.estimateAffinePartial2D(
            corners[good], found[good], method=cv2.RANSAC, ransacReprojThreshold=_WITHIN_PX
        )
        if fitted is None or inliers.sum() < max(_LEAST_CORNERS, good.sum() / 2):
            return None, 0.0
        return _after(fitted, self._movement), float(inliers.sum() / len(self._corners))


def _person_box(pose: Pose, scale: float) -> np.ndarray:
    """Return left, top, right, bottom of the person (4,) at the compared size; an empty box without a person."""
    if not pose.seen:
        return np.zeros(4)
    low, high = pose.image_px.min(axis=0) * scale, pose.image_px.max(axis=0) * scale
    margin = _AROUND_PERSON * float((high - low).max())
    return np.concatenate([low - margin, high + margin])


def _outside(points_px: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Return which points (N, 2) lie outside a box: (N,) of bool."""
    outside: np.ndarray = np.any((points_px < box[:2]) | (points_px > box[2:]), axis=1)
    return outside


def _after(second: _Similarity, first: _Similarity) -> _Similarity:
    """Return the movement that does ``first``, then ``second``."""
    turn = second[:, :2] @ first[:, :2]
    return np.column_stack([turn, second[:, :2] @ first[:, 2] + second[:, 2]])


def _inverse(movement: _Similarity) -> _Similarity:
    turn = np.linalg.inv(movement[:, :2])
    return np.column_stack([turn, -turn @ movement[:, 2]])


def _without_noise(movement: _Similarity, size_px: tuple[int, int]) -> _Similarity:
    """Return the movement less the noise of a camera that stands: none at all for less, and no step where it begins."""
    width, height = size_px
    ends = np.array([(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)])
    moved = float(np.hypot(*(ends @ movement[:, :2].T + movement[:, 2] - ends).T).max())
    share = max(0.0, 1.0 - _NOISE_PX / moved) if moved > 0 else 0.0
    return np.eye(2, 3) + share * (movement - np.eye(2, 3))
