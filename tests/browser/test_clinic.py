"""A physiotherapist and a person at a distance, two browsers at once: from the invitation to the end of the link.

The tests of this file are steps of one story.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.clinic import Clinic, running_clinic, sign_in, window
from tests.browser.conftest import choose, settle
from tests.browser.trainee import CAMERA, Trainee
from tests.clinic import Clinic as MadeClinic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.postgres import Server

REPETITIONS = 2
GOAL, COMMENT, MESSAGE = "Up the stairs without the rail", "Push the floor apart here", "One more set from now on"
NOTE = "Knees come in as the pain rises"
UNKNOWN = "This person is not linked to you, or not any more."
MOST_CLICKS = 4


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Clinic]:
    with running_clinic(tmp_path_factory.mktemp("clinic-home"), postgres) as clinic:
        yield clinic


@pytest.fixture(scope="module")
def petra(clinic: Clinic, browser: Browser) -> Iterator[Page]:
    """The physiotherapist's window, signed in."""
    clinic.store.accounts.set_roles(clinic.account("petra"), ["physiotherapist"])
    context = window(browser)
    page = context.new_page()
    sign_in(page, clinic, "petra")
    yield page
    context.close()


@pytest.fixture(scope="module")
def anna(chromium: Callable[..., Browser], films: Callable[[str], Path]) -> Iterator[Trainee]:
    """The person at home, whose knees come in."""
    browser = chromium(*CAMERA, f"--use-file-for-fake-video-capture={films('squat_front_knees_in')}")
    anna = Trainee(window(browser).new_page(), "en")
    yield anna
    browser.close()
    assert not anna.errors


def press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_have_count(1)  # while the page is drawn anew it may be there twice, and one of them about to go
    button.click()
    settle(page)


def lead(page: Page, name: str) -> None:
    """Go to a page by the menu."""
    page.get_by_role("link", name=name, exact=True).click()
    settle(page)


def write(page: Page, label: str | re.Pattern, text: str) -> None:
    page.get_by_role("textbox", name=label).fill(text)
    page.keyboard.press("Control+Enter")
    settle(page)


def number(page: Page, label: str, value: int) -> None:
    field = page.get_by_role("spinbutton", name=label)
    field.fill(str(value))
    field.press("Enter")
    settle(page)


def answer(page: Page, question: str, value: int) -> None:
    """Answer a question from 0 to 10."""
    asked = page.get_by_test_id("stButtonGroup").filter(has_text=question)
    expect(asked).to_have_count(1)
    asked.get_by_role("radio", name=str(value), exact=True).click()
    settle(page)


def train(anna: Trainee, pain: int, exertion: int) -> None:
    """Do one set of today's programme in front of the camera, and say how it was."""
    press(anna.page, "Start today's training")
    anna.page.locator(".live .panel button.main").click()
    anna.started()
    anna.wait("stage", lambda stage: stage == "done")
    assert not anna.live("camera_live")
    anna.press("go_on")
    anna.page.get_by_role("heading", name="Well done").wait_for()
    settle(anna.page)
    answer(anna.page, "Pain during it", pain)
    anna.page.get_by_text("Red, over 5" if pain > 5 else "Green, 0–2").wait_for()
    answer(anna.page, "How hard was it?", exertion)
    press(anna.page, "Finish for today")
    anna.page.get_by_role("heading", name="Today").wait_for()
    settle(anna.page)


def queued(page: Page) -> Locator:
    """What opens the one training day that waits, whether it gave a reason, is in the sample, or neither."""
    return page.get_by_role("button", name=re.compile("^(Open|Look)$"))


def test_an_invitation_links_the_two(clinic: Clinic, petra: Page, anna: Trainee):
    press(petra, "Invite somebody")
    link = petra.get_by_test_id("stCode").locator("code").inner_text().strip()
    assert link.startswith(f"{clinic.app.url}/?invite=")
    anna.page.goto(link)
    anna.page.get_by_text("You came with an invitation").wait_for()
    assert link.partition("=")[2] not in anna.page.url, "it does not stay in the address"
    sign_in(anna.page, clinic, "anna")
    anna.page.get_by_role("heading", name="Petra Lund invites you").wait_for()
    expect(petra.get_by_role("button", name="Anna Holm")).to_have_count(0)
    assert clinic.as_("petra").links.people_of() == [], "nothing is agreed yet"
    press(anna.page, "Accept")
    anna.page.get_by_text("Petra Lund can see your training now").wait_for()
    petra.get_by_role("button", name="Anna Holm").wait_for()  # by itself
    press(petra, "I have copied it")


def test_the_physiotherapist_builds_a_programme(petra: Page):
    petra.get_by_role("button", name="Anna Holm").click()
    petra.get_by_role("button", name="Make a programme").click()
    petra.get_by_role("heading", name="Programme for Anna Holm").wait_for()
    settle(petra)
    press(petra, "Begin with an empty programme")
    write(petra, "Name of the programme", "Strong knees")
    choose(petra, "Add an exercise", "Squat")
    petra.get_by_text("1. Squat").wait_for()
    settle(petra)
    number(petra, "Sets", 1)
    number(petra, "Repetitions", REPETITIONS)
    write(petra, "Goal 1", GOAL)
    petra.get_by_text(GOAL).wait_for()  # in what the person will see
    press(petra, "Save")
    petra.get_by_text("Version 1, saved on").wait_for()


