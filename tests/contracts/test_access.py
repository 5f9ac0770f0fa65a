"""Who may do what: every function of the layer, for everybody, as this table says. A function that is not in it fails."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck import exercises
from formcheck.app.live.set_recorder import SetRecorder
from formcheck.app.live.tickets import Ticket
from formcheck.coach.messages import CoachEvent
from formcheck.errors import StoreError
from formcheck.model.frames import Pose, SeenRep
from formcheck.programmes.programme import Programme
from formcheck.spec.prescription import Prescription, planned_sets
from formcheck.store.access import ALLOWED, INTERNAL, SIGNED_IN_H, AuthorisedStore
from formcheck.store.journal import read_journal
from formcheck.store.principal import Asker, Local
from formcheck.store.store import Store
from tests.example_records import SEEN, squat_record, squat_trace

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = date(2026, 3, 2)
PLAN = Programme(
    title="x",
    start=MONDAY,
    end=MONDAY,
    days_a_week=1,
    exercises=[{"prescription": {"exercise": "squat"}}],
)


@dataclass
class World:
    """The ids of an owner's data, and of the accounts around it."""

    accounts: dict[str, int] = dataclasses.field(default_factory=dict)
    person: int = 0
    session: int = 0
    set: int = 0
    running: int = 0
    programme: int = 0
    own_programme: int = 0
    other_person: int = 0
    other_session: int = 0
    other_set: int = 0
    invitation: int = 0
    token: str = ""


def asker(world: World, name: str) -> Asker | None:
    """Return an asker by name; ``out``: not signed in, ``expired``: signed in as the owner too long ago."""
    at = datetime.now(UTC)
    if name == "out":
        return None
    if name == "expired":
        return Asker(world.accounts["owner"], at - timedelta(hours=SIGNED_IN_H, seconds=2))
    return Asker(world.accounts[name], at)


def build(store: Store) -> World:
    """Make an owner linked to a physiotherapist, another person linked to another one, an administrator, and who has no role."""
    world = World()
    roles = {
        "owner": ["person"],
        "other": ["person"],
        "linked": ["physiotherapist"],
        "stranger": ["physiotherapist"],
        "administrator": ["administrator"],
        "nobody": [],
        "disabled": ["physiotherapist"],
    }
    people = {}
    for name, given in roles.items():
        account = store.accounts.signed_in("https://id.example", name, name.title())
        people[name] = store.accounts.set_roles(account.id, given).person_id
        world.accounts[name] = account.id
    for person, physiotherapist in (("owner", "linked"), ("owner", "disabled"), ("other", "stranger")):
        token = store.links.invite(by=world.accounts[physiotherapist]).token
        store.links.accept(token, by=world.accounts[person])
    store.accounts.disable(world.accounts["disabled"])
    world.person, world.other_person = people["owner"], people["other"]
    world.session, world.other_session = (store.sessions.open(p, MONDAY).id for p in (world.person, world.other_person))
    world.set, world.other_set, world.running = (
        store.sets.start(session, "squat", {"exercise": "squat"}, "browser", {"view": "side"}).id
        for session in (world.session, world.other_session, world.session)
    )
    store.sets.finish(world.set, squat_record(), squat_trace(), "target")
    store.videos.keep(world.set, filmed(store), "video/webm", 0.0)
    world.programme = store.programmes.add(world.person, PLAN, by=world.accounts["linked"]).id
    world.own_programme = store.programmes.add(world.person, PLAN, by=world.accounts["owner"]).id
    invitation = store.links.invite(by=world.accounts["linked"])
    world.invitation, world.token = invitation.id, invitation.token
    return world


def filmed(store: Store) -> Path:
    slot = store.videos.slot()
    slot.write_bytes(b"pictures")
    return slot


REP = SeenRep(1, True, None, 0.0, 1.0, 2.0, 90.0, 80.0)
OWNER, LINKED, BOTH = {"owner"}, {"linked"}, {"owner", "linked"}
PHYSIOTHERAPISTS, PEOPLE, ADMINISTRATOR = {"linked", "stranger"}, {"owner", "other"}, {"administrator"}
EVERYBODY = {"owner", "other", "linked", "stranger", "administrator", "nobody"}
Call = Callable[[World, AuthorisedStore], object]

