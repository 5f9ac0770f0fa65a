"""Which of several people is judged, by made poses: most repetitions, then size; without any repetition, who moves most."""

from __future__ import annotations

from dataclasses import replace

import pytest

from formcheck.analysis.run import PoseSequence
from formcheck.exercises import load
from formcheck.model.records import FollowedPerson, SeenPerson, Source
from formcheck.synthetic import Recording, SquatRep, squat_set

SEEN = [SeenPerson(seen_s=0.0, box_px=(0, 0, 1, 1))] * 2


def person(number: int, reps: list[SquatRep], scale: float = 1.0, end_s: float = 1e9) -> PoseSequence:
    """Return a person who squats in front of a camera; ``scale``: smaller in the same picture."""
    poses = tuple(
        replace(pose, image_px=pose.image_px * scale)
        for pose in squat_set(reps, recording=Recording(fps=10)).poses
        if pose.t_s <= end_s
    )
    width, height = poses[0].size_px
    followed = FollowedPerson(number=number, on_request=False, people=SEEN)
    source = Source(name="made", width=width, height=height, duration_s=poses[-1].t_s, person=followed)
    return PoseSequence(poses, source, {})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(person(2, [SquatRep()]), person(1, [SquatRep()] * 2, 0.6), id="more repetitions, though smaller"),
        pytest.param(person(2, [SquatRep()], 0.6), person(1, [SquatRep()]), id="as many, and larger"),
        pytest.param(
            person(2, [SquatRep()], end_s=0.5), person(1, [SquatRep()], 0.6, end_s=2.0), id="none, and moves more"
        ),
    ],
)
def test_the_one_is_judged_who_does_most(first: PoseSequence, second: PoseSequence):
    for one, other in ((first, second), (second, first)):
        judged = replace(one, others=(other,)).judge(load("squat"))
        assert judged.record.source.person.number == 1
        assert len(judged.trace.t_s) == len(second.poses), "the landmarks are that person's"