def test_the_person_trains_it(clinic: Clinic, anna: Trainee):
    page = anna.page
    page.goto(f"{clinic.app.url}/?lang=en")
    press(page, "Skip")
    page.get_by_role("heading", name="Today").wait_for()
    page.get_by_text("Strong knees").wait_for()
    settle(page)
    answer(page, GOAL, 4)
    expect(page.get_by_text("how near are you to your goals?")).to_have_count(0)
    answer(page, "Pain right now", 2)
    page.get_by_text("Green, 0–2").wait_for()
    train(anna, pain=6, exertion=4)
    expect(page.get_by_text("Everything for today is done.")).to_be_visible()


def test_the_physiotherapist_sees_the_day_comments_and_adjusts(petra: Page):
    lead(petra, "Review queue")
    petra.get_by_text("To open (1)").wait_for()
    petra.get_by_text("Pain 6 of 10 during Squat").wait_for()
    queued(petra).click()
    petra.get_by_role("heading", name="Squat", exact=True).wait_for()
    settle(petra)
    petra.get_by_text("Correct", exact=True).click()
    settle(petra)
    petra.get_by_role("radio", name="Right", exact=True).first.click()
    petra.get_by_text("agreed with 1 of 1").wait_for()
    settle(petra)
    write(petra, re.compile("^At "), COMMENT)
    press(petra, "Keep the comment")
    petra.get_by_role("paragraph").filter(has_text=re.compile(f"{COMMENT}.*Petra Lund", re.DOTALL)).wait_for()
    petra.get_by_role("button", name="Message").click()
    write(petra, "Message", MESSAGE)
    petra.get_by_role("button", name="Send", exact=True).click()
    petra.get_by_text("The message was sent.").wait_for()  # for a few seconds only: not after the page has settled
    settle(petra)
    petra.keyboard.press("Escape")
    write(petra, "Note for the record", NOTE)
    press(petra, "Close the review")
    petra.get_by_text("Everything is looked through.").wait_for()
    lead(petra, "People")
    petra.get_by_role("button", name="Anna Holm").click()
    petra.get_by_text(NOTE).wait_for()
    press(petra, "Change the programme")
    petra.get_by_role("heading", name="Programme for Anna Holm").wait_for()
    settle(petra)
    petra.get_by_text("1. Squat").click()
    settle(petra)
    number(petra, "Sets", 2)
    press(petra, "Save")
    petra.get_by_text("Version 2, saved on").wait_for()


def test_the_person_sees_it(anna: Trainee):
    page = anna.page
    lead(page, "Today")
    page.get_by_text("1 new message").wait_for()
    page.get_by_role("button", name="Start today's training").wait_for()  # there is a set more
    lead(page, "Programme")
    page.get_by_text("This programme was made by Petra Lund.").wait_for()
    page.get_by_text(f"2 sets of {REPETITIONS}").wait_for()
    lead(page, "Messages")
    page.get_by_text(MESSAGE).wait_for()
    page.get_by_text(COMMENT).wait_for()
    press(page, "Look")
    page.get_by_role("heading", name="Squat", exact=True).wait_for()
    lead(page, "Today")
    expect(page.get_by_text("1 new message")).to_have_count(0)


def test_a_training_day_without_remarks_takes_few_clicks(clinic: Clinic, petra: Page):
    (link,) = clinic.as_("petra").links.people_of()
    MadeClinic(clinic.store, people={"Anna": link.person_id}).trained("Anna", 0, pain=1, exertion=3)
    lead(petra, "People")
    petra.get_by_text("Without a reason (1)").wait_for()
    petra.evaluate("() => { window.clicks = 0; addEventListener('click', () => window.clicks++, true); }")
    lead(petra, "Review queue")
    queued(petra).click()
    petra.get_by_role("heading", name="Squat", exact=True).wait_for()
    settle(petra)
    press(petra, "Close the review")
    petra.get_by_text("Everything is looked through.").wait_for()
    assert 1 <= petra.evaluate("window.clicks") <= MOST_CLICKS


def test_a_link_that_is_ended_ends_what_is_open_at_once(clinic: Clinic, petra: Page, anna: Trainee):
    lead(petra, "People")
    petra.get_by_role("button", name="Anna Holm").click()
    petra.get_by_role("button", name=re.compile("^Play from ")).first.wait_for()
    settle(petra)
    with petra.expect_response(re.compile("/offered/")) as fetched:
        petra.get_by_role("button", name=re.compile("^Play from ")).first.click()
    petra.get_by_role("heading", name="Squat", exact=True).wait_for()
    settle(petra)
    opened, landmarks = petra.url, fetched.value.url
    assert petra.request.get(landmarks).ok
    beside = petra.context.new_page()
    beside.goto(f"{clinic.app.url}/messages")
    beside.get_by_text(COMMENT).wait_for()

    lead(anna.page, "My data")
    anna.page.get_by_role("button", name="End this").click()
    press(anna.page, "End it now")
    anna.page.get_by_text("No physiotherapist sees your training").wait_for()
    assert petra.request.get(landmarks).status == 404
    petra.get_by_text(UNKNOWN).wait_for()  # by itself, as everything that was open
    expect(petra.get_by_role("heading", name="Squat")).to_have_count(0)
    beside.get_by_text("Nobody is linked to you yet").wait_for()
    expect(beside.get_by_text(COMMENT)).to_have_count(0)
    for address in (opened, opened.replace("/people", "/queue")):
        beside.goto(address)
        beside.get_by_text(UNKNOWN).wait_for()
        expect(beside.get_by_text("Squat")).to_have_count(0)
    expect(
        anna.page.get_by_role("row").filter(has_text="Petra Lund").filter(has_text="changed your programme")
    ).to_have_count(1)
    anna.page.reload()
    anna.page.get_by_text("Tried, and was refused").first.wait_for()