ABOUT_A_PERSON: dict[str, tuple[set[str], Call]] = {
    "people.get": (BOTH, lambda w, s: s.people.get(w.person)),
    "people.save_first_start": (OWNER, lambda w, s: s.people.save_first_start(w.person, {})),
    "people.save_settings": (OWNER, lambda w, s: s.people.save_settings(w.person, voice="off")),
    "sessions.open": (OWNER, lambda w, s: s.sessions.open(w.person, MONDAY)),
    "sessions.get": (BOTH, lambda w, s: s.sessions.get(w.session)),
    "sessions.end": (OWNER, lambda w, s: s.sessions.end(w.session)),
    "sessions.of": (BOTH, lambda w, s: s.sessions.of(w.person)),
    "sessions.answer": (OWNER, lambda w, s: s.sessions.answer(w.session, "pain_before", 1, MONDAY)),
    "sessions.answers": (BOTH, lambda w, s: s.sessions.answers(w.session)),
    "sessions.awaiting_next_morning": (OWNER, lambda w, s: s.sessions.awaiting_next_morning(w.person, MONDAY)),
    "sessions.add_event": (OWNER, lambda w, s: s.sessions.add_event(w.session, "stopped", {}, set_id=w.set)),
    "sessions.events": (BOTH, lambda w, s: s.sessions.events(w.session)),
    "sets.start": (OWNER, lambda w, s: s.sets.start(w.session, "squat", {}, "browser", {})),
    "sets.add_repetition": (OWNER, lambda w, s: s.sets.add_repetition(w.running, REP, {})),
    "sets.keep_clocks": (OWNER, lambda w, s: s.sets.keep_clocks(w.running, 1.0, 1.0)),
    "sets.finish": (OWNER, lambda w, s: s.sets.finish(w.running, squat_record(), squat_trace(), "target")),
    "sets.drop": (OWNER, lambda w, s: s.sets.drop(w.running)),
    "sets.journal": (OWNER, lambda w, s: s.sets.journal(w.running).close()),
    "sets.journal_path": (OWNER, lambda w, s: s.sets.journal_path(w.running)),
    "sets.running": (OWNER, lambda w, s: s.sets.running(w.person)),
    "sets.get": (BOTH, lambda w, s: s.sets.get(w.set)),
    "sets.of": (BOTH, lambda w, s: s.sets.of(w.session)),
    "sets.repetitions": (BOTH, lambda w, s: s.sets.repetitions(w.set)),
    "sets.corrected": (BOTH, lambda w, s: s.sets.corrected(w.set)),
    "sets.trace": (BOTH, lambda w, s: s.sets.trace(w.set)),
    "sets.outlines": (OWNER, lambda w, s: s.sets.outlines(w.person)),
    "sets.delete": (OWNER, lambda w, s: s.sets.delete(w.set)),
    "sets.restore": (OWNER, lambda w, s: s.sets.restore(w.set)),
    "videos.keep": (OWNER, lambda w, s: s.videos.keep(w.set, filmed(s._store), "video/webm", 0.0)),
    "videos.of": (BOTH, lambda w, s: s.videos.of(w.set)),
    "videos.delete": (OWNER, lambda w, s: s.videos.delete(w.set)),
    "programmes.add": (BOTH, lambda w, s: s.programmes.add(w.person, PLAN)),
    "programmes.change": (BOTH, lambda w, s: s.programmes.change(w.own_programme, PLAN, 1)),
    "programmes.end": (BOTH, lambda w, s: s.programmes.end(w.own_programme)),
    "programmes.of": (BOTH, lambda w, s: s.programmes.of(w.person)),
    "programmes.versions": (BOTH, lambda w, s: s.programmes.versions(w.programme)),
    "programmes.rate_goal": (OWNER, lambda w, s: s.programmes.rate_goal(w.programme, "stairs", 3, 5)),
    "programmes.goal_ratings": (BOTH, lambda w, s: s.programmes.goal_ratings(w.programme)),
    "messages.send": (BOTH, lambda w, s: s.messages.send(w.person, w.accounts["linked"], "Hej")),
    "messages.of": (BOTH, lambda w, s: s.messages.of(w.person)),
    "messages.mark_read": (BOTH, lambda w, s: s.messages.mark_read(w.person, w.accounts["linked"])),
    "reviews.add": (BOTH, lambda w, s: s.reviews.add(w.set, SEEN)),
    "reviews.close": (LINKED, lambda w, s: s.reviews.close([w.set], [w.session], SEEN, SEEN.at)),
    "reviews.of": (BOTH, lambda w, s: s.reviews.of(w.set)),
    "links.of": (OWNER, lambda w, s: s.links.of(w.person)),
    "links.share_video": (OWNER, lambda w, s: s.links.share_video(w.set, w.accounts["linked"])),
    "links.unshare_video": (OWNER, lambda w, s: s.links.unshare_video(w.set, w.accounts["linked"])),
    "links.videos_shared": (OWNER, lambda w, s: s.links.videos_shared(w.set)),
    "log.of": (OWNER, lambda w, s: s.log.of(w.person)),
    "overview.people": (LINKED, lambda w, s: s.overview.people(w.person, since=MONDAY)),
    "overview.sessions": (BOTH, lambda w, s: s.overview.sessions(w.person, MONDAY)),
    "own_data.counts": (OWNER, lambda w, s: s.own_data.counts(w.person)),
    "own_data.export": (OWNER, lambda w, s: s.own_data.export(w.person, s._store.folder / "mine.zip")),
    "own_data.erase": (OWNER, lambda w, s: s.own_data.erase(w.person)),
    "links.end": (BOTH, lambda w, s: s.links.end(w.person, w.accounts["linked"])),
}
"""Who may call it about the owner's data. To everybody else it is as if it were not there."""

