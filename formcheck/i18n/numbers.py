"""Numbers in words: whole degrees, percentages, seconds, with a decimal comma in Danish."""

from __future__ import annotations

import math

MISSING = "–"
"""Stands where a number could not be measured."""

_DECIMALS = {"deg": 0, "ratio": 0, "s": 1, "count": 0, "": 1, "legs": 2, "legs_per_s": 2}
_SHARES = ("ratio", "legs", "legs_per_s")


def number(value: float | None, language: str, decimals: int = 0) -> str:
    """Return a number with ``decimals`` decimals; ``–`` for None and NaN."""
    if value is None or not math.isfinite(value):
        return MISSING
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    text = text.replace("-", "−")
    return text.replace(".", ",") if language == "da" else text


def quantity(value: float | None, unit: str, language: str, uncertainty: float | None = None) -> str:
    """Return a value with unit and ±: ``92° ± 5``, ``82% ± 8`` for a ratio, ``1.4 s``; ``–`` if it was not measured.

    Leg lengths are written in per cent of one leg length: ``1.40%``. A speed in leg lengths per second is ``3.16%/s``.
    """
    decimals, times = _DECIMALS.get(unit, 1), 100 if unit in _SHARES else 1
    text = MISSING if value is None else number(times * value, language, decimals)
    if text == MISSING:
        return text
    margin = f" ± {number(times * uncertainty, language, decimals)}" if uncertainty else ""
    if unit in ("deg", "ratio"):
        return f"{text}{'°' if unit == 'deg' else _percent(language)}{margin}"
    if unit in _SHARES:
        return f"{text}{_percent(language)}{'/s' if unit == 'legs_per_s' else ''}{margin}"
    return f"{text}{margin}{' s' if unit == 's' else ''}"


def hold_text(seconds: float | None, language: str) -> str:
    """Return the length of a hold in whole seconds: ``17 s``."""
    text = number(seconds, language)
    return text if text == MISSING else f"{text} s"


def clock(t_s: float | None, language: str) -> str:
    """Return a time in the file as ``m:ss.d``."""
    if t_s is None or not math.isfinite(t_s):
        return MISSING
    tenths = round(abs(t_s) * 10)
    sign = "−" if t_s < 0 and tenths else ""
    minutes, rest = divmod(tenths, 600)
    separator = "," if language == "da" else "."
    return f"{sign}{minutes}:{rest // 10:02d}{separator}{rest % 10}"


def share(value: float | None, language: str) -> str:
    """Return a share (0 to 1) as a percentage."""
    return quantity(value, "ratio", language)


def _percent(language: str) -> str:
    return " %" if language == "da" else "%"
