"""The cameras of this machine, and whether it can write video."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from formcheck.errors import OutputError, SourceError
from formcheck.files import native_libraries
from formcheck.model.frames import Frame
from formcheck.video.files import read_frames

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_LATE_S = 0.1
"""A picture that is later than this is left out. Default."""


def writes_h264() -> bool:
    """Return whether PyAV can write the video that browsers play.

    Returns
    -------
    bool

    Raises
    ------
    OutputError
        PyAV cannot be loaded.
    """
    return "libx264" in native_libraries.load("av", OutputError).codecs_available


def camera_opens(index: int = 0) -> bool:
    """Open a camera, take one picture and release the camera.

    Parameters
    ----------
    index : int
        OpenCV's number of the camera.

    Returns
    -------
    bool
        False when the camera gives no picture.

    Raises
    ------
    SourceError
        OpenCV cannot be loaded.
    """
    try:
        frames = camera_frames(index)
        next(frames)
        frames.close()
    except SourceError as error:
        if error.code != "camera_missing":
            raise
        return False
    return True


def camera_frames(index: int = 0) -> Generator[Frame]:
    """Yield the newest picture of a camera, until the camera stops. Close the iterator to release the camera.

    Parameters
    ----------
    index : int
        OpenCV's number of the camera.

    Yields
    ------
    Frame
        Times count from the first picture.

    Raises
    ------
    SourceError
        ``camera_missing``, or OpenCV cannot be loaded.
    """
    cv2 = native_libraries.load("cv2", SourceError)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # the error below says it
    camera = cv2.VideoCapture(index)
    try:
        camera.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        begun_s = last_s = None
        while True:
            given, bgr = camera.read()
            now_s = time.monotonic()
            if not given:
                break
            begun_s = now_s if begun_s is None else begun_s
            if last_s is None or now_s > last_s:
                last_s = now_s
                yield Frame(now_s - begun_s, bgr[:, :, ::-1].copy())
        if begun_s is None:
            raise SourceError(
                f"Camera {index} gives no picture. Is it connected, and no other program using it?",
                code="camera_missing",
                index=index,
            )
    finally:
        camera.release()


def played_frames(path: Path) -> Generator[Frame]:
    """Yield a video's pictures at their own pace, as a camera would. Late pictures are left out.

    Parameters
    ----------
    path : Path

    Yields
    ------
    Frame

    Raises
    ------
    SourceError
        As ``read_frames``.
    """
    begun_s = None
    for frame in read_frames(path):
        begun_s = time.monotonic() - frame.t_s if begun_s is None else begun_s
        early_s = frame.t_s - (time.monotonic() - begun_s)
        if early_s < -_LATE_S:
            continue
        time.sleep(max(0.0, early_s))
        yield frame