BY_ROLE: dict[str, tuple[set[str], Call]] = {
    "videos.slot": (PEOPLE, lambda w, s: s.videos.slot()),
    "links.invite": (PHYSIOTHERAPISTS, lambda w, s: s.links.invite()),
    "links.invitations": (PHYSIOTHERAPISTS, lambda w, s: s.links.invitations()),
    "links.people_of": (PHYSIOTHERAPISTS, lambda w, s: s.links.people_of()),
    "links.accept": (EVERYBODY, lambda w, s: s.links.accept(invited(w, s))),
    "links.invited_by": (EVERYBODY, lambda w, s: s.links.invited_by(invited(w, s))),
    "links.withdraw": (LINKED, lambda w, s: s.links.withdraw(w.invitation)),
    "accounts.get": (ADMINISTRATOR | {"nobody"}, lambda w, s: s.accounts.get(w.accounts["nobody"])),
    "accounts.all": (ADMINISTRATOR, lambda w, s: s.accounts.all()),
    "accounts.set_roles": (ADMINISTRATOR, lambda w, s: s.accounts.set_roles(w.accounts["nobody"], [])),
    "accounts.disable": (ADMINISTRATOR, lambda w, s: s.accounts.disable(w.accounts["disabled"])),
    "accounts.enable": (ADMINISTRATOR, lambda w, s: s.accounts.enable(w.accounts["disabled"])),
    "accounts.sign_out_everywhere": (
        ADMINISTRATOR | {"nobody"},
        lambda w, s: s.accounts.sign_out_everywhere(w.accounts["nobody"]),
    ),
    "accounts.save_settings": ({"nobody"}, lambda w, s: s.accounts.save_settings(w.accounts["nobody"], triggers=[])),
}
"""Who may call what is about nobody's training."""

ASKERS = ("other", "stranger", "administrator", "nobody", "out", "expired", "disabled", "linked", "owner")


