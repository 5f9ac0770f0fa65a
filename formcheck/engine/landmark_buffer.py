"""The landmarks of a set so far, in arrays that grow by doubling (about 1 kB a frame)."""

from __future__ import annotations

import numpy as np

from formcheck.model.frames import N_LANDMARKS, CameraPlace, Pose

_SHAPES: dict[str, tuple[tuple[int, ...], type[np.generic]]] = {
    "t_s": ((), np.float64),
    "image_px": ((N_LANDMARKS, 2), np.float32),
    "world_m": ((N_LANDMARKS, 3), np.float32),
    "visibility": ((N_LANDMARKS,), np.float32),
    "steady_px": ((N_LANDMARKS, 2), np.float32),
    "camera": ((4,), np.float64),
    "shot": ((), np.int64),
    "smooth_px": ((N_LANDMARKS, 2), np.float32),
    "ok": ((), np.bool_),
    "swapped": ((), np.bool_),
}

Bounds = tuple[float, float, float, float]
"""Left, top, right and bottom (px)."""


class LandmarkBuffer:
    """The frames of a set in columns (T, ...).

    The raw ``image_px``, ``world_m`` and ``visibility``; ``camera`` and ``shot`` as in ``CameraPlace``; ``steady_px``: the
    landmarks without the camera's movement; the causal ``smooth_px`` of them; ``ok``: the tracked person is seen; ``swapped``:
    the names of the legs must be exchanged.

    Attributes
    ----------
    size_px : tuple of two ints
        Width and height of the newest picture.
    bounds_px : tuple of four floats
        Left, top, right and bottom of the newest picture, where its landmarks are without the camera's movement.
    camera_seen : bool
        Whether any picture told how the camera moves.
    """

    def __init__(self) -> None:
        self._n = 0
        self.size_px = (1, 1)
        self.bounds_px: Bounds = (0.0, 0.0, 1.0, 1.0)
        self.camera_seen = False
        self._columns: dict[str, np.ndarray] = {
            name: np.empty((512, *shape), dtype) for name, (shape, dtype) in _SHAPES.items()
        }

    def __len__(self) -> int:
        return self._n

    def append(self, pose: Pose, smooth_px: np.ndarray | None, swapped: bool) -> None:
        """Add one frame.

        Parameters
        ----------
        pose : Pose
        smooth_px : (33, 2) array or None
            Causally filtered; None when the tracked person is not seen.
        swapped : bool
            Whether the names of the legs must be exchanged.
        """
        n = self._n
        if n == len(self._columns["t_s"]):
            self._columns = {name: np.concatenate([c, np.empty_like(c)]) for name, c in self._columns.items()}
        columns = self._columns
        self.size_px, self.bounds_px = pose.size_px, _bounds_px(pose)
        columns["t_s"][n] = pose.t_s
        columns["image_px"][n] = pose.image_px
        camera = pose.camera or CameraPlace()
        self.camera_seen |= pose.camera is not None
        columns["camera"][n], columns["shot"][n] = camera.similarity, camera.shot
        columns["steady_px"][n] = pose.steady_px
        columns["world_m"][n] = pose.world_m
        columns["visibility"][n] = pose.visibility
        columns["smooth_px"][n] = np.nan if smooth_px is None else smooth_px
        columns["ok"][n] = smooth_px is not None
        columns["swapped"][n] = swapped
        self._n = n + 1

    def column(self, name: str, start: int = 0) -> np.ndarray:
        """Return one column.

        Parameters
        ----------
        name : str
        start : int
            The first frame.

        Returns
        -------
        (T, ...) array
            A read-only view.
        """
        view = self._columns[name][start : self._n]
        view.flags.writeable = False
        return view


def _bounds_px(pose: Pose) -> Bounds:
    width, height = pose.size_px
    if pose.camera is None:
        return 0.0, 0.0, float(width), float(height)
    corners = pose.camera.steady(np.array([(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)]))
    (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return left, top, right, bottom
