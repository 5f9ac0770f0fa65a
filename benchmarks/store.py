"""Measure how long a physiotherapist waits for the list of their people and for the page of one person, on both databases.

    python benchmarks/store.py [--people 40 --sets 600] [--rounds 5]

Without arguments: 40 people with 600 sets each, then 300 with 200 each. Every set has the record of ten squats (about 15 kB). All
calls go through the authorisation layer, with its look-ups and its log. Needs Debian's PostgreSQL and starts a server of its own.
Prints the Markdown table of RESULTS.md. CPU is that of the app's process alone. On a busy machine it says more than the clock, but
it leaves out PostgreSQL's own work.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import event, insert

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from formcheck.clinic.triggers import Triggers, reasons, urgency
from formcheck.programmes.programme import Programme
from formcheck.store.access import AuthorisedStore
from formcheck.store.database import now
from formcheck.store.principal import Asker
from formcheck.store.store import Store
from formcheck.store.summaries import summary_of
from formcheck.store.tables import AnswerRow, LinkRow, MessageRow, ReviewRow, SessionRow, SetRow
from tests.postgres import running_server
from tests.synthetic_cases import CLEAN, judged, made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from formcheck.model.records import SetRecord

SIZES = ((40, 600), (300, 200))
GOAL_S = 1.0
SETS_A_DAY, DAYS_A_WEEK = 4, 3
LIST_DAYS = 28
TODAY = date(2026, 6, 5)


def main() -> int:
    """Fill, measure, print, and return 0 when every page is under a second, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int)
    parser.add_argument("--sets", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    sizes = ((args.people, args.sets),) if args.people and args.sets else SIZES
    record = judged(made("squat", [CLEAN["squat"]] * 10).poses, "squat").record
    print(
        "| people × sets | database | page | first time, s | median, s | CPU, s | SQL statements |\n|---|---|---|---|---|---|---|"
    )
    slow = False
    for people, sets in sizes:
        with running_server() as server, tempfile.TemporaryDirectory() as folder:
            for name, url in (("SQLite", None), ("PostgreSQL", server.new_database())):
                with Store(url, Path(folder, name)) as store:
                    ids, physiotherapist = fill(store, people, sets, record)
                with Store(url, Path(folder, name)) as store:
                    layer = AuthorisedStore(store, Asker(physiotherapist, datetime.now(UTC)))
                    pages = {"list": partial(the_list, layer), "person": partial(the_person, layer, ids[people // 2])}
                    for page, show in pages.items():
                        times, cpu_s, statements = measured(store, show, args.rounds)
                        slow |= max(times) > GOAL_S
                        print(
                            f"| {people} × {sets} | {name} | {page} | {times[0]:.2f} | {statistics.median(times):.2f} "
                            f"| {cpu_s:.2f} | {statements} |",
                            flush=True,
                        )
    return int(slow)


def the_list(layer: AuthorisedStore) -> list[tuple]:
    """Make the list of people: the last weeks of each person and the reasons to look, most urgent first."""
    ids = [link.person_id for link in layer.links.people_of()]
    seen = layer.overview.people(*ids, since=TODAY - timedelta(days=LIST_DAYS))
    found = [(person, reasons(person, Triggers(), TODAY)) for person in seen]
    return sorted(found, key=lambda entry: urgency(entry[1]))


def the_person(layer: AuthorisedStore, person_id: int) -> tuple:
    """Read the data of a person's page: training, programme, goal ratings, sets and reviews."""
    (seen,) = layer.overview.people(person_id, since=date.min)
    sets = [one.id for session in seen.sessions for one in session.sets]
    return (
        seen.sessions,
        layer.links.people_of(),
        layer.programmes.goal_ratings(seen.programme.id),
        layer.sets.of(*(session.id for session in seen.sessions)),
        layer.reviews.of(*sets),
    )


def measured(store: Store, show: Callable[[], object], rounds: int) -> tuple[list[float], float, int]:
    """Return each round's time (s), the median CPU time (s), and the number of SQL statements of one round."""
    times, cpu = [], []
    for _ in range(rounds):
        begun, cpu_begun = time.perf_counter(), time.process_time()
        with counted(store) as statements:
            show()
        times.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - cpu_begun)
    return times, statistics.median(cpu), len(statements)


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Yield a list that collects the SQL statements run inside the context."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(store.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(store.database.engine, "before_cursor_execute", note)


def fill(store: Store, people: int, sets: int, record: SetRecord) -> tuple[list[int], int]:
    """Store ``people`` people with ``sets`` sets each, linked to one physiotherapist; return their ids and the account's id."""
    physiotherapist = store.accounts.signed_in("https://id.example", "physiotherapist", "Anna").id
    store.accounts.set_roles(physiotherapist, ["physiotherapist"])
    kept, summary = record.model_dump(mode="json"), summary_of(record)
    start = TODAY - timedelta(weeks=4)
    plan = Programme(
        title="Knee",
        start=start,
        end=start + timedelta(weeks=8),
        days_a_week=DAYS_A_WEEK,
        exercises=[{"prescription": {"exercise": "squat"}}],
    )
    ids = []
    for n in range(people):
        account = store.accounts.signed_in("https://id.example", f"person-{n}", f"Person {n}")
        person_id = store.accounts.set_roles(account.id, ["person"]).person_id
        ids.append(person_id)
        store.programmes.add(person_id, plan, by=physiotherapist)
        with store.database.begin() as session:
            session.add(LinkRow(person_id=person_id, physiotherapist_id=physiotherapist, since=now()))
            session.add_all(
                MessageRow(
                    person_id=person_id,
                    physiotherapist_id=physiotherapist,
                    from_person=m % 2 == 0,
                    text="Hej",
                    sent_at=now(),
                    read_at=None if m > 17 else now(),
                )
                for m in range(20)
            )
            trained = [
                SessionRow(person_id=person_id, day=TODAY - timedelta(days=d), started_at=now()) for d in days(sets)
            ]
            session.add_all(trained)
            session.flush()
            rows = [
                {
                    "session_id": trained[i // SETS_A_DAY].id,
                    "position": i % SETS_A_DAY,
                    "exercise": "squat",
                    "state": "finished",
                    "started_at": now(),
                    "prescription": {"exercise": "squat"},
                    "pose_in": "browser",
                    "setup": {"view": "side"},
                    "why_ended": "target",
                    "rep_count": 10,
                    "partial_count": 0,
                    "hold_s": 0.0,
                    "in_form_s": 0.0,
                    "record": kept,
                    "summary": summary,
                }
                for i in range(sets)
            ]
            set_ids = list(session.scalars(insert(SetRow).returning(SetRow.id), rows))
            session.execute(
                insert(AnswerRow),
                [
                    {
                        "session_id": one.id,
                        "question": question,
                        "exercise": "",
                        "value": 3,
                        "for_day": one.day,
                        "answered_at": now(),
                    }
                    for one in trained
                    for question in ("pain_before", "pain_next_morning")
                ],
            )
            session.execute(
                insert(ReviewRow),
                [
                    {"set_id": set_id, "account_id": physiotherapist, "own": False, "entry": SEEN, "at": now()}
                    for set_id in set_ids[:: SETS_A_DAY * 2]
                ],
            )
    return ids, physiotherapist


SEEN = {"by": "Anna", "at": "2026-03-04T12:00:00Z", "kind": "seen"}


def days(sets: int) -> list[int]:
    """Return each session's age in days, with three sessions a week, the oldest first."""
    count = -(-sets // SETS_A_DAY)
    return [(count - 1 - n) * 7 // DAYS_A_WEEK + 1 for n in range(count)]


if __name__ == "__main__":
    raise SystemExit(main())
