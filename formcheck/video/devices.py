"""What this machine can do with cameras and video, for ``formcheck doctor``."""

from __future__ import annotations

from formcheck import native
from formcheck.errors import OutputError, SourceError


def writes_h264() -> bool:
    """Return whether PyAV can write the video that browsers play. Raises OutputError when PyAV cannot be loaded."""
    return "libx264" in native.load("av", OutputError).codecs_available


def camera_opens(index: int = 0) -> bool:
    """Open a camera, take one picture and let go of it. Raises SourceError when OpenCV cannot be loaded."""
    cv2 = native.load("cv2", SourceError)
    camera = cv2.VideoCapture(index)
    try:
        return camera.isOpened() and camera.read()[0]
    finally:
        camera.release()
