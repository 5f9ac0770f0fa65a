"""Authorisation: one layer between the asker and the store.

    store = AuthorisedStore(whole_store, Asker(account_id, signed_in_at))
    store.sets.of(session_id)

``AuthorisedStore`` has the repositories of ``Store`` under the same names. Each call passes here first. The sign-in, the role and
the link are looked up in the database at every call, so the end of one of them takes effect at once. Every id among the
arguments is traced to the person whose data it names. The id of another person is answered like one that does not exist, and
noted. Each look of a physiotherapist is noted in the log that the person can read.

``ALLOWED`` is the whole of the rules. A function that it does not name cannot be called here (``INTERNAL`` says why not).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from formcheck.errors import StoreError
from formcheck.store.access_log import AccessLog, note
from formcheck.store.accounts import Accounts, signed_out
from formcheck.store.database import naive, now
from formcheck.store.people import People, unknown
from formcheck.store.principal import Asker, Local, Permission, Principal
from formcheck.store.tables import AccountRow, LinkRow, PersonRow, ProgrammeRow, SessionRow, SetRow, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from formcheck.store.links import Links
    from formcheck.store.messages import Messages
    from formcheck.store.overview import Overview
    from formcheck.store.personal_data import PersonalData
    from formcheck.store.programmes import Programmes
    from formcheck.store.reviews import Reviews
    from formcheck.store.sessions import Sessions
    from formcheck.store.sets import Sets
    from formcheck.store.store import Store
    from formcheck.store.videos import Videos

SIGNED_IN_H = 12
"""Hours for which a sign-in is valid (default)."""


REFUSED = frozenset({"store_signed_out", "store_unknown", "store_not_allowed"})
"""The codes of the errors that say no to who asks."""


_BOTH = Permission.OWN | Permission.LINKED
ALLOWED: dict[str, Permission] = {
    "people.get": _BOTH,
    "people.save_first_start": Permission.OWN,
    "people.save_settings": Permission.OWN,
    "sessions.open": Permission.OWN,
    "sessions.get": _BOTH,
    "sessions.end": Permission.OWN,
    "sessions.of": _BOTH,
    "sessions.answer": Permission.OWN,
    "sessions.answers": _BOTH,
    "sessions.awaiting_next_morning": Permission.OWN,
    "sessions.add_event": Permission.OWN,
    "sessions.events": _BOTH,
    "sets.start": Permission.OWN,
    "sets.add_repetition": Permission.OWN,
    "sets.keep_clocks": Permission.OWN,
    "sets.finish": Permission.OWN,
    "sets.drop": Permission.OWN,
    "sets.journal": Permission.OWN,
    "sets.journal_path": Permission.OWN,
    "sets.running": Permission.OWN,
    "sets.get": _BOTH,
    "sets.of": _BOTH,
    "sets.repetitions": _BOTH,
    "sets.corrected": _BOTH,
    "sets.trace": _BOTH,
    "sets.outlines": Permission.OWN,
    "sets.delete": Permission.OWN,
    "sets.restore": Permission.OWN,
    "videos.slot": Permission.PERSON,
    "videos.keep": Permission.OWN,
    "videos.of": _BOTH,
    "videos.delete": Permission.OWN,
    "programmes.add": _BOTH,
    "programmes.change": _BOTH,
    "programmes.end": _BOTH,
    "programmes.of": _BOTH,
    "programmes.versions": _BOTH,
    "programmes.rate_goal": Permission.OWN,
    "programmes.goal_ratings": _BOTH,
    "messages.send": _BOTH,
    "messages.of": _BOTH,
    "messages.mark_read": _BOTH,
    "reviews.add": _BOTH,
    "reviews.close": Permission.LINKED,
    "reviews.of": _BOTH,
    "links.invite": Permission.PHYSIOTHERAPIST,
    "links.invitations": Permission.PHYSIOTHERAPIST,
    "links.withdraw": Permission.PHYSIOTHERAPIST,
    "links.people_of": Permission.PHYSIOTHERAPIST,
    "links.accept": Permission.ACCOUNT,
    "links.invited_by": Permission.ACCOUNT,
    "links.of": Permission.OWN,
    "links.end": _BOTH,
    "links.share_video": Permission.OWN,
    "links.unshare_video": Permission.OWN,
    "links.videos_shared": Permission.OWN,
    "accounts.get": Permission.ADMINISTRATOR | Permission.ACCOUNT,
    "accounts.all": Permission.ADMINISTRATOR,
    "accounts.set_roles": Permission.ADMINISTRATOR,
    "accounts.disable": Permission.ADMINISTRATOR,
    "accounts.enable": Permission.ADMINISTRATOR,
    "accounts.sign_out_everywhere": Permission.ADMINISTRATOR | Permission.ACCOUNT,
    "accounts.save_settings": Permission.ACCOUNT,
    "log.of": Permission.OWN,
    "overview.people": Permission.LINKED,
    "overview.sessions": _BOTH,
    "own_data.counts": Permission.OWN,
    "own_data.export": Permission.OWN,
    "own_data.erase": Permission.OWN,
}

INTERNAL = {
    "people.me": "the one person of a machine without accounts; AuthorisedStore.who says whose data is whose",
    "accounts.signed_in": "called by the sign-in itself",
    "accounts.sign_out": "AuthorisedStore.sign_out says whose and which",
    "accounts.purge_sign_outs": "tidies up after everybody",
    "sets.trace_path": "names a file by its contents, which belong to no person",
    "sets.purge": "tidies up after everybody",
    "sets.remove_unused": "tidies up after everybody",
    "videos.purge": "tidies up after everybody",
    "own_data.purge_records": "tidies up after everybody",
}
"""Functions that no one calls through this layer, each with the reason."""


class AuthorisedStore:
    """The store as one asker may use it. Safe from any thread. ``asker``: None without a sign-in.

    Everything raises StoreError: ``store_signed_out``, ``store_unknown`` (not there, or not for this asker), ``store_not_allowed``.
    """

    people: People
    sessions: Sessions
    sets: Sets
    videos: Videos
    programmes: Programmes
    messages: Messages
    reviews: Reviews
    links: Links
    accounts: Accounts
    log: AccessLog
    overview: Overview
    own_data: PersonalData

    def __init__(self, store: Store, asker: Asker | Local | None) -> None:
        self._store, self._asker = store, asker
        for name in dict.fromkeys(entry.partition(".")[0] for entry in ALLOWED):
            setattr(self, name, GuardedRepository(name, getattr(store, name), self))

    def who(self) -> Principal:
        """Tell who asks, as the database knows them now. An open page asks this again and again.

        Returns
        -------
        Principal
            The account with its roles.

        Raises
        ------
        StoreError
            The sign-in is void (``store_signed_out``).
        """
        if self._asker is Local.PERSON:
            return Principal(None, "", frozenset({"person"}), self._store.people.me().id)
        with self._store.database.begin() as session:
            return _known(session, _account_of(self._asker))

    def sign_out(self) -> None:
        """Void this sign-in in every window. A copy of its cookie is void too."""
        if isinstance(self._asker, Asker):
            self._store.accounts.sign_out(self._asker.account_id, self._asker.signed_in_at)

    def _pass(self, name: str, takes: set[str], given: dict[str, object]) -> None:
        """Let a call through, with what only this layer knows put into ``given``; or raise StoreError, and note it."""
        local = self.who() if self._asker is Local.PERSON else None
        refused = None
        with self._store.database.begin() as session:
            who = local or _known(session, _account_of(self._asker))
            try:
                people = _decide(session, who, ALLOWED[name], given)
                _fill_in(who, takes, given, people)
            except _Refused as error:
                refused = error
                note(session, who, name, error.people, error.row_id, allowed=False)
            else:
                note(session, who, name, people - {who.person_id}, None, allowed=True)
        if refused is not None:
            raise refused.error


class GuardedRepository:
    """One repository. Each call is let through or refused first."""

    def __init__(self, name: str, repository: object, layer: AuthorisedStore) -> None:
        self._name, self._repository, self._layer = name, repository, layer

    def __getattr__(self, function: str) -> Callable[..., Any]:
        name = f"{self._name}.{function}"
        if name not in ALLOWED:
            raise AttributeError(f"{name} is not to be called through the authorisation layer")
        call = getattr(self._repository, function)
        signature = inspect.signature(call)

        @functools.wraps(call)
        def guarded(*args: object, **options: object) -> object:
            known = {key: value for key, value in options.items() if key not in _FILLED_IN}
            bound = signature.bind_partial(*args, **known)
            given = dict.fromkeys(_FILLED_IN & set(signature.parameters)) | bound.arguments
            self._layer._pass(name, set(signature.parameters), given)
            bound.arguments = {key: given[key] for key in signature.parameters if key in given}
            return call(*bound.args, **bound.kwargs)

        return guarded


_FILLED_IN = {"by", "as_person", "shared_with"}
"""Arguments that only this layer sets: an asker cannot choose who asks."""

_OWNERS: dict[str, tuple[type[Table], Select[int, int]]] = {
    "person_id": (PersonRow, select(PersonRow.id, PersonRow.id)),
    "session_id": (SessionRow, select(SessionRow.id, SessionRow.person_id)),
    "set_id": (SetRow, select(SetRow.id, SessionRow.person_id).join(SessionRow)),
    "programme_id": (ProgrammeRow, select(ProgrammeRow.id, ProgrammeRow.person_id)),
}
"""Arguments that are ids of a person's data (``set_ids``: several), each with the query for the person."""


