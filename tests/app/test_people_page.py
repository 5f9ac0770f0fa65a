"""The list of people as their physiotherapist sees it: order and reasons, invitations, what moves somebody up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from formcheck.store.access import AuthorisedStore
from tests.clinic import Clinic, empty_clinic, full_clinic
from tests.pages import open_page, press, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from formcheck.store.store import Store


@pytest.fixture
def clinic(store: Store, sit_down: Callable) -> Clinic:
    made = full_clinic(store)
    sit_down(made.asker(made.anna))
    return made


@pytest.fixture
def nobody(store: Store, sit_down: Callable) -> Clinic:
    made = empty_clinic(store)
    sit_down(made.asker(made.anna))
    return made


def names(page: AppTest) -> list[str]:
    return [button.label.strip("*") for button in page.button if button.key.startswith("person-")]


def test_who_needs_attention_comes_first_with_the_reasons_in_words(clinic: Clinic):
    page = open_page("people")
    assert names(page) == ["Bo Bentsen", "Dorte Dam", "Eva Ek", "Finn Fisk"]
    told = words(page)
    assert "With a reason to look (2)" in told
    assert re.search(r"Pressed Stop on .* at \d\d:\d\d: the knee locks or gives way", told)
    assert told.index("Pressed Stop") < told.index("Pain 7 of 10 during Squat") < told.index("Pain 6 of 10")
    assert "week 2 of 6, " in told
    assert "Without a reason (2)" in told
    assert "No programme · has not trained lately" in told


def test_somebody_elses_people_are_not_there(clinic: Clinic, sit_down: Callable):
    assert "Gry" not in words(open_page("people"))
    sit_down(clinic.asker(clinic.carl))
    assert names(open_page("people")) == ["Gry Gade"]


def test_in_danish(clinic: Clinic):
    told = words(open_page("people", "da"))
    assert "Se på først (2)" in told
    assert "knæet låser eller svigter" in told
    assert "Intet særligt (2)" in told


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Press “Invite somebody”"), ("da", "Tryk på »Invitér en borger«")]
)
def test_an_empty_list_says_what_to_do_next(nobody: Clinic, language: str, said: str):
    page = open_page("people", language)
    assert said in words(page)
    label = next(button.label for button in page.button if button.key == "invite")
    assert label in words(page), "the button is called what the sentence calls it"


def test_an_invitation_is_shown_once_works_and_can_be_withdrawn(nobody: Clinic, sit_down: Callable):
    page = press(open_page("people"), "invite")
    (link,) = (block.value for block in page.code)
    token = link.partition("?invite=")[2]
    assert "It works once, until" in words(page)
    press(page, "invite-done")
    assert not page.code
    assert token not in words(page)
    bo = nobody.store.accounts.signed_in("https://id.example", "bo", "Bo").id
    AuthorisedStore(nobody.store, nobody.asker(bo)).links.accept(token)
    assert names(open_page("people")) == ["Bo"]
    press(page, "invite")
    (waiting,) = nobody.store.links.invitations(by=nobody.anna)
    press(page, f"withdraw-{waiting.id}")
    assert nobody.store.links.invitations(by=nobody.anna) == []
    assert not page.code, "a link that works no more is not shown"


def test_the_physiotherapist_chooses_what_moves_somebody_up(clinic: Clinic):
    page = open_page("people")
    next(toggle for toggle in page.toggle if toggle.key == "trigger-stop").set_value(False)
    next(box for box in page.selectbox if box.key == "trigger-pain_above-en").set_value(6)
    press(page, "trigger-save")
    assert "With a reason to look (1)" in words(page)
    assert "Pressed Stop" not in words(page)
    again = open_page("people", "da")
    assert next(box for box in again.selectbox if box.key == "trigger-pain_above-da").value == 6
    assert clinic.store.accounts.get(clinic.anna).settings["triggers"]["stop"] is False
    assert clinic.store.accounts.get(clinic.carl).settings == {}


def test_a_choice_of_an_earlier_version_that_fits_no_more_is_not_in_the_way(clinic: Clinic):
    clinic.store.accounts.save_settings(clinic.anna, triggers={"pain_above": 99, "colour": "red"})
    assert "With a reason to look (2)" in words(open_page("people"))


def test_a_message_that_waits_is_opened_from_the_list(clinic: Clinic):
    clinic.wrote("Finn Fisk", "May I cycle?")
    with clinic.store.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE message SET sent_at = '2026-01-05 10:00:00'")
    page = open_page("people")
    assert names(page)[2] == "Finn Fisk"
    assert "A message has waited for" in words(page)
    press(page, f"reason-{clinic.people['Finn Fisk']}-0")
    assert r"May I cycle\?" in words(page)
    assert names(open_page("people")) == ["Bo Bentsen", "Dorte Dam", "Eva Ek", "Finn Fisk"]


def test_many_are_searched_by_name(clinic: Clinic):
    assert not open_page("people").text_input
    for n in range(5):
        clinic.person(f"Person {n} *the one*!")
    page = open_page("people")
    page.text_input[0].set_value("PERSON 3").run()
    assert names(page) == [r"Person 3 \*the one\*\!"], "whatever is typed as a name stays as it is"
    page.text_input[0].set_value("nobody").run()
    assert "Nobody of that name." in words(page)


def test_a_name_opens_the_page_of_the_person(clinic: Clinic):
    page = press(open_page("people"), f"person-{clinic.people['Eva Ek']}")
    assert page.title[0].value == "Eva Ek"
    press(page, "person-back")
    assert page.title[0].value == "People"


def test_a_person_has_no_list_of_people(clinic: Clinic, sit_down: Callable):
    sit_down(clinic.asker(clinic.accounts["Bo Bentsen"]))
    assert "Bo Bentsen" not in names(open_page())
    assert set(open_page().session_state.pages).isdisjoint({"people", "queue"})
