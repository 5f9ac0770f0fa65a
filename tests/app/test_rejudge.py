"""A kept set is judged again with all that its video told, also what its landmarks do not show."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from formcheck.analysis.run import PoseSequence
from formcheck.app import identity, training
from formcheck.exercises import load
from formcheck.model.records import Event, Source
from formcheck.spec.prescription import Prescription
from formcheck.synthetic import Camera, Recording, SquatRep, squat_set
from tests.clinic import empty_clinic

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.store.store import Store


def test_another_depth_leaves_what_was_wrong_with_the_video(store: Store, sit_down: Callable):
    clinic = empty_clinic(store)
    clinic.person("Bo Bentsen")
    sit_down(clinic.asker(clinic.accounts["Bo Bentsen"]))
    poses = tuple(squat_set([SquatRep()], Camera(azimuth_deg=90), Recording(fps=15)).poses)
    source = Source(name="a.mp4", width=1280, height=720, duration_s=20.0)
    ended = Event(kind="file_ended_early", start_s=poses[-1].t_s, end_s=20.0)
    result = PoseSequence(poses, source, {}, broken_frames=2, events=(ended,)).judge(load("squat"))
    mine = identity.store()
    set_id = training.keep_from_video(mine, mine.people.get(clinic.people["Bo Bentsen"]), date(2026, 1, 1), result)
    deeper = Prescription(exercise="squat", target_depth_deg=120)
    now = training.rejudge(mine, set_id, mine.sets.get(set_id).trace_sha256, deeper.model_dump_json())
    assert now.faults != result.record.faults
    assert now.events == result.record.events == [ended]
    assert now.quality.broken_frames == 2
