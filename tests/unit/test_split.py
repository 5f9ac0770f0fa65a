"""Several sets in one video are told apart by their rests, and each is counted by itself."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.understanding import REST_S, split
from tests.records_fixture import plank_record, squat_record


def moved(record, by_s: float, first: int):
    """Return a record whose repetitions from number ``first`` on come later."""

    def later(rep):
        times = {name: getattr(rep, name) + by_s for name in ("start_s", "turn_s", "end_s")}
        return rep.model_copy(update=times) if rep.index >= first else rep

    return record.model_copy(update={"reps": [later(rep) for rep in record.reps]})


def test_one_set_is_one_part_with_the_same_numbers():
    record = squat_record()
    (part,) = split(record)
    same = {"rep_count", "partial_count", "reps", "hold_s"}
    assert part.record.model_dump(include=same) == record.model_dump(include=same)


@pytest.mark.parametrize(("rest_s", "parts"), [(REST_S - 1, 1), (REST_S + 1, 2)])
def test_a_long_rest_begins_a_new_set(rest_s, parts):
    record = squat_record()
    second = record.reps[1]
    rested = moved(record, rest_s - (second.start_s - record.reps[0].end_s), second.index)
    found = split(rested)
    assert [part.number for part in found] == list(range(1, parts + 1))
    assert sum(part.record.rep_count for part in found) == record.rep_count
    assert sum(part.record.partial_count for part in found) == record.partial_count
    assert [rep.index for part in found for rep in part.record.reps] == [rep.index for rep in record.reps]
    for part in found:
        assert {fault.rep for fault in part.record.faults} <= {rep.index for rep in part.record.reps}
        depths = [rep.measures["knee_flexion_peak_deg"] for rep in part.record.reps if rep.counted]
        assert part.record.statistics["knee_flexion_peak_deg"].mean == pytest.approx(np.mean(depths), abs=0.01)


def test_the_rest_that_splits_may_be_another():
    record = squat_record()
    assert len(split(record, 0.01)) == len(record.reps)
    assert len(split(record, 1000)) == 1


def test_a_hold_has_the_clocks_of_its_part():
    record = plank_record()
    (part,) = split(record)
    assert part.record.hold_s == pytest.approx(record.hold_s, abs=0.01)
    assert part.record.in_form_s == pytest.approx(record.in_form_s, abs=0.01)


def test_a_set_of_nothing_has_no_parts():
    assert split(squat_record(reps=[], holds=[], faults=[], rep_count=0, partial_count=0)) == []
