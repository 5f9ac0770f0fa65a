"""Messages for both sides: written, read, about a moment of a set; what is not for somebody is not there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from formcheck.app import messaging
from formcheck.app.views import plain
from formcheck.model.corrections import Correction
from tests.clinic import Clinic, full_clinic
from tests.pages import open_page, press, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.store.store import Store

BO = "Bo Bentsen"


@pytest.fixture
def clinic(store: Store) -> Clinic:
    return full_clinic(store)


@pytest.fixture
def as_bo(clinic: Clinic, sit_down: Callable) -> None:
    sit_down(clinic.asker(clinic.accounts[BO]))


@pytest.fixture
def as_anna(clinic: Clinic, sit_down: Callable) -> None:
    sit_down(clinic.asker(clinic.anna))


def write(page, text: str):
    page.text_area[0].set_value(text).run()
    return press(page, "send")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Messages are read on weekdays."), ("da", "Beskeder læses på hverdage.")]
)
@pytest.mark.usefixtures("as_bo")
def test_at_the_box_it_says_when_messages_are_read_and_whom_to_call(
    monkeypatch: pytest.MonkeyPatch, language: str, said: str
):
    told = words(open_page("messages", language))
    assert said in told
    assert ("out-of-hours service" if language == "en" else "lægevagten") in told
    monkeypatch.setenv(messaging.URGENT_VARIABLE, " 12 34 56 78 ")
    assert "12 34 56 78" in words(open_page("messages", language))


def test_both_sides_write_and_what_is_new_is_marked_once(clinic: Clinic, store: Store, sit_down: Callable):
    sit_down(clinic.asker(clinic.accounts[BO]))
    page = write(open_page("messages"), "Is *this* right?")
    assert plain("Is *this* right?") in words(page)
    assert page.text_area[0].value == ""
    sit_down(clinic.asker(clinic.anna))
    page = open_page("messages", person=str(clinic.people[BO]))
    assert "new" in next(text.value for text in page.markdown if "Bo Bentsen" in text.value)
    assert "weekdays" not in words(page), "that is for the person"
    assert ":orange-badge" not in words(page.run()), "it was read"
    write(page, "Quite right.")
    assert [(one.from_person, one.text) for one in store.messages.of(clinic.people[BO])] == [
        (True, "Is *this* right?"),
        (False, "Quite right."),
    ]
    sit_down(clinic.asker(clinic.accounts[BO]))
    told = words(open_page("messages"))
    assert ":orange-badge[new]" in told
    assert told.index(plain("Is *this*")) < told.index("Quite right")


@pytest.mark.usefixtures("as_bo")
def test_an_empty_message_is_told_and_not_sent(clinic: Clinic, store: Store):
    page = write(open_page("messages", "da"), "  ")
    assert store.messages.of(clinic.people[BO]) == []
    assert len(page.error) == 1


def test_what_cannot_be_sent_stays_in_the_box(clinic: Clinic, store: Store, sit_down: Callable):
    sit_down(clinic.asker(clinic.accounts[BO]))
    page = open_page("messages")
    page.text_area[0].set_value("Help").run()
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(messaging, "send", _refuse)
        press(page, "send")
    assert page.text_area[0].value == "Help"
    assert "not linked any more" in words(page)


def _refuse(*_: object) -> None:
    from formcheck.errors import StoreError

    raise StoreError("The message was not sent: the two are not linked any more.", code="message_no_link")


def test_a_comment_at_a_moment_stands_among_the_messages_and_leads_to_the_set(
    clinic: Clinic, store: Store, sit_down: Callable
):
    (set_id,) = clinic.trained(BO, 0)
    entry = Correction(by="x", at=datetime.now(UTC), kind="comment", moment_s=2.4, text="Knee over the foot")
    store.reviews.add(set_id, entry, by=clinic.anna, as_person=False)
    sit_down(clinic.asker(clinic.accounts[BO]))
    page = open_page("messages")
    told = words(page)
    assert "Knee over the foot" in told
    assert "About Squat, at 0:02.4" in told
    assert [button for button in page.button if button.key == "to-set-0"]
    sit_down(clinic.asker(clinic.anna))
    assert "Knee over the foot" in words(open_page("messages", person=str(clinic.people[BO])))


@pytest.mark.usefixtures("as_anna")
def test_a_physiotherapist_chooses_among_the_people_linked(clinic: Clinic):
    page = open_page("messages", person=str(clinic.people["Eva Ek"]))
    assert page.selectbox[0].value.person_name == "Eva Ek"
    assert page.selectbox[0].options == [BO, "Dorte Dam", "Eva Ek", "Finn Fisk"]
    page = open_page("messages", person=str(clinic.people["Gry Gade"]))
    assert page.selectbox[0].value.person_name == BO, "somebody else's person is not there"


def test_without_anybody_there_is_nobody_to_write_to(store: Store, sit_down: Callable):
    account = store.accounts.signed_in("https://id.example", "solo", "Solo")
    for role, said in (("person", "there is nobody to write to"), ("physiotherapist", "Nobody is linked to you yet")):
        store.accounts.set_roles(account.id, [role])
        sit_down(Clinic(store).asker(account.id))
        assert said in words(open_page("messages"))


def test_alone_on_a_machine_the_page_is_not_there(store: Store):
    page = open_page("messages")
    assert page.title[0].value != "Messages"
