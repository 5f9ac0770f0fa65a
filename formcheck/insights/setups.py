"""Comparable sets, and the smallest difference between two sets that is real.

The smallest real differences are those of ``formcheck.spec.measures``. A measure without a published one is never called changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.spec.measures import MEASURES

if TYPE_CHECKING:
    from formcheck.model.records import SetupSignature, ViewLabel

DEPTH = "knee_flexion_peak_deg"
SAME_AZIMUTH_DEG = 15.0
"""Camera directions this near count as one set-up: 15 deg change a knee seen from the side by about 2 deg (clinical-rules 3.3)."""
SAME_HEIGHT_SHARE = 0.2
"""So far apart, as a share of the taller, may the heights of the person in the picture be in one set-up; clinical default:
1.5 m or 2.5 m moves a knee by 5 deg (clinical-rules 3.3)."""


def smallest_real_difference(measure: str, view: ViewLabel, alike: bool = True) -> float | None:
    """Look up the smallest difference of a measure between two sets that is no noise.

    Parameters
    ----------
    measure : str
        Name of the measure.
    view : ViewLabel
        The view of both sets.
    alike : bool
        Both sets are of one set-up.

    Returns
    -------
    float or None
        The difference in the unit of the measure; None where none is known.
    """
    registered = MEASURES.get(measure)
    if registered is None or view == "unknown" or view not in registered.real_differences:
        return None
    known = registered.real_differences[view]
    return known.same_setup if alike else known.across


def same_setup(a: SetupSignature, b: SetupSignature) -> bool:
    """Tell whether two sets were filmed alike, so that little of a difference can come from the camera.

    Parameters
    ----------
    a, b : SetupSignature
        The two set-ups.

    Returns
    -------
    bool
        True for the same view, angle and distance.
    """
    seen_alike = a.view == b.view != "unknown"
    return seen_alike and not other_angle(a, b) and not other_distance(a, b)


def other_angle(a: SetupSignature, b: SetupSignature) -> bool:
    """Tell whether the camera stood at another angle.

    Parameters
    ----------
    a, b : SetupSignature
        The two set-ups. An unknown angle in both (lying) is no difference, in one of them it is.

    Returns
    -------
    bool
        True beyond ``SAME_AZIMUTH_DEG``.
    """
    if a.azimuth_deg is None or b.azimuth_deg is None:
        return a.azimuth_deg is not b.azimuth_deg
    return abs((a.azimuth_deg - b.azimuth_deg + 180) % 360 - 180) > SAME_AZIMUTH_DEG


def other_distance(a: SetupSignature, b: SetupSignature) -> bool:
    """Tell whether the person stood at another distance, by their height in the picture.

    Parameters
    ----------
    a, b : SetupSignature
        The two set-ups. For an unknown height see ``other_angle``.

    Returns
    -------
    bool
        True beyond ``SAME_HEIGHT_SHARE``.
    """
    if a.person_height_share is None or b.person_height_share is None:
        return a.person_height_share is not b.person_height_share
    low, high = sorted((a.person_height_share, b.person_height_share))
    return high - low > SAME_HEIGHT_SHARE * high
