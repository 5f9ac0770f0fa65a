"""Figures with their number of cases, their 95 % interval and their floor in ``floors.toml``."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence

FLOORS = Path(__file__).with_name("floors.toml")
COLUMNS = ["figure", "value", "cases", "95 %", "floor"]
_Z = float(stats.norm.ppf(0.975))


def wilson(hits: int, cases: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927). NaN when there is no case."""
    if not cases:
        return math.nan, math.nan
    p, z2 = hits / cases, _Z**2 / cases
    middle, half = (p + z2 / 2) / (1 + z2), _Z * math.sqrt(p * (1 - p) / cases + z2 / (4 * cases)) / (1 + z2)
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of a mean (Student's t). NaN with fewer than two values."""
    if len(values) < 2:
        return math.nan, math.nan
    half = float(stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / math.sqrt(len(values)))
    return float(np.mean(values)) - half, float(np.mean(values)) + half


def percent(hits: int, cases: int) -> str:
    """Return a share and its interval as ``97 % (95–99)``; ``-`` when there is no case."""
    if not cases:
        return "-"
    low, high = wilson(hits, cases)
    return f"{100 * hits / cases:.1f} % ({100 * low:.0f}–{100 * high:.0f})"


@dataclass
class Figures:
    """The figures of one run. ``rows``: rows of a table of ``COLUMNS``; ``fallen``: a sentence for each figure beyond its floor."""

    rows: list[list[str]] = field(default_factory=list)
    fallen: list[str] = field(default_factory=list)

    def share(self, name: str, hits: int, cases: int) -> None:
        """Add a share, in percent."""
        low, high = (100 * x for x in wilson(hits, cases))
        value = 100 * hits / cases if cases else math.nan
        self._add(name, value, f"{hits} of {cases}", f"{low:.1f}–{high:.1f} %", f"{value:.1f} %")

    def mean(self, name: str, values: Sequence[float], unit: str) -> None:
        """Add a mean."""
        low, high = mean_interval(values)
        value = float(np.mean(values)) if len(values) else math.nan
        interval = f"{low:.2f}–{high:.2f} {unit}" if len(values) > 1 else "-"
        self._add(name, value, str(len(values)), interval, f"{value:.2f} {unit}")

    def _add(self, name: str, value: float, cases: str, interval: str, shown: str) -> None:
        with FLOORS.open("rb") as file:
            floor = tomllib.load(file).get(name, {})
        least, most = floor.get("at_least", -math.inf), floor.get("at_most", math.inf)
        if not least <= value <= most:
            self.fallen.append(f"{name}: {shown}, floor {floor}")
        words = [f"≥ {floor['at_least']}"] if "at_least" in floor else []
        words += [f"≤ {floor['at_most']}"] if "at_most" in floor else []
        self.rows.append([name, shown, cases, interval, ", ".join(words) or "none"])
