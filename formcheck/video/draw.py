"""Draw on a picture: text with every European letter, panels, marks and the body's lines.

All functions draw into ``rgb``, uint8 (H, W, 3), and clip at its edges. Positions and sizes are in pixels. The colours are
those of Okabe and Ito, which colour-blind people can tell apart. No colour stands alone: as in the charts, a hint is a
diamond and a fault a triangle.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.errors import OutputError
from formcheck.files import native_libraries
from formcheck.files.resources import font_file
from formcheck.model.skeleton import BONES, INDEX

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Colour = tuple[int, int, int]
Mark = Literal["ok", "hint", "fault", "unknown"]

WHITE, BLACK, REFERENCE = (255, 255, 255), (0, 0, 0), (0x00, 0x72, 0xB2)
MARK_COLOURS: dict[Mark, Colour] = {
    "ok": (0x00, 0x9E, 0x73),
    "hint": (0xE6, 0x9F, 0x00),
    "fault": (0xD5, 0x5E, 0x00),
    "unknown": (0x99, 0x99, 0x99),
}
JOINTS = sorted({INDEX[name] for bone in BONES for name in bone})
"""The landmarks that are drawn."""
_FURTHEST_PX = 1e5
"""A landmark further out than this is not drawn: OpenCV's coordinates are 32-bit fixed-point numbers."""


def panel(rgb: np.ndarray, x: int, y: int, width: int, height: int) -> None:
    """Darken a rectangle, so that white text on it can be read on any picture.

    Parameters
    ----------
    rgb : (H, W, 3) array of uint8
    x, y : int
        Top left corner.
    width, height : int
    """
    part = rgb[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)]
    part[:] = part // 4


def text_size(text: str, height: int) -> tuple[int, int]:
    """Return the size of a line of text.

    Parameters
    ----------
    text : str
    height : int
        Letter height.

    Returns
    -------
    width, height : int
    """
    alpha = _rendered(text, height)
    return alpha.shape[1], alpha.shape[0]


def put_text(rgb: np.ndarray, text: str, x: int, y: int, height: int, colour: Colour = WHITE) -> None:
    """Write a line of text.

    Parameters
    ----------
    rgb : (H, W, 3) array of uint8
    text : str
    x, y : int
        Top left corner.
    height : int
        Letter height.
    colour : (int, int, int)
        Red, green, blue.
    """
    alpha = _rendered(text, height)
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + alpha.shape[1], rgb.shape[1]), min(y + alpha.shape[0], rgb.shape[0])
    if left >= right or top >= bottom:
        return
    share = alpha[top - y : bottom - y, left - x : right - x, None].astype(np.uint16)
    part = rgb[top:bottom, left:right]
    part[:] = (part * (255 - share) + np.array(colour, np.uint16) * share) // 255


def put_mark(rgb: np.ndarray, mark: Mark, x: float, y: float, radius: float) -> None:
    """Draw a mark with a dark edge: circle = ok, diamond = hint, triangle = fault, ring = unknown.

    Parameters
    ----------
    rgb : (H, W, 3) array of uint8
    mark : {"ok", "hint", "fault", "unknown"}
    x, y : float
        Centre.
    radius : float
    """
    cv2 = native_libraries.load("cv2", OutputError)
    center, colour = np.array((x, y)), MARK_COLOURS[mark]
    if mark in ("ok", "unknown"):
        point, size = _pixel(center), max(1, round(radius))
        cv2.circle(rgb, point, size + 1, BLACK, -1, cv2.LINE_AA)
        cv2.circle(rgb, point, size, colour, -1, cv2.LINE_AA)
        if mark == "unknown":
            cv2.circle(rgb, point, size // 2, BLACK, -1, cv2.LINE_AA)
        return
    corners = (
        ((0, -1.25), (1.15, 0.85), (-1.15, 0.85)) if mark == "fault" else ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0))
    )
    for grown, fill in ((1.5, BLACK), (0.0, colour)):
        outline = np.round(center + np.array(corners) * (radius + grown)).astype(np.int32)
        cv2.fillPoly(rgb, [outline], fill, cv2.LINE_AA)


def put_body(rgb: np.ndarray, points_px: np.ndarray, marks: dict[int, Mark], thickness: int) -> None:
    """Draw the bones and a mark on each joint.

    Bones are white, or grey where one end is ``unknown``. Hints and faults are larger and lie on top.

    Parameters
    ----------
    rgb : (H, W, 3) array of uint8
    points_px : (33, 2) array
        NaN = not drawn.
    marks : dict of int to str
        Landmark index to mark. A missing joint is ok.
    thickness : int
        Of the bones.
    """
    cv2 = native_libraries.load("cv2", OutputError)
    known = np.isfinite(points_px).all(axis=1) & (np.abs(points_px) < _FURTHEST_PX).all(axis=1)
    ends = {int(i): _pixel(points_px[i]) for i in np.flatnonzero(known)}
    bones = [(INDEX[a], INDEX[b]) for a, b in BONES if INDEX[a] in ends and INDEX[b] in ends]
    for grey in (True, False):  # grey bones lie below
        drawn = [bone for bone in bones if ("unknown" in (marks.get(bone[0]), marks.get(bone[1]))) is grey]
        for colour, width in ((BLACK, thickness + 2), (MARK_COLOURS["unknown"] if grey else WHITE, thickness)):
            for a, b in drawn:
                cv2.line(rgb, ends[a], ends[b], colour, width, cv2.LINE_AA)
    order: tuple[Mark, ...] = ("unknown", "ok", "hint", "fault")
    for i in sorted((i for i in JOINTS if i in ends), key=lambda i: order.index(marks.get(i, "ok"))):
        mark = marks.get(i, "ok")
        put_mark(rgb, mark, *ends[i], thickness * (4 if mark in ("hint", "fault") else 1.6))


def _pixel(point: np.ndarray) -> tuple[int, int]:
    x, y = np.round(point)
    return int(x), int(y)


@functools.lru_cache(maxsize=512)
def _rendered(text: str, height: int) -> np.ndarray:
    """Return the opacity of a line of text, uint8 (h, w). h depends on ``height`` alone."""
    from PIL import Image, ImageDraw

    font = _font(max(6, height))
    left, _, right, _ = font.getbbox(text)
    ascent, descent = font.getmetrics()
    canvas = Image.new("L", (max(1, int(right - left) + 2), ascent + descent))
    ImageDraw.Draw(canvas).text((1 - left, 0), text, fill=255, font=font)
    return np.asarray(canvas)


@functools.lru_cache(maxsize=32)
def _font(height: int) -> FreeTypeFont:
    """Return DejaVu Sans Bold. Pillow's own font lacks æ, ø and å."""
    from PIL import ImageFont

    return ImageFont.truetype(font_file("DejaVuSans-Bold.ttf"), height)
