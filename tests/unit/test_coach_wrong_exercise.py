"""During a set of one exercise that looks like another one: it is said once, quietly, and changes nothing else."""

from __future__ import annotations

import pytest

from formcheck.analysis.recognition import Recognition, recognise
from formcheck.coach.wrong_exercise import WrongExerciseDetector
from formcheck.model.frames import Pose
from formcheck.spec.prescription import Prescription
from formcheck.synthetic import LungeRep, Recording, SquatRep, film, lunge_set
from formcheck.synthetic.distractors import high_knees, standing
from tests.coaching import LIVE_CAMERA, Run, run, squat, squats, standing_still
from tests.synthetic_cases import CLEAN, made

pytestmark = pytest.mark.usefixtures("recognised_once")
LUNGES = [LungeRep(), LungeRep(side="right")] * 3
LIKE = "say.looks_like"


def lunges(n: int = 6, fps: float = 30.0) -> list[Pose]:
    return list(lunge_set(LUNGES[:n], LIVE_CAMERA, Recording(fps=fps)).poses)


def watched(exercise: str, poses: list[Pose], counted: float = 0.0) -> list[tuple[float, str]]:
    """Return when another exercise was found, and which. Nothing is counted but where ``counted`` a second is."""
    lookout = WrongExerciseDetector(exercise)
    return [(pose.t_s, lookout.found) for pose in poses if lookout.update(pose, counted * pose.t_s)]


def in_a_set_of_squats(poses: list[Pose], **options: str) -> Run:
    return run(squat(repetitions=20), **options).feed(standing_still(8.0)).feed(poses)


def test_lunges_in_a_set_of_squats_are_said_once_and_shown():
    done = in_a_set_of_squats(lunges(4))
    assert [key for key in done.keys if key == LIKE] == [LIKE]
    assert done.keys[done.keys.index(LIKE) + 1] == "name.lunge"
    assert done.shown["note"] == "This looks like: Lunge"
    assert done.stages[-1] == "set"
    assert (done.shown["count"], done.shown["small"], done.shown["cue"], done.shown["joints"]) == (0, 0, None, [])
    assert [event.kind for event in done.events] == ["set_started"]


def test_it_waits_for_everything_else_that_is_said():
    coach = run(squat(repetitions=20)).feed(standing_still(8.0)).coach
    said = [word for pose in lunges() for word in coach.update(_later(pose, 8.1)).say if LIKE in word.keys]
    assert [(word.priority.name, word.text) for word in said] == [("OTHER", "This looks like: Lunge")]


def test_it_is_said_in_danish():
    assert in_a_set_of_squats(lunges(4), language="da").shown["note"] == "Det her ligner: Lunge (udfald)"


def test_it_goes_from_the_screen_again_and_the_set_goes_on_counting():
    done = in_a_set_of_squats(lunges())
    done.feed(squats([SquatRep()] * 3, lead_in_s=12.0, after_s=0.5))
    assert (done.shown["note"], done.shown["count"]) == (None, 3)
    assert done.keys.count(LIKE) == 1


def test_squats_in_a_set_of_squats_are_squats():
    done = run(squat(repetitions=20)).feed(squats([SquatRep()] * 5))
    assert LIKE not in done.keys
    assert done.shown["note"] is None


@pytest.mark.parametrize(
    ("done", "azimuth_deg", "on", "found"),
    [
        ("side_lunge", 0, "squat", "side_lunge"),
        ("squat", 90, "lunge", "squat"),
        ("jump_landing", 0, "squat", "jump_landing"),
    ],
)
def test_another_exercise_is_found(done, azimuth_deg, on, found):
    poses = list(made(done, [CLEAN[done]] * 5, azimuth_deg, fps=20.0, noise_px=0.5).poses)
    assert [name for _, name in watched(on, poses)] == [found]


@pytest.mark.parametrize(
    ("poses", "on"),
    [
        (list(made("squat", [CLEAN["squat"]] * 5, 0, fps=20.0).poses), "lunge"),  # or stands from a chair: unsure
        (film(standing(20.0), LIVE_CAMERA, Recording(fps=20)), "squat"),
        (film(high_knees(10), LIVE_CAMERA, Recording(fps=20)), "squat"),
        (lunges(1, fps=20.0), "squat"),  # one may be a step into place
        ([Pose.nobody(i / 20, (640, 480)) for i in range(400)], "squat"),
    ],
    ids=["unsure", "standing", "high_knees", "only_one", "nobody"],
)
def test_what_is_not_surely_another_exercise_is_not_said(poses, on):
    assert watched(on, poses) == []


def test_nothing_is_said_while_the_set_counts():
    assert watched("squat", lunges(fps=20.0), counted=1.0) == []


def test_a_look_is_spread_over_many_pictures(monkeypatch: pytest.MonkeyPatch):
    steps: list[int] = []
    step = Recognition.step
    monkeypatch.setattr(Recognition, "step", lambda work: (steps.append(len(work._poses)), step(work)))
    lookout = WrongExerciseDetector("squat")
    for pose in lunges():
        before = len(steps)
        lookout.update(pose, 0.0)
        assert len(steps) - before <= 1
    assert steps
    assert max(steps) <= 101


def test_steps_find_what_the_whole_finds():
    poses = lunges(2, fps=10.0)
    work = Recognition(poses)
    while not work.done:
        work.step()
    assert work.segments() == recognise(poses)
    assert Recognition([]).done


def test_a_set_that_goes_on_after_an_interruption_looks_too():
    follower = run(Prescription(exercise="squat")).feed(standing_still(8.0)).coach.live_set
    for pose in lunges():
        follower.catch_up(_later(pose, 30.0))
    assert follower.shown()["note"] is None  # what has been is not said again


def _later(pose: Pose, by_s: float) -> Pose:
    return Pose(pose.t_s + by_s, pose.image_px, pose.world_m, pose.visibility, pose.size_px)
