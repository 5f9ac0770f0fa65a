"""The repetitions and holds of a set under one name: a bout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.i18n.numbers import clock
from formcheck.model.records import Hold, Rep

if TYPE_CHECKING:
    from formcheck.i18n import Translator
    from formcheck.model.records import SetRecord


def bouts_of(record: SetRecord) -> list[Rep | Hold]:
    """Return the repetitions and holds of a set. A set has only one of the two kinds."""
    return [*record.reps, *record.holds]


def bout_title(bout: Rep | Hold, t: Translator) -> str:
    """Return the number and the start of a repetition or hold. Brackets mean that it does not count."""
    number = f"({bout.index})" if isinstance(bout, Rep) and not bout.counted else str(bout.index)
    return t("pair.unit", n=number, when=clock(bout.start_s, t.language))