def invited(world: World, layer: AuthorisedStore) -> str:
    """Return the token of a new invitation."""
    return layer._store.links.invite(by=world.accounts["disabled"]).token


def repositories(store: Store) -> dict[str, object]:
    """Return the parts of the store that keep something."""
    return {name: part for name, part in vars(store).items() if name not in ("folder", "database")}


def test_every_function_is_in_the_table(tmp_path: Path):
    with Store(folder=tmp_path) as store:
        functions = {
            f"{name}.{function}"
            for name, part in repositories(store).items()
            for function, _ in inspect.getmembers(part, inspect.ismethod)
            if not function.startswith("_")
        }
    assert functions == {*ABOUT_A_PERSON, *BY_ROLE, *INTERNAL}
    assert set(ALLOWED) == {*ABOUT_A_PERSON, *BY_ROLE}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    folder = tmp_path_factory.mktemp("world")
    with Store(folder=folder) as store:
        return folder, build(store)


@pytest.mark.parametrize("name", [*ABOUT_A_PERSON, *BY_ROLE])
def test_it_does_what_the_table_says_for_everybody(name: str, made: tuple[Path, World], tmp_path: Path):
    folder, world = made
    allowed, call = (ABOUT_A_PERSON | BY_ROLE)[name]
    shutil.copytree(folder, tmp_path / "data")
    with Store(folder=tmp_path / "data") as store:
        for who in sorted(set(ASKERS) - allowed):
            code = outcome(call, world, AuthorisedStore(store, asker(world, who)))
            assert code == refusal(name, who), who
    for who in sorted(allowed):
        shutil.copytree(folder, tmp_path / who)
        with Store(folder=tmp_path / who) as store:
            assert outcome(call, world, AuthorisedStore(store, asker(world, who))) is None, who


def refusal(name: str, who: str) -> str:
    """Return how a call is refused: whose data it is, and whoever sees it, is told; to all others it is not there."""
    if who in ("out", "expired", "disabled"):
        return "store_signed_out"
    hidden = (name in ABOUT_A_PERSON and who not in BOTH) or (name, who) == ("links.withdraw", "stranger")
    return "store_unknown" if hidden else "store_not_allowed"


def outcome(call: Call, world: World, layer: AuthorisedStore) -> str | None:
    """Return the code of the refusal, None when it is let through."""
    try:
        call(world, layer)
    except StoreError as error:
        return error.code
    return None


# What the table cannot say