_MAX_ID = 2**31 - 1


class _Refused(Exception):
    def __init__(self, error: StoreError, people: set[int], row_id: int | None = None) -> None:
        super().__init__(str(error))
        self.error, self.people, self.row_id = error, people, row_id


def _account_of(asker: Asker | Local | None) -> Asker | None:
    """Return the account that asks; None without one."""
    return asker if isinstance(asker, Asker) else None


def _known(session: Session, asker: Asker | None) -> Principal:
    """Return the account of an asker whose sign-in counts. Raises StoreError for any other."""
    if asker is not None:
        at = naive(asker.signed_in_at)
        query = select(AccountRow, signed_out(asker.account_id, at)).where(AccountRow.id == asker.account_id)
        row, ended = session.execute(query).one_or_none() or (None, True)
        valid = row is not None and not (ended or row.disabled_at) and at >= row.valid_from
        if row is not None and valid and at >= now() - timedelta(hours=SIGNED_IN_H):
            return Principal(row.id, row.name, frozenset(row.roles), row.person_id if "person" in row.roles else None)
    raise StoreError("You are not signed in any more. Sign in again.", code="store_signed_out")


def _decide(session: Session, who: Principal, may: Permission, given: dict[str, object]) -> set[int]:
    """Return whose data a call is about. Raises _Refused when it is not for this asker."""
    ids = _ids(given)
    if not ids and not _by_role(who, may, given):
        raise _Refused(not_allowed(), set())
    people = _people(session, who, may, ids)
    if ids and people == {who.person_id} and Permission.OWN not in may:
        raise _Refused(not_allowed(), people)
    return people


