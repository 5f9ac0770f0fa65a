"""A window on this machine's screen, with OpenCV."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Self

import numpy as np

from formcheck.errors import OutputError
from formcheck.files import native_libraries

ESCAPE = "esc"
_ESCAPE_CODE = 27  # ASCII
_PROBE = "import cv2; cv2.namedWindow('formcheck'); cv2.waitKey(1); cv2.destroyAllWindows()"


class PreviewWindow:
    """Shows pictures and returns the keys that are pressed. The window closes with the ``with`` block.

    Parameters
    ----------
    title : str
    size_px : (int, int)
        Width and height.

    Raises
    ------
    OutputError
        ``no_display``: no window can be opened here.
    """

    def __init__(self, title: str, size_px: tuple[int, int] = (1280, 720)) -> None:
        os.environ.setdefault(
            "QT_LOGGING_RULES", "default.warning=false"
        )  # Qt warns of fonts that this window does not use
        # OpenCV ends the whole program where there is no screen, so another process tries it first.
        if subprocess.run([sys.executable, "-c", _PROBE], capture_output=True, check=False).returncode:
            raise OutputError("No window can be opened here: there is no screen, or none is named.", code="no_display")
        self._cv2 = native_libraries.load("cv2", OutputError)
        self._title = title
        self._cv2.namedWindow(title, self._cv2.WINDOW_NORMAL | self._cv2.WINDOW_KEEPRATIO | self._cv2.WINDOW_GUI_NORMAL)
        self._cv2.resizeWindow(title, *size_px)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cv2.destroyAllWindows()

    def show(self, rgb: np.ndarray) -> str | None:
        """Show a picture.

        Parameters
        ----------
        rgb : (H, W, 3) array of uint8

        Returns
        -------
        str or None
            The key that was pressed meanwhile (a small letter, `` `` or ``esc``). Closing the window is ``esc`` too.
        """
        self._cv2.imshow(self._title, np.ascontiguousarray(rgb[:, :, ::-1]))
        code = self._cv2.waitKey(1)
        if code == _ESCAPE_CODE or self._cv2.getWindowProperty(self._title, self._cv2.WND_PROP_VISIBLE) < 1:
            return ESCAPE
        return None if code < 0 else chr(code & 0xFF).lower()