@pytest.fixture
def store(database_url: str | None, tmp_path: Path):
    with Store(database_url, tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def world(store: Store) -> World:
    return build(store)


def layer(store: Store, world: World, who: str) -> AuthorisedStore:
    return AuthorisedStore(store, asker(world, who))


def refused(code: str):
    return pytest.raises(StoreError, check=lambda error: error.code == code)


def test_an_id_of_somebody_else_is_told_like_one_that_is_not_there(store: Store, world: World):
    with refused("store_unknown") as foreign:
        layer(store, world, "owner").sets.get(world.other_set)
    with refused("store_unknown") as missing:
        layer(store, world, "owner").sets.get(999)
    assert str(foreign.value).replace(str(world.other_set), "N") == str(missing.value).replace("999", "N")


@pytest.mark.parametrize("bad", [0, -1, 2**40, "1", None, 1.0])
def test_something_that_is_no_id_gets_nothing(bad: object, store: Store, world: World):
    for who in ("owner", "linked", "administrator"):
        with refused("store_unknown"):
            layer(store, world, who).sets.get(bad)


def test_one_foreign_id_among_many_or_beside_an_own_one_refuses_all(store: Store, world: World):
    own = layer(store, world, "owner")
    for call in (
        lambda: own.sets.of(world.session, world.other_session),
        lambda: own.videos.of(world.set, world.other_set),
        lambda: own.sessions.add_event(world.session, "x", {}, set_id=world.other_set),
        lambda: own.sessions.add_event(session_id=world.other_session, kind="x", data={}),
        lambda: layer(store, world, "linked").overview.people(world.person, world.other_person, since=MONDAY),
    ):
        with refused("store_unknown"):
            call()
    assert store.sessions.events(world.session) == store.sessions.events(world.other_session) == []


def test_every_look_of_another_and_every_guess_is_in_the_log(store: Store, world: World):
    layer(store, world, "owner").sets.get(world.set)
    layer(store, world, "linked").sets.corrected(world.set)
    with refused("store_unknown"):
        layer(store, world, "stranger").sets.trace(world.set)
    layer(store, world, "linked").sets.corrected(world.set)
    expected = [("Stranger", "sets.trace", False), ("Linked", "sets.corrected", True)]
    assert seen_in_log(store, world) == expected, "the same look is noted once in ten minutes"
    with store.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE access_log SET at = '2026-01-01 00:00:00'")
    layer(store, world, "linked").sets.corrected(world.set)
    assert seen_in_log(store, world) == [expected[1], *expected]


def seen_in_log(store: Store, world: World) -> list[tuple]:
    return [(entry.who, entry.what, entry.allowed) for entry in layer(store, world, "owner").log.of(world.person)]


def test_a_link_that_ends_ends_everything_at_once(store: Store, world: World):
    open_page = layer(store, world, "linked")
    assert open_page.sets.get(world.set).id == world.set
    assert [link.person_name for link in open_page.links.people_of()] == ["Owner"]
    layer(store, world, "owner").links.share_video(world.set, world.accounts["linked"])
    layer(store, world, "owner").links.end(world.person, world.accounts["linked"])
    with refused("store_unknown"):
        open_page.sets.get(world.set)
    with refused("store_unknown"):
        open_page.messages.send(world.person, world.accounts["linked"], "Hej")
    with refused("message_no_link"):
        layer(store, world, "owner").messages.send(world.person, world.accounts["linked"], "Hej")
    assert open_page.links.people_of() == []
    token = open_page.links.invite().token
    layer(store, world, "owner").links.accept(token)
    assert open_page.videos.of(world.set) == {}, "leave to see a video does not come back with a new link"


def test_a_role_or_sign_in_that_ends_ends_everything_at_once(store: Store, world: World):
    open_pages = layer(store, world, "linked"), layer(store, world, "owner"), layer(store, world, "other")
    admin = layer(store, world, "administrator")
    admin.accounts.set_roles(world.accounts["linked"], [])
    admin.accounts.sign_out_everywhere(world.accounts["owner"])
    admin.accounts.disable(world.accounts["other"])
    with refused("store_unknown"):
        open_pages[0].sets.get(world.set)
    for page in open_pages[1:]:
        with refused("store_signed_out"):
            page.who()
    admin.accounts.set_roles(world.accounts["owner"], ["person"])
    again = AuthorisedStore(store, Asker(world.accounts["owner"], datetime.now(UTC) + timedelta(seconds=2)))
    assert again.who().person_id == world.person


def test_a_physiotherapist_sees_only_the_videos_that_are_shared(store: Store, world: World):
    own, physiotherapist = layer(store, world, "owner"), layer(store, world, "linked")
    assert physiotherapist.videos.of(world.set) == {}
    own.links.share_video(world.set, world.accounts["linked"])
    own.links.share_video(world.set, world.accounts["linked"])
    assert own.links.videos_shared(world.set) == {world.set: [world.accounts["linked"]]}
    assert list(physiotherapist.videos.of(world.set)) == [world.set]
    assert physiotherapist.videos.of(world.set, shared_with=None) == physiotherapist.videos.of(world.set)
    own.links.unshare_video(world.set, world.accounts["linked"])
    assert physiotherapist.videos.of(world.set, shared_with=None) == {}
    with refused("store_unknown"):
        own.links.share_video(world.set, world.accounts["stranger"])


def test_what_the_person_deleted_is_gone_for_the_physiotherapist(store: Store, world: World):
    layer(store, world, "owner").sets.delete(world.set)
    physiotherapist = layer(store, world, "linked")
    with refused("store_unknown"):
        physiotherapist.sets.corrected(world.set)
    assert world.set not in [kept.id for kept in physiotherapist.sets.of(world.session, deleted=True)]
    assert world.set in [kept.id for kept in layer(store, world, "owner").sets.of(world.session, deleted=True)]


def test_nobody_speaks_for_somebody_else(store: Store, world: World):
    physiotherapist = layer(store, world, "linked")
    sent = physiotherapist.messages.send(world.person, world.accounts["linked"], "Hej", as_person=True)
    assert sent.from_person is False
    physiotherapist.reviews.add(world.set, SEEN, by=world.accounts["stranger"], as_person=True)
    (entry,) = store.reviews.of(world.set)[world.set]
    assert entry.by == "Linked"
    erased = layer(store, world, "owner").own_data.erase(world.person)
    assert erased.sets_that_stay == 1, "it is in the record, not only the person's own"
    with refused("store_unknown"):
        physiotherapist.messages.send(world.person, world.accounts["stranger"], "Hej")
    with refused("store_unknown"):
        physiotherapist.links.end(world.person, world.accounts["disabled"])
    with refused("programme_not_own"):
        layer(store, world, "owner").programmes.change(world.programme, PLAN, 1)


def test_a_physiotherapist_reads_only_their_own_conversation(store: Store, world: World):
    store.accounts.enable(world.accounts["disabled"])
    own = layer(store, world, "owner")
    own.messages.send(world.person, world.accounts["linked"], "til den ene")
    own.messages.send(world.person, world.accounts["disabled"], "til den anden")
    assert [message.text for message in layer(store, world, "linked").messages.of(world.person)] == ["til den ene"]
    assert len(own.messages.of(world.person)) == 2


def test_on_a_machine_without_accounts_everything_is_the_one_persons(store: Store):
    alone = AuthorisedStore(store, Local.PERSON)
    person = alone.who().person_id
    session = alone.sessions.open(person, MONDAY)
    kept = alone.sets.start(session.id, "squat", {}, "browser", {"view": "side"})
    alone.sets.finish(kept.id, squat_record(), squat_trace(), "target")
    assert alone.sets.of(session.id)[0].rep_count == 8
    assert alone.programmes.add(person, PLAN).version == 1
    assert alone.programmes.change(1, PLAN, 1).version == 2
    assert alone.log.of(person) == []
    alone.reviews.add(kept.id, SEEN)
    assert alone.reviews.of(kept.id)[kept.id] == [SEEN]
    for call in (alone.links.invite, alone.accounts.all, functools.partial(alone.links.accept, "x")):
        with refused("store_not_allowed"):
            call()


def test_what_the_layer_does_not_name_cannot_be_called(store: Store, world: World):
    for name in INTERNAL:
        part, function = name.split(".")
        with pytest.raises(AttributeError):
            getattr(getattr(layer(store, world, "owner"), part), function)


def test_a_live_session_keeps_its_sets_through_the_layer_until_it_is_shut_out(store: Store, world: World):
    own = layer(store, world, "owner")
    sets = planned_sets([Prescription(exercise="squat", repetitions=3)], exercises.load)
    keeper = SetRecorder(Ticket("owner", "tab", world.session, sets, own), lambda: "browser")
    repetition = CoachEvent("repetition", 3.0, {**dataclasses.asdict(REP), "faults": {"depth": 1}})
    keeper.on_pose(Pose.nobody(0.0, (640, 480)))
    keeper.keep(CoachEvent("set_started", 0.0, {"index": 0}))
    keeper.on_pose(Pose.nobody(0.1, (640, 480)))
    keeper.keep(repetition)
    kept = store.sets.get(keeper.running)
    assert (kept.rep_count, kept.setup["index"]) == (1, 0)
    assert len(list(read_journal(store.sets.journal_path(kept.id)))) == 2
    store.accounts.disable(world.accounts["owner"])
    with refused("store_signed_out"):
        keeper.keep(repetition)
    keeper.release()
    assert store.sets.get(kept.id).rep_count == 1