def _by_role(who: Principal, may: Permission, given: dict[str, object]) -> bool:
    """Return whether a call that names no person's data is for this role, or about the asker's own account."""
    about_self = given.get("account_id", who.account_id) == who.account_id and who.account_id is not None
    return (
        (Permission.ADMINISTRATOR in may and "administrator" in who.roles)
        or (bool(may & (Permission.PHYSIOTHERAPIST | Permission.LINKED)) and "physiotherapist" in who.roles)
        or (bool(may & (Permission.PERSON | Permission.OWN)) and who.person_id is not None)
        or (Permission.ACCOUNT in may and about_self)
    )


def not_allowed() -> StoreError:
    """Make the error of an account that may not do something.

    Returns
    -------
    StoreError
        The error (``store_not_allowed``), to be raised.
    """
    return StoreError("Your account may not do this.", code="store_not_allowed")


def _ids(given: dict[str, object]) -> list[tuple[str, int]]:
    """Return every id of a person's data among the arguments, with the name of its argument."""
    named: list[tuple[str, object]] = [(name, given[name]) for name in _OWNERS if given.get(name) is not None]
    for name in _OWNERS:
        many = given.get(f"{name}s", ())
        named += [(name, row_id) for row_id in (many if isinstance(many, Iterable) else ())]
    if not named and (empty := [name for name in _OWNERS if name in given]):
        named = [(empty[0], None)]
    ids = []
    for name, row_id in named:
        if not (isinstance(row_id, int) and 0 < row_id <= _MAX_ID):
            raise _Refused(unknown(_OWNERS[name][0], row_id), set())
        ids.append((name, row_id))
    return ids


def _people(session: Session, who: Principal, may: Permission, ids: list[tuple[str, int]]) -> set[int]:
    """Return whose data these ids are, when all of it is the asker's own or that of people linked to them. Raises _Refused."""
    linked: set[int] = set()
    if ids and "physiotherapist" in who.roles:
        links = select(LinkRow.person_id).where(
            LinkRow.physiotherapist_id == who.account_id, LinkRow.ended_at.is_(None)
        )
        linked = set(session.scalars(links))
    people: set[int] = set()
    for name, (table, query) in _OWNERS.items():
        wanted = [row_id for other, row_id in ids if other == name]
        owners = dict(session.execute(query.where(table.id.in_(wanted))).all()) if wanted else {}
        hidden = set()
        if name == "set_id" and wanted:
            gone = select(SetRow.id).where(SetRow.id.in_(wanted), SetRow.deleted_at.is_not(None))
            hidden = set(session.scalars(gone))  # what a person deleted is gone for everybody else
        for row_id in wanted:
            owner = owners.get(row_id)
            if owner is None or not (owner == who.person_id or (owner in linked and row_id not in hidden)):
                raise _Refused(unknown(table, row_id), set() if owner is None else {owner}, row_id)
            if owner != who.person_id and Permission.LINKED not in may:
                raise _Refused(not_allowed(), {owner}, row_id)
            people.add(owner)
    return people


def _fill_in(who: Principal, takes: set[str], given: dict[str, object], people: set[int]) -> None:
    """Give the arguments that say who asks, and bind a physiotherapist to their own conversations. Raises _Refused."""
    own = people <= {who.person_id}
    values = {"by": who.account_id, "as_person": own, "shared_with": None if own else who.account_id}
    given.update({name: values[name] for name in _FILLED_IN & takes})
    if own:
        return
    given.pop("deleted", None)
    if "physiotherapist_id" in takes and given.setdefault("physiotherapist_id", who.account_id) != who.account_id:
        raise _Refused(unknown(LinkRow, given["physiotherapist_id"]), people)
