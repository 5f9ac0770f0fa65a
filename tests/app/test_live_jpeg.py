"""A picture from the page is checked by its header, then decoded; what is broken is None and never an error."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from formcheck.app.live.jpeg import decode, fits, jpeg_size


def picture(width: int = 64, height: int = 48, mode: str = "RGB", **options: object) -> bytes:
    """Return a JPEG whose red rises to the right and whose green rises downwards."""
    red, green = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    rgb = np.dstack([red, green, np.zeros_like(red)]).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(rgb).convert(mode).save(out, "JPEG", **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"mode": "L"}, {"mode": "CMYK"}, {"comment": b"x" * 999}]
)
def test_a_picture_becomes_gapless_rgb(options: dict):
    rgb = decode(picture(**options), (640, 480))
    assert rgb.shape == (48, 64, 3)
    assert rgb.dtype == np.uint8
    assert rgb.flags.c_contiguous


def test_colours_and_directions_stay():
    rgb = decode(picture(quality=95), (640, 480)).astype(int)
    assert rgb[0, -1, 0] > 200 > 50 > rgb[0, 0, 0]
    assert rgb[-1, 0, 1] > 200 > 50 > rgb[0, 0, 1]


def test_the_header_tells_the_size():
    assert jpeg_size(picture(320, 240)) == (320, 240)
    assert jpeg_size(b"\xff\xd8\xff\xff" + picture(320, 240)[3:]) == (320, 240), "fill bytes are allowed"


@pytest.mark.parametrize(
    ("size", "announced", "fitting"),
    [
        ((640, 480), (640, 480), True),
        ((480, 360), (640, 480), True),
        ((320, 180), (854, 480), True),
        ((641, 480), (640, 480), False),
        ((480, 640), (640, 480), False),
        ((640, 360), (640, 480), False),
        ((4, 3), (640, 480), False),
        ((4000, 3000), (4000, 3000), False),
    ],
)
def test_a_picture_is_as_announced_or_smaller(size: tuple, announced: tuple, fitting: bool):
    assert fits(size, announced) is fitting


def test_a_picture_that_claims_to_be_huge_is_refused_unseen():
    data = bytearray(picture())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = b"\xff\xff\xff\xff"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode(bytes(data), (1920, 1920)) is None


def test_a_picture_cut_short_is_none():
    whole = picture(320, 240)
    assert decode(whole, (640, 480)) is not None
    assert all(decode(whole[:n], (640, 480)) is None for n in range(0, len(whole) - 20, 37))


@given(st.binary(max_size=300))
def test_any_bytes_are_no_picture(data: bytes):
    assert decode(data, (640, 480)) is None
    assert decode(b"\xff\xd8" + data, (640, 480)) is None


@given(st.data())
def test_a_damaged_picture_is_a_picture_or_none(data: st.DataObject):
    broken = bytearray(picture())
    for at in data.draw(st.lists(st.integers(2, len(broken) - 1), max_size=8)):
        broken[at] = data.draw(st.integers(0, 255))
    rgb = decode(bytes(broken), (640, 480))
    assert rgb is None or rgb.shape[2] == 3
