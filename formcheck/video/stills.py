"""Single pictures of a video: the person at one time, cut out, with the body's lines and the marked joints."""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import SourceError
from formcheck.video.draw import JOINTS, Mark, put_body
from formcheck.video.files import read_frames, sha256_of

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.model.frames import Frame
    from formcheck.video.files import Reading

HEIGHT_PX = 480
"""A cut-out higher than this is made smaller. Default."""
_ROOM = 0.15
"""Room around the body, as a share of the larger of its height and width. Default."""
_SAME_FRAME_S = 0.0005
"""Times that differ by less than this (s) are the same frame. Half a frame at 240 fps lasts 2 ms."""


def check_video(path: Path | str, sha256: str | None) -> None:
    """Check that a video is the one that was analysed.

    Parameters
    ----------
    path : path
    sha256 : str or None
        Hash of the analysed video in hexadecimal. None never matches.

    Raises
    ------
    SourceError
        ``video_of_other_set``, or the file cannot be read.
    """
    if sha256_of(path) != sha256:
        message = f"{path} is not the video that was analysed (its sha256 is another)."
        raise SourceError(message, code="video_of_other_set", path=str(path))


def frame_at(path: Path | str, t_s: float, reading: Reading | None = None) -> Frame:
    """Return the picture of a video at a time: the first that is not before it.

    Parameters
    ----------
    path : path
    t_s : float
        Time in the file.
    reading : Reading, optional
        As in ``read_frames``.

    Returns
    -------
    Frame

    Raises
    ------
    SourceError
        As ``read_frames``.
    """
    with closing(read_frames(path, max(t_s - _SAME_FRAME_S, 0.0), reading=reading)) as frames:
        return next(frames)


def box_out(frame: Frame, box_px: tuple[float, float, float, float]) -> bytes:
    """Return a part of a picture as a JPEG.

    Parameters
    ----------
    frame : Frame
    box_px : tuple of four floats
        Left, top, right, bottom; what lies beyond the picture is left out.

    Returns
    -------
    bytes
        A JPEG, at most ``HEIGHT_PX`` high.
    """
    left, top, right, bottom = (max(int(value), 0) for value in box_px)
    return _jpeg(frame.rgb[top:bottom, left:right])


def cut_out(frame: Frame, points_px: np.ndarray, size_px: tuple[int, int], marks: dict[int, Mark]) -> bytes:
    """Return the person of a picture as a JPEG, with the body's lines.

    Parameters
    ----------
    frame : Frame
    points_px : (33, 2) array
        Landmarks in a picture of ``size_px``. NaN = not drawn; at least one must be known.
    size_px : (int, int)
        Width and height.
    marks : dict of int to str
        As in ``put_body``.

    Returns
    -------
    bytes
        A JPEG, at most ``HEIGHT_PX`` high.
    """
    rgb = frame.rgb.copy()
    points = points_px * (np.array(rgb.shape[1::-1]) / size_px)
    put_body(rgb, points, marks, max(1, min(rgb.shape[:2]) // 216))
    body = points[JOINTS][np.isfinite(points[JOINTS]).all(axis=1)]
    low, high = body.min(axis=0), body.max(axis=0)
    room = _ROOM * float((high - low).max())
    left, top = np.maximum(low - room, 0).astype(int)
    right, bottom = np.minimum(high + room + 1, rgb.shape[1::-1]).astype(int)
    return _jpeg(rgb[top:bottom, left:right])


def _jpeg(rgb: np.ndarray) -> bytes:
    from PIL import Image

    picture = Image.fromarray(rgb)
    picture.thumbnail((picture.width, HEIGHT_PX))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
