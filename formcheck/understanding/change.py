"""Is a change real? A difference counts only beyond the smallest real one, and only between sets filmed alike.

Smallest real differences: a knee's flexion about 5 deg within one set-up and 10 deg across set-ups; the frontal plane
projection angle 8 deg, 2.77 x SEM 3 deg (clinical-rules 1.5, 3 and 8); the mean of three reaches ahead 5.5 cm, 2.77 x SEM 2.0 cm
(Shaffer 2013, Military Medicine 178:1264), which is 0.07 of a leg of 84 cm. Nothing else has a published one, so nothing else is
called a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from formcheck.records import SetRecord

DEPTH = "knee_flexion_peak_deg"
SAME_AZIMUTH_DEG = 15.0
"""Camera directions this near count as one set-up: 15 deg off the side moves a knee by less than 5 deg (clinical-rules 3.3)."""
SAME_SIZE_FACTOR = 1.5
"""Persons this alike in height in the picture stood at one distance: 1.5 m or 2.5 m moves a knee by 5 deg (clinical-rules 3.3)."""

Obstacle = Literal["exercise", "view", "direction", "side", "legs", "unknown", "azimuth", "distance", "model"]
_FORBIDS: frozenset[Obstacle] = frozenset({"exercise", "view", "direction", "side", "legs", "unknown"})
"""What makes two sets something else altogether; the other obstacles only make the smallest real difference larger."""


class _Smallest(NamedTuple):
    same_setup: float
    across: float


_SMALLEST_REAL = {
    DEPTH: _Smallest(5.0, 10.0),
    "knee_flexion_range_deg": _Smallest(5.0, 10.0),
    "knee_flexion_top_deg": _Smallest(5.0, 10.0),
    "knee_projection_angle_deg": _Smallest(8.0, 8.0),
    "reach_ratio": _Smallest(0.07, 0.07),
}


@dataclass(slots=True, frozen=True)
class Change:
    """A measure before and after. ``smallest_real``: None where none is known, and then ``certain`` is None too."""

    measure: str
    before: float
    after: float
    smallest_real: float | None

    @property
    def unit(self) -> str:
        return next((unit for unit in ("deg", "ratio") if self.measure.endswith(f"_{unit}")), "s")

    @property
    def difference(self) -> float:
        return self.after - self.before

    @property
    def certain(self) -> bool | None:
        """Return whether the difference is beyond the smallest real one."""
        return None if self.smallest_real is None else abs(self.difference) > self.smallest_real


@dataclass(slots=True, frozen=True)
class Comparison:
    """An earlier and a later set. ``obstacles``: what differs in how they were filmed; empty = one set-up.

    ``changes``: empty when the sets cannot be compared at all.
    """

    obstacles: tuple[Obstacle, ...]
    changes: tuple[Change, ...]

    @property
    def same_setup(self) -> bool:
        """Return whether the two belong on one line of a trend."""
        return not self.obstacles

    @property
    def comparable(self) -> bool:
        return not _FORBIDS & set(self.obstacles)


def smallest_real_difference(measure: str, same_setup: bool = True) -> float | None:
    """Return the smallest difference of a measure that is no noise, None where none is known."""
    known = _SMALLEST_REAL.get(measure)
    return None if known is None else known.same_setup if same_setup else known.across


def depth_trend(record: SetRecord) -> Change | None:
    """Return how the depth went from the first three counted repetitions to the last three; None with fewer than six."""
    depths = [rep.measures.get(DEPTH) for rep in record.reps if rep.counted]
    known = [depth for depth in depths if depth is not None]
    if len(known) < 6:
        return None
    return Change(DEPTH, sum(known[:3]) / 3, sum(known[-3:]) / 3, smallest_real_difference(DEPTH))


def compare(earlier: SetRecord, later: SetRecord) -> Comparison:
    """Return what changed from one set to another, measure by measure, and what stands in the way of saying so."""
    obstacles = tuple(_obstacles(earlier, later))
    if _FORBIDS & set(obstacles):
        return Comparison(obstacles, ())
    changes = [
        Change(name, a.mean, later.statistics[name].mean, smallest_real_difference(name, not obstacles))
        for name, a in earlier.statistics.items()
        if name in _SMALLEST_REAL and name in later.statistics
    ]
    if earlier.holds and later.holds:
        clocks = ("hold_s", "in_form_s", "longest_in_form_s")
        changes += [Change(name, getattr(earlier, name), getattr(later, name), None) for name in clocks]
    return Comparison(obstacles, tuple(changes))


def _obstacles(a: SetRecord, b: SetRecord) -> list[Obstacle]:
    if a.exercise != b.exercise:
        return ["exercise"]
    found: list[Obstacle] = []
    if "unknown" in (a.setup.view, b.setup.view):
        found.append("unknown")
    elif a.setup.view != b.setup.view:
        found.append("view")
    elif a.setup.view != "side" and a.view.direction != b.view.direction:
        found.append("direction")
    elif a.setup.view == "side" and a.view.near_side != b.view.near_side:
        found.append("side")
    if _legs(a) != _legs(b):
        found.append("legs")
    if found:
        return found
    if _far_apart(a.setup.azimuth_deg, b.setup.azimuth_deg):
        found.append("azimuth")
    if _sized_apart(a.setup.person_height_share, b.setup.person_height_share):
        found.append("distance")
    if a.software.get("model_sha256") != b.software.get("model_sha256"):
        found.append("model")
    return found


def _legs(record: SetRecord) -> set[str]:
    return {rep.side for rep in record.reps if rep.counted and rep.side}


def _far_apart(a_deg: float | None, b_deg: float | None) -> bool:
    """Return whether two camera directions differ too much; None against a number is a difference, None twice (lying) is none."""
    if a_deg is None or b_deg is None:
        return a_deg is not b_deg
    return abs((a_deg - b_deg + 180) % 360 - 180) > SAME_AZIMUTH_DEG


def _sized_apart(a: float | None, b: float | None) -> bool:
    if not a or not b:
        return a is not b
    return max(a, b) / min(a, b) > SAME_SIZE_FACTOR
