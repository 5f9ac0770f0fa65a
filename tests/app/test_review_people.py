"""Several people on the review page: who was followed is shown, with a picture of each, and another one can be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck.analysis import run
from formcheck.analysis.run import PoseSequence
from formcheck.model.records import FollowedPerson, SeenPerson, Source
from formcheck.synthetic import Recording, SquatRep, squat_set
from tests.app.test_review_page import analyse, button, choose_sample, open_page
from tests.pages import words

if TYPE_CHECKING:
    from formcheck.model.frames import Pose

pytestmark = pytest.mark.usefixtures("store")
PEOPLE = [SeenPerson(seen_s=0.5, box_px=(-10, 40, 200, 470)), SeenPerson(seen_s=1.0, box_px=(300, 40, 500, 470))]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Let two people be in every film; return whom the page asks for."""
    poses: list[Pose] = squat_set([SquatRep()], recording=Recording(fps=10)).poses
    asked: list[int | None] = []

    def read_video(path, *, model, person, progress, **_how) -> PoseSequence:
        asked.append(person)
        progress(len(poses), 1.0)
        followed = FollowedPerson(number=person or 2, on_request=person is not None, people=PEOPLE)
        source = Source(name=path.name, width=640, height=480, duration_s=poses[-1].t_s, person=followed)
        return PoseSequence(tuple(poses), source, {"model": model})

    monkeypatch.setattr(run, "read_video", read_video)
    return asked


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "The one who did most of the exercise was followed.", "The one that you chose was followed."),
        ("da", "Den, der lavede mest af øvelsen, blev fulgt.", "Den, du valgte, blev fulgt."),
    ],
)
def test_another_person_is_followed_by_one_press(asked, language, first, second):
    page = open_page(language)
    choose_sample(page)
    analyse(page)
    assert first in words(page)
    assert (button(page, "person-1").disabled, button(page, "person-2").disabled) == (False, True)
    button(page, "person-1").click().run()
    page.session_state.job.wait(120)
    page.run()
    assert not page.exception
    assert asked == [None, 1]
    assert second in words(page)
    assert (button(page, "person-1").disabled, button(page, "person-2").disabled) == (True, False)
    assert len(page.get("image")) == len(PEOPLE)
    assert page.session_state.job.outcome.person_file(1).read_bytes()[:2] == b"\xff\xd8", "a picture of each is cut out"
