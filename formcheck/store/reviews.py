"""What physiotherapists decided and said about sets: every entry with who, when and why. Nothing is changed or removed."""

from __future__ import annotations

from sqlalchemy import select

from formcheck.errors import StoreError
from formcheck.store.database import Database, now, utc
from formcheck.store.kept import Review, ReviewKind
from formcheck.store.people import found
from formcheck.store.tables import AccountRow, ReviewRow, SetRow

LONGEST = 4000


class Reviews:
    """The reviews of the database. Everything raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, set_id: int, kind: ReviewKind, text: str = "", *, by: int, rule: str | None = None, repetition: int | None = None,
        moment_s: float | None = None,
    ) -> Review:  # fmt: skip
        """Keep a decision about a rule (``agree``, ``disagree``: with the reason), a ``comment``, or that the set was ``seen``.

        A later decision about the same rule and repetition is a new entry; the newest counts.
        """
        text = text.strip()
        needs = {"agree": rule, "disagree": rule and text, "comment": text, "seen": True}
        if kind not in needs or not needs[kind] or len(text) > LONGEST:
            raise StoreError(
                "This was not kept: a decision names what it is about, to disagree needs a reason, and a comment needs words.",
                code="review_incomplete",
            )
        with self._database.begin() as session:
            found(session, SetRow, set_id)
            row = ReviewRow(
                set_id=set_id,
                account_id=by,
                kind=kind,
                rule=rule,
                repetition=repetition,
                moment_s=moment_s,
                text=text,
                at=now(),
            )
            session.add(row)
            session.flush()
            return _review(row, found(session, AccountRow, by).name)

    def of(self, *set_ids: int) -> dict[int, list[Review]]:
        """Return the reviews of sets in order, by set."""
        with self._database.begin() as session:
            out: dict[int, list[Review]] = {set_id: [] for set_id in set_ids}
            rows = session.execute(
                select(ReviewRow, AccountRow.name)
                .outerjoin(AccountRow)
                .where(ReviewRow.set_id.in_(set_ids))
                .order_by(ReviewRow.id)
            )
            for row, name in rows:
                out[row.set_id].append(_review(row, name or ""))
            return out


def _review(row: ReviewRow, name: str) -> Review:
    return Review(
        row.id,
        row.set_id,
        row.account_id,
        name,
        row.kind,
        row.rule,
        row.repetition,
        row.moment_s,
        row.text,
        utc(row.at),
    )
