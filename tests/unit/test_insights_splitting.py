"""Several sets in one video are told apart by their rests, and each is counted by itself."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.coach.live_set import QUIET_S
from formcheck.insights import only, parts
from formcheck.model.records import Event
from tests.example_records import plank_record, squat_record


def split(record, *rest_s):
    return [only(record, part) for part in parts(record, *rest_s)]


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
    assert part.model_dump(include=same) == record.model_dump(include=same)


@pytest.mark.parametrize(("rest_s", "expected"), [(QUIET_S - 1, 1), (QUIET_S + 1, 2)])
def test_a_long_rest_begins_a_new_set(rest_s, expected):
    record = squat_record()
    second = record.reps[1]
    rested = moved(record, rest_s - (second.start_s - record.reps[0].end_s), second.index)
    found = split(rested)
    assert len(found) == expected
    assert sum(part.rep_count for part in found) == record.rep_count
    assert sum(part.partial_count for part in found) == record.partial_count
    assert [rep.index for part in found for rep in part.reps] == [rep.index for rep in record.reps]
    for part in found:
        assert {fault.rep for fault in part.faults} <= {rep.index for rep in part.reps}
        depths = [rep.measures["knee_flexion_peak_deg"] for rep in part.reps if rep.counted]
        assert part.statistics["knee_flexion_peak_deg"].mean == pytest.approx(np.mean(depths), abs=0.06)


def test_each_part_tells_what_reaches_into_it():
    record = squat_record()
    middle_s = (record.reps[0].end_s + record.reps[1].start_s) / 2
    turned = Event(kind="picture_turned", start_s=middle_s - 1, end_s=middle_s + 1)
    lost = Event(kind="person_lost", start_s=middle_s + 0.2, end_s=middle_s + 0.4)
    ended = Event(kind="file_ended_early", start_s=record.source.duration_s - 0.1, end_s=record.source.duration_s)
    first, second, *_, last = split(record.model_copy(update={"events": [turned, lost, ended]}), 0.01)
    assert first.events == [turned]
    assert second.events == [turned, lost]
    assert last.events == [ended]


def test_the_rest_that_splits_may_be_another():
    record = squat_record()
    assert len(split(record, 0.01)) == len(record.reps)
    assert len(split(record, 1000)) == 1


def test_a_hold_has_the_clocks_of_its_part():
    record = plank_record()
    (part,) = split(record)
    assert part.hold_s == pytest.approx(record.hold_s, abs=0.01)
    assert part.in_form_s == pytest.approx(record.in_form_s, abs=0.01)
