"""Dates and times of day in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from formcheck.i18n import Translator


def date_text(t: Translator, day: date) -> str:
    """Return a date in words: 24 November 2026, 24. november 2026."""
    return t("train.date", day=day.day, month=t(f"train.month.{day.month}"), year=day.year)


def time_text(t: Translator, at: datetime) -> str:
    """Return the time of day in the time zone of this machine: 14:05, in Danish 14.05."""
    return at.astimezone().strftime("%H.%M" if t.language == "da" else "%H:%M")
