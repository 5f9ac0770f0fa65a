"""Accounts, invitations, programmes, messages and reviews as they are kept, on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck.errors import StoreError
from formcheck.model.corrections import Correction
from formcheck.programmes.programme import Programme
from formcheck.store.access import SIGNED_IN_H, AuthorisedStore
from formcheck.store.principal import Asker, Local
from formcheck.store.store import Store
from tests.contracts.test_store import begun
from tests.example_records import squat_record, squat_trace

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = date(2026, 3, 2)


@pytest.fixture
def store(database_url: str | None, tmp_path: Path):
    with Store(database_url, tmp_path / "data") as opened:
        yield opened


def account(store: Store, subject: str, *roles: str) -> int:
    made = store.accounts.signed_in("https://id.example", subject, subject.title())
    return store.accounts.set_roles(made.id, list(roles)).id


def linked(store: Store) -> tuple[int, int]:
    """Return the ids of a person and of the physiotherapist whom they are linked to."""
    physiotherapist = account(store, "anna", "physiotherapist")
    link = store.links.accept(store.links.invite(by=physiotherapist).token, by=account(store, "bo"))
    return link.person_id, physiotherapist


def plan(title: str = "Knee") -> Programme:
    return Programme(
        title=title, start=MONDAY, end=MONDAY, days_a_week=2, exercises=[{"prescription": {"exercise": "squat"}}]
    )


def refused(code: str):
    return pytest.raises(StoreError, check=lambda error: error.code == code)


def test_an_account_is_made_once_and_has_no_role_until_it_is_given_one(store: Store):
    first = store.accounts.signed_in("https://id.example", "a", "Anna")
    assert (first.roles, first.person_id) == ((), None)
    assert store.accounts.signed_in("https://id.example", "a", "Anna B").id == first.id
    assert store.accounts.signed_in("https://other.example", "a", "Anna").id != first.id
    given = store.accounts.set_roles(first.id, ["person", "administrator"])
    assert given.roles == ("person", "administrator")
    assert store.people.get(given.person_id).settings == {}
    assert store.accounts.set_roles(first.id, ["person"]).person_id == given.person_id
    with refused("store_role"):
        store.accounts.set_roles(first.id, ["king"])
    store.accounts.save_settings(first.id, triggers=["pain"])
    assert [(found.name, found.settings) for found in store.accounts.all()][1] == ("Anna B", {"triggers": ["pain"]})


def test_an_invitation_works_once_for_one(store: Store):
    physiotherapist, bo, eva = account(store, "anna", "physiotherapist"), account(store, "bo"), account(store, "eva")
    invitation = store.links.invite(by=physiotherapist)
    assert [open_one.id for open_one in store.links.invitations(by=physiotherapist)] == [invitation.id]
    assert store.links.invitations(by=physiotherapist)[0].token is None
    link = store.links.accept(invitation.token, by=bo)
    assert (link.person_name, link.physiotherapist_name) == ("Bo", "Anna")
    assert store.accounts.get(bo).roles == ("person",)
    assert store.links.invitations(by=physiotherapist) == []
    for who in (bo, eva):
        with refused("invitation_unusable"):
            store.links.accept(invitation.token, by=who)
    assert store.accounts.get(eva).person_id is None
    again = store.links.accept(store.links.invite(by=physiotherapist).token, by=bo)
    assert again == link, "who is linked already stays so, once"


def test_an_invitation_that_is_old_withdrawn_guessed_or_ones_own_does_not_work(store: Store):
    physiotherapist, bo = account(store, "anna", "physiotherapist"), account(store, "bo")
    old, withdrawn, own = (store.links.invite(by=physiotherapist, days=days) for days in (0, 14, 14))
    store.links.withdraw(withdrawn.id, by=physiotherapist)
    for token, who in ((old.token, bo), (withdrawn.token, bo), ("guess", bo), (own.token, physiotherapist)):
        with refused("invitation_unusable"):
            store.links.accept(token, by=who)
    assert store.links.of(1) == []


def test_the_token_of_an_invitation_is_not_kept(store: Store):
    token = store.links.invite(by=account(store, "anna", "physiotherapist")).token
    with store.database.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM invitation").mappings().one()
    assert token not in map(str, row.values())


def test_two_who_accept_at_the_same_moment_are_one(store: Store):
    physiotherapist = account(store, "anna", "physiotherapist")
    people = [account(store, f"p{i}") for i in range(4)]
    token, outcomes = store.links.invite(by=physiotherapist).token, []

    def accept(who: int) -> None:
        try:
            outcomes.append(store.links.accept(token, by=who).person_id)
        except StoreError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=accept, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("invitation_unusable") == 3
    assert len(store.links.people_of(by=physiotherapist)) == 1


def test_a_programme_keeps_all_its_versions(store: Store):
    person, physiotherapist = linked(store)
    first = store.programmes.add(person, plan(), by=physiotherapist)
    second = store.programmes.change(first.id, plan("Knee 2"), 1, by=physiotherapist)
    assert [(kept.version, kept.data["title"]) for kept in store.programmes.versions(first.id)] == [
        (2, "Knee 2"),
        (1, "Knee"),
    ]
    assert store.programmes.of(person) == [second]
    assert Programme.model_validate(second.data) == plan("Knee 2")
    store.programmes.end(first.id, by=physiotherapist)
    assert store.programmes.of(person)[0].ended


def test_a_version_knows_whether_the_person_made_it(store: Store):
    person, physiotherapist = linked(store)
    (bo,) = (one.id for one in store.accounts.all() if one.person_id == person)
    first = store.programmes.add(person, plan(), by=bo)
    second = store.programmes.change(first.id, plan("Knee 2"), 1, by=physiotherapist)
    assert (first.by_person, second.by_person) == (True, False)
    assert [one.by_person for one in store.programmes.versions(first.id)] == [False, True]
    assert [one.by_person for one in store.programmes.of(person)] == [False]
    alone = store.people.me().id
    assert store.programmes.add(alone, plan(), by=None).by_person, "whoever sits at a machine without accounts"


def test_of_two_edits_at_once_the_second_is_told_and_nothing_is_overwritten(store: Store):
    person, physiotherapist = linked(store)
    kept = store.programmes.add(person, plan(), by=physiotherapist)
    store.programmes.change(kept.id, plan("first"), 1, by=physiotherapist)
    with refused("programme_changed"):
        store.programmes.change(kept.id, plan("second"), 1, by=physiotherapist)
    outcomes = []

    def save(title: str) -> None:
        try:
            outcomes.append(store.programmes.change(kept.id, plan(title), 2, by=physiotherapist).version)
        except StoreError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=save, args=(f"at once {i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["3", *["programme_changed"] * 3]
    assert store.programmes.of(person)[0].version == 3


def test_a_goal_is_rated_in_three_weeks(store: Store):
    person, physiotherapist = linked(store)
    kept = store.programmes.add(person, plan(), by=physiotherapist)
    for week, value in ((3, 4), (0, 2), (3, 5)):
        store.programmes.rate_goal(kept.id, "stairs", week, value)
    ratings = store.programmes.goal_ratings(kept.id)
    assert [(rating.week, rating.value) for rating in ratings] == [(0, 2), (3, 5)]
    for week, value in ((1, 5), (0, 11), (6, -1)):
        with refused("store_rating"):
            store.programmes.rate_goal(kept.id, "stairs", week, value)


def test_messages_are_read_by_the_other_side(store: Store):
    person, physiotherapist = linked(store)
    asked = store.messages.send(person, physiotherapist, "  Må jeg øge?  ", as_person=True)
    store.messages.send(person, physiotherapist, "Ja", as_person=False)
    assert asked.text == "Må jeg øge?"
    store.messages.mark_read(person, physiotherapist, as_person=True)
    assert [message.read_at is None for message in store.messages.of(person, physiotherapist)] == [True, False]
    store.messages.mark_read(person, physiotherapist, as_person=False)
    assert all(message.read_at for message in store.messages.of(person))
    for text in ("", "   ", "x" * 4001):
        with refused("message_length"):
            store.messages.send(person, physiotherapist, text, as_person=True)


def test_decisions_about_a_set_are_kept_with_who_when_and_why(store: Store):
    kept, physiotherapist = begun(store), account(store, "anna", "physiotherapist")
    store.sets.finish(kept.id, squat_record(), squat_trace(), "target")
    said = {"by": "whoever", "at": datetime(2026, 3, 4, 12, tzinfo=UTC)}
    entries = [
        Correction(kind="fault_right", rule="depth", rep=3, **said),
        Correction(kind="fault_wrong", rule="depth", rep=7, text="Skygge på knæet", **said),
        Correction(kind="comment", moment_s=12.5, text="Flot her", **said),
    ]
    for entry in entries:
        store.reviews.add(kept.id, entry, by=physiotherapist, as_person=False)
    store.reviews.add(kept.id, entries[0])
    assert store.reviews.of(kept.id)[kept.id] == [
        *(entry.model_copy(update={"by": "Anna"}) for entry in entries),
        entries[0],
    ]


def counts(store: Store, asker: Asker) -> bool:
    """Return whether a sign-in still counts."""
    try:
        return AuthorisedStore(store, asker).who().account_id == asker.account_id
    except StoreError as error:
        if error.code != "store_signed_out":
            raise
        return False


def test_a_sign_out_ends_one_sign_in_also_for_a_process_that_starts_later(
    store: Store, database_url: str | None, tmp_path: Path
):
    anna, now = account(store, "anna", "person"), datetime.now(UTC)
    here, elsewhere = (Asker(anna, now - timedelta(hours=hours, microseconds=7)) for hours in (1, 2))
    assert counts(store, here)
    for asker in (here, here, None, Local.PERSON):
        AuthorisedStore(store, asker).sign_out()
    with Store(database_url, tmp_path / "data") as later:
        for opened in (store, later):
            assert (counts(opened, here), counts(opened, elsewhere)) == (False, True)


def test_a_sign_out_in_two_windows_at_once_is_one(store: Store):
    asker = Asker(account(store, "anna"), datetime.now(UTC))
    with ThreadPoolExecutor(8) as windows:
        for window in [windows.submit(AuthorisedStore(store, asker).sign_out) for _ in range(8)]:
            window.result()
    assert not counts(store, asker)
    assert store.accounts.purge_sign_outs(-60.0) == 1


def test_a_sign_out_is_forgotten_when_the_sign_in_would_be_over_anyway(store: Store):
    anna, now, lasts_s = account(store, "anna"), datetime.now(UTC), SIGNED_IN_H * 3600.0
    young, old = (Asker(anna, now - timedelta(seconds=lasts_s + more_s)) for more_s in (-60, 60))
    for asker in (young, old):
        AuthorisedStore(store, asker).sign_out()
    assert (store.accounts.purge_sign_outs(lasts_s), store.accounts.purge_sign_outs(lasts_s)) == (1, 0)
    assert not counts(store, young)
    assert not counts(store, old)


def test_a_session_in_which_nothing_was_counted_is_looked_through_too(store: Store):
    person, physiotherapist = linked(store)
    session = store.sessions.open(person, MONDAY).id
    store.sessions.add_event(session, "stopped", {"reason": "pain"})
    store.sessions.answer(session, "pain_before", 8, MONDAY)
    (seen,) = store.overview.sessions(person, MONDAY)
    ((stopped, why),), (answered,) = seen.stops, seen.answers
    assert (seen.sets, why, seen.waits(stopped), seen.waits(answered.at)) == ((), "pain", True, True)
    entry = Correction(kind="seen", by="whoever", at=datetime(2026, 3, 4, 12, tzinfo=UTC), text="Called")
    store.reviews.close([], [session], entry, answered.at, by=physiotherapist)
    (seen,) = store.overview.sessions(person, MONDAY)
    (closing,) = seen.completed_reviews
    assert closing.entry == entry.model_copy(update={"by": "Anna"})
    assert not seen.waits(stopped)
    assert not seen.waits(answered.at)
    assert seen.waits(answered.at + timedelta(seconds=1)), "what comes later waits again"
    store.own_data.erase(person)
    assert [one.stops for one in store.overview.sessions(person, MONDAY)] == [seen.stops], "it is of the record"


def test_a_session_that_nobody_looked_through_is_erased_with_its_stop(store: Store):
    person, _ = linked(store)
    store.sessions.add_event(store.sessions.open(person, MONDAY).id, "stopped", {"reason": "pain"})
    store.own_data.erase(person)
    assert store.overview.sessions(person, MONDAY) == []


def test_a_training_day_is_closed_as_a_whole_or_not_at_all(store: Store):
    kept, physiotherapist = begun(store), account(store, "anna", "physiotherapist")
    entry = Correction(kind="seen", by="x", at=datetime(2026, 3, 4, 12, tzinfo=UTC))
    with refused("store_unknown"):
        store.reviews.close([kept.id], [kept.session_id, 999], entry, entry.at, by=physiotherapist)
    assert store.reviews.of(kept.id)[kept.id] == []
    store.reviews.close([kept.id], [kept.session_id], entry, None, by=physiotherapist)
    assert [one.kind for one in store.reviews.of(kept.id)[kept.id]] == ["seen"]
    assert store.sessions.events(kept.session_id) == [], "nothing was reported"
