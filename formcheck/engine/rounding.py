"""How numbers are rounded in records."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def rounded_s(value: float) -> float:
    """Return a time to the millisecond.

    Parameters
    ----------
    value : float

    Returns
    -------
    float
    """
    return round(float(value), 3)


def rounded_measures(measures: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return measures to three decimals.

    Parameters
    ----------
    measures : mapping

    Returns
    -------
    dict
        None where a measure is None or NaN: it was not measured.
    """
    return {name: None if value is None or math.isnan(value) else round(value, 3) for name, value in measures.items()}
