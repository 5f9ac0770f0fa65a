"""Changes between sets. A change is certain beyond the smallest real difference, and only between comparable sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from formcheck.insights.setups import DEPTH, other_angle, other_distance, smallest_real_difference
from formcheck.spec.measures import MEASURES

if TYPE_CHECKING:
    from formcheck.model.records import SetRecord

Obstacle = Literal["exercise", "view", "direction", "side", "legs", "unknown", "azimuth", "distance", "model"]
_FORBIDS: frozenset[Obstacle] = frozenset({"exercise", "view", "direction", "side", "legs", "unknown"})
"""Obstacles that forbid a comparison. The other ones only make the smallest real difference larger."""


@dataclass(slots=True, frozen=True)
class Change:
    """A measure before and after, in its ``unit``.

    ``smallest_real``: the smallest real difference. None where none is known, and then ``certain`` is None too.
    """

    measure: str
    unit: str
    before: float
    after: float
    smallest_real: float | None

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def certain(self) -> bool | None:
        """Whether the difference is beyond the smallest real one."""
        return None if self.smallest_real is None else abs(self.difference) > self.smallest_real


@dataclass(slots=True, frozen=True)
class Comparison:
    """An earlier and a later set.

    Attributes
    ----------
    obstacles : tuple of Obstacle
        Differences in how the sets were filmed; empty for one set-up.
    changes : tuple of Change
        The changes; empty when the sets cannot be compared.
    """

    obstacles: tuple[Obstacle, ...]
    changes: tuple[Change, ...]

    @property
    def same_setup(self) -> bool:
        """Whether the two belong on one line of a trend."""
        return not self.obstacles

    @property
    def comparable(self) -> bool:
        """Whether no obstacle forbids a comparison."""
        return not _FORBIDS & set(self.obstacles)


def depth_trend(record: SetRecord) -> Change | None:
    """Compare the depth of the last three counted repetitions with that of the first three.

    Parameters
    ----------
    record : SetRecord
        The set.

    Returns
    -------
    Change or None
        The change; None with fewer than six repetitions.
    """
    depths = [rep.measures.get(DEPTH) for rep in record.reps if rep.counted]
    known = [depth for depth in depths if depth is not None]
    if len(known) < 6:
        return None
    limit = smallest_real_difference(DEPTH, record.setup.view)
    return Change(DEPTH, "deg", sum(known[:3]) / 3, sum(known[-3:]) / 3, limit)


def compare(earlier: SetRecord, later: SetRecord) -> Comparison:
    """Compare two sets, measure by measure.

    Parameters
    ----------
    earlier, later : SetRecord
        The sets.

    Returns
    -------
    Comparison
        The changes, and the obstacles to comparing the sets.
    """
    obstacles = tuple(_obstacles(earlier, later))
    if _FORBIDS & set(obstacles):
        return Comparison(obstacles, ())
    changes = [
        Change(
            name,
            MEASURES[name].unit,
            a.mean,
            later.statistics[name].mean,
            smallest_real_difference(name, later.setup.view, not obstacles),
        )
        for name, a in earlier.statistics.items()
        if name in MEASURES and MEASURES[name].real_differences and name in later.statistics
    ]
    if earlier.holds and later.holds:
        clocks = ("hold_s", "in_form_s", "longest_in_form_s")
        changes += [Change(name, "s", getattr(earlier, name), getattr(later, name), None) for name in clocks]
    return Comparison(obstacles, tuple(changes))


def _obstacles(a: SetRecord, b: SetRecord) -> list[Obstacle]:
    if a.exercise != b.exercise:
        return ["exercise"]
    found = _other_view(a, b)
    if _legs(a) != _legs(b):
        found.append("legs")
    if found:
        return found
    if other_angle(a.setup, b.setup):
        found.append("azimuth")
    if other_distance(a.setup, b.setup):
        found.append("distance")
    if a.software.get("model_sha256") != b.software.get("model_sha256"):
        found.append("model")
    return found


def _other_view(a: SetRecord, b: SetRecord) -> list[Obstacle]:
    """Return the first difference of view, direction or side; empty without one."""
    if "unknown" in (a.setup.view, b.setup.view):
        return ["unknown"]
    if a.setup.view != b.setup.view:
        return ["view"]
    if a.setup.view != "side":
        return ["direction"] if a.view.direction != b.view.direction else []
    return ["side"] if a.view.near_side != b.view.near_side else []


def _legs(record: SetRecord) -> set[str]:
    return {rep.side for rep in record.reps if rep.counted and rep.side}
