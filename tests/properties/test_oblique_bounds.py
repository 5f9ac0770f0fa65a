"""From between the front and the side a leaning trunk is told when it leans further than a camera there can be wrong about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.synthetic_cases import CLEAN, made, record_of

if TYPE_CHECKING:
    from formcheck.synthetic import LungeRep


AZIMUTHS_DEG = (-150, -45, -20, 20, 35, 60, 130, 160)
LEANS_DEG = ((4, 0), (12, 6), (50, 0), (4, 30), (4, -30))


@pytest.mark.parametrize(
    ("lean_deg", "side_lean_deg", "azimuth_deg"),
    [(*lean, AZIMUTHS_DEG[(3 * i + 2 * j) % 8]) for i, lean in enumerate(LEANS_DEG) for j in range(4)],
)
def test_between_front_and_side_a_lunge_leans_too_far_only_when_it_does(lean_deg, side_lean_deg, azimuth_deg):
    part = replace(CLEAN["lunge"], lean_deg=lean_deg, side_lean_deg=side_lean_deg)
    record = record_of(made("lunge", [part] * 2, azimuth_deg).poses, "lunge")
    found = {v.outcome for rep in record.reps for v in rep.verdicts if v.rule == "side_lean"}
    if max(lean_deg, abs(side_lean_deg)) <= 12:
        assert found == {"not_assessed"}
    else:  # whether it can be seen depends on where the camera stands
        in_picture_deg = np.degrees(np.arctan(_seen_lean(part, azimuth_deg)))
        assert (found == {"fault"}) if abs(in_picture_deg) > 22 else (found <= {"fault", "not_assessed"})


def _seen_lean(part: LungeRep, azimuth_deg: float) -> float:
    """Return the tangent of the trunk's inclination in the picture (the left leg in front, the lean to its side)."""
    ahead, aside = np.tan(np.radians([part.lean_deg, part.side_lean_deg]))
    return aside * np.cos(np.radians(azimuth_deg)) - ahead * np.sin(np.radians(azimuth_deg))
