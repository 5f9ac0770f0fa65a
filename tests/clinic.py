"""A clinic made in a store: two physiotherapists, and people with trainings, answers, programmes and messages, around today."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.programmes.programme import Criterion, Goal, Programme
from formcheck.spec.prescription import Prescription
from formcheck.store.database import FILE_NAME
from formcheck.store.principal import Asker
from formcheck.store.store import Store
from tests.example_records import plank_record, plank_trace, squat_record, squat_trace

if TYPE_CHECKING:
    from formcheck.model.records import SetRecord

ISSUER = "https://id.example"


@dataclass
class Clinic:
    """Ids by name. ``anna`` and ``carl`` are the accounts of physiotherapists, ``people`` the ids of who trains."""

    store: Store
    anna: int = 0
    carl: int = 0
    people: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)

    def asker(self, account_id: int) -> Asker:
        """Return somebody who signed in just now."""
        return Asker(account_id, datetime.now(UTC))

    def person(self, name: str, physiotherapist: int | None = None) -> int:
        """Add somebody who trains and is linked to a physiotherapist (Anna); return their id."""
        account = self.store.accounts.signed_in(ISSUER, name, name)
        token = self.store.links.invite(by=physiotherapist or self.anna).token
        self.accounts[name] = account.id
        self.people[name] = self.store.links.accept(token, by=account.id).person_id
        return self.people[name]

    def trained(
        self,
        name: str,
        days_ago: int,
        *records: SetRecord,
        pain: int | None = None,
        exertion: int | None = None,
        stop: str | None = None,
        **given: object,
    ) -> list[int]:
        """Keep a training of so many days ago with a finished set for each record (eight squats); return the sets' ids.

        ``given``: what else was prescribed.
        """
        day, out = date.today() - timedelta(days=days_ago), []
        session = self.store.sessions.open(self.people[name], day)
        for record in records or (squat_record(),):
            prescription = Prescription(exercise=record.exercise, **given).model_dump(mode="json")
            kept = self.store.sets.start(
                session.id, record.exercise, prescription, "browser", {"index": len(out), "view": "side"}
            )
            trace = plank_trace() if record.holds else squat_trace()
            self.store.sets.finish(kept.id, record, trace, "target")
            out.append(kept.id)
            for question, value in (("pain_during", pain), ("exertion", exertion)):
                if value is not None:
                    self.store.sessions.answer(session.id, question, value, day, record.exercise)
        if stop is not None:
            self.store.sessions.add_event(session.id, "stopped", {"reason": stop}, set_id=out[-1])
        self.store.sessions.end(session.id)
        return out

    def stopped_early(self, name: str, days_ago: int, why: str) -> int:
        """Keep a training in which Stop was pressed before anything was counted; return its id."""
        session = self.store.sessions.open(self.people[name], date.today() - timedelta(days=days_ago))
        self.store.sessions.add_event(session.id, "stopped", {"reason": why})
        self.store.sessions.end(session.id)
        return session.id

    def programme(self, name: str, weeks_ago: int = 1, **more: object) -> int:
        """Give somebody a programme of squats and planks of three days a week; return its id."""
        start = date.today() - timedelta(weeks=weeks_ago)
        exercises = [{"prescription": {"exercise": one, "sets": 2}} for one in ("squat", "plank")]
        made = Programme(
            title="Knee",
            start=start,
            end=start + timedelta(weeks=6, days=-1),
            days_a_week=3,
            exercises=exercises,
            **more,
        )
        return self.store.programmes.add(self.people[name], made, by=self.anna).id

    def wrote(self, name: str, text: str, physiotherapist: int | None = None) -> None:
        """Let somebody write to their physiotherapist (Anna)."""
        self.store.messages.send(self.people[name], physiotherapist or self.anna, text, as_person=True)


def empty_clinic(store: Store) -> Clinic:
    """Return a clinic with two physiotherapists, Anna and Carl, and nobody linked to them."""
    made = Clinic(store)
    for name in ("anna", "carl"):
        account = store.accounts.signed_in(ISSUER, name, name.title())
        store.accounts.set_roles(account.id, ["physiotherapist"])
        setattr(made, name, account.id)
    return made


def deep(peak_deg: float, side: str = "left", **setup: object) -> SetRecord:
    """Return eight squats, all to one depth, on one leg, filmed from that leg's side."""
    record = squat_record()
    near = 1 if side == "left" else -1
    reps = [
        rep.model_copy(update={"side": side, "measures": {**rep.measures, "knee_flexion_peak_deg": peak_deg}})
        for rep in record.reps
    ]
    seen = record.setup.model_copy(update={"azimuth_deg": 88.0 * near, **setup})
    statistics = {
        "knee_flexion_peak_deg": record.statistics["knee_flexion_peak_deg"].model_copy(update={"mean": peak_deg})
    }
    return record.model_copy(update={"reps": reps, "setup": seen, "statistics": statistics})


def full_clinic(store: Store) -> Clinic:
    """Fill an empty store with a clinic with four of Anna's people, each with something else to tell, and one of Carl's."""
    if store.database.engine.dialect.name != "sqlite":
        return _filled(empty_clinic(store))
    folder, made = _full_clinic(date.today())
    shutil.copytree(Path(folder.name) / "traces", store.folder / "traces")
    kept, into = (closing(sqlite3.connect(place / FILE_NAME)) for place in (Path(folder.name), store.folder))
    with kept as source, into as target:
        source.backup(target)
    return replace(made, store=store)


@cache
def _full_clinic(today: date) -> tuple[tempfile.TemporaryDirectory, Clinic]:
    """Return the folder of that clinic, to be copied, and its ids: quicker than to make it for each test."""
    folder = tempfile.TemporaryDirectory()
    with Store(folder=Path(folder.name)) as store:
        return folder, _filled(empty_clinic(store))


def _filled(made: Clinic) -> Clinic:
    for name in ("Bo Bentsen", "Dorte Dam", "Eva Ek", "Finn Fisk"):
        made.person(name)
    made.person("Gry Gade", made.carl)
    goal = Goal(id="stairs", text="Go up *the stairs* to the flat")
    criteria = [
        Criterion(exercise="squat", kind="clean_share", limit=0.5, sessions=2),
        Criterion(exercise="squat", kind="pain_at_most", limit=2, sessions=2),
        Criterion(exercise="plank", kind="exertion_at_most", limit=6, sessions=2),
    ]
    programme = made.programme("Bo Bentsen", goals=[goal], criteria=criteria, tests=("chair_stand_30s",))
    made.store.programmes.rate_goal(programme, "stairs", 0, 3)
    made.trained("Bo Bentsen", 6, deep(70.0), pain=2, exertion=3)
    made.trained("Bo Bentsen", 5, squat_record(exercise="chair_stand_30s"), test=True)
    made.trained("Bo Bentsen", 3, deep(72.0), deep(90.0, "right"), pain=1)
    made.trained("Bo Bentsen", 1, deep(71.0), plank_record(), pain=7, exertion=6, stop="joint")
    made.trained("Dorte Dam", 2, pain=6)
    made.trained("Eva Ek", 1, squat_record(), plank_record(), pain=1, exertion=4)
    made.trained("Gry Gade", 1, pain=9)
    return made
