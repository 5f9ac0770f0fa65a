"""Which sets may be compared, and from where on a difference between them is real.

Smallest real differences: a knee's flexion from the side about 5 deg within one set-up and 10 deg across set-ups, the frontal
plane projection angle 8 deg, 2.77 x SEM 3 deg (clinical-rules 1.5, 3 and 8). From the front and at an angle a knee is measured
half as exactly (``engine.view``), so there it takes twice as much; clinical default. The mean of three reaches ahead 5.5 cm,
2.77 x SEM 2.0 cm (Shaffer 2013, Military Medicine 178:1264), which is 0.07 of a leg of 84 cm. Nothing else has a published one,
so nothing else is called a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from formcheck.model.records import SetupSignature, ViewLabel

DEPTH = "knee_flexion_peak_deg"
SAME_AZIMUTH_DEG = 15.0
"""Camera directions this near count as one set-up: 15 deg change a knee seen from the side by about 2 deg (clinical-rules 3.3)."""
SAME_HEIGHT_SHARE = 0.2
"""So far apart, as a share of the taller, may the heights of the person in the picture be in one set-up; clinical default:
1.5 m or 2.5 m moves a knee by 5 deg (clinical-rules 3.3)."""


class RealDifference(NamedTuple):
    """From where on a difference is more than the uncertainty of two measurements, within a set-up and across."""

    same_setup: float
    across: float


_KNEE: dict[ViewLabel, RealDifference] = {
    "side": RealDifference(5.0, 10.0),
    "front": RealDifference(10.0, 20.0),
    "oblique": RealDifference(10.0, 20.0),
}
REAL_DIFFERENCES: dict[str, dict[ViewLabel, RealDifference]] = {
    DEPTH: _KNEE,
    "knee_flexion_range_deg": _KNEE,
    "knee_flexion_top_deg": _KNEE,
    "knee_projection_angle_deg": {"front": RealDifference(8.0, 8.0)},
    "reach_ratio": {"side": RealDifference(0.07, 0.07)},
}
"""By measure and view."""


def smallest_real_difference(measure: str, view: ViewLabel, alike: bool = True) -> float | None:
    """Return the smallest difference of a measure between two sets seen from ``view`` that is no noise, None where none is known.

    ``alike``: the two are of one set-up.
    """
    known = REAL_DIFFERENCES.get(measure, {}).get(view)
    return None if known is None else known.same_setup if alike else known.across


def same_setup(a: SetupSignature, b: SetupSignature) -> bool:
    """Return whether two sets were filmed alike, so that little of a difference can come from the camera."""
    seen_alike = a.view == b.view != "unknown"
    return seen_alike and not other_angle(a, b) and not other_distance(a, b)


def other_angle(a: SetupSignature, b: SetupSignature) -> bool:
    """Return whether the camera stood at another angle; unknown twice (lying) is no difference, unknown once is one."""
    if a.azimuth_deg is None or b.azimuth_deg is None:
        return a.azimuth_deg is not b.azimuth_deg
    return abs((a.azimuth_deg - b.azimuth_deg + 180) % 360 - 180) > SAME_AZIMUTH_DEG


def other_distance(a: SetupSignature, b: SetupSignature) -> bool:
    """Return whether the person stood at another distance, told by their height in the picture; unknown as in ``other_angle``."""
    if a.person_height_share is None or b.person_height_share is None:
        return a.person_height_share is not b.person_height_share
    low, high = sorted((a.person_height_share, b.person_height_share))
    return high - low > SAME_HEIGHT_SHARE * high
