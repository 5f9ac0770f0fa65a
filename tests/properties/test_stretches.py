"""A person who turns, or steps nearer, between repetitions is measured anew: each repetition belongs to its own stretch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.synthetic_cases import CLEAN, made, record_of

TURN_S, STANDS_S, STEP_S = 0.7, 0.5, 0.04


def starting(poses, before_s):
    """The poses without all but the last ``before_s`` of standing before the first repetition."""
    first = record_of(poses, "squat").reps[0]
    return [pose for pose in poses if pose.t_s >= first.start_s - before_s]


def continued(first, second, move_s=TURN_S):
    """The first poses, a change of posture that takes ``move_s``, and the second ones."""
    out, at_s = list(first), first[-1].t_s
    n = round(move_s / STEP_S)
    for i in range(1, n):
        share = (1 - np.cos(np.pi * i / n)) / 2
        between = {
            name: ((1 - share) * getattr(first[-1], name) + share * getattr(second[0], name)).astype(np.float32)
            for name in ("image_px", "world_m", "visibility")
        }
        out.append(replace(first[-1], t_s=at_s + i * STEP_S, **between))
    shift_s = at_s + n * STEP_S - second[0].t_s
    return out + [replace(pose, t_s=pose.t_s + shift_s) for pose in second]


def nearer(poses, factor):
    """The same movement of somebody who stands nearer: larger, the feet lower in the picture."""
    width, height = poses[0].size_px
    middle = np.array([width / 2, height / 2], np.float32)
    return [replace(pose, image_px=((pose.image_px - middle) * factor + middle).astype(np.float32)) for pose in poses]


@pytest.mark.parametrize(("first_deg", "second_deg"), [(0, 90), (90, 0), (0, -90), (20, 80)])
def test_a_person_who_turns_and_goes_on_is_judged_from_where_each_repetition_is_seen(first_deg, second_deg):
    before, after = (made("squat", [CLEAN["squat"]] * 2, deg).poses for deg in (first_deg, second_deg))
    record = record_of(continued(before, starting(after, STANDS_S)), "squat")
    assert (record.rep_count, record.partial_count) == (4, 0)
    assert not record.faults
    alone = [
        rep
        for deg in (first_deg, second_deg)
        for rep in record_of(made("squat", [CLEAN["squat"]] * 2, deg).poses, "squat").reps
    ]
    for rep, expected in zip(record.reps, alone, strict=True):
        assert rep.near_side == expected.near_side
        assert rep.measures["knee_flexion_peak_deg"] == pytest.approx(
            expected.measures["knee_flexion_peak_deg"], abs=4.0
        )


@pytest.mark.parametrize("azimuth_deg", [0, 90])
@pytest.mark.parametrize("factor", [1.25, 0.8])
def test_a_person_who_comes_nearer_or_goes_further_is_measured_by_their_new_size(azimuth_deg, factor):
    poses = made("squat", [CLEAN["squat"]] * 2, azimuth_deg).poses
    record = record_of(continued(poses, starting(nearer(poses, factor), STANDS_S)), "squat")
    assert (record.rep_count, record.partial_count) == (4, 0)
    assert not record.faults
    depths_deg = [rep.measures["knee_flexion_peak_deg"] for rep in record.reps]
    assert depths_deg[2:] == pytest.approx(depths_deg[:2], abs=4.0)
