"""Messages between a person and a physiotherapist."""

from __future__ import annotations

from sqlalchemy import select, update

from formcheck.errors import StoreError
from formcheck.model.entities import Message
from formcheck.store.database import Database, now, optional_utc, utc
from formcheck.store.tables import LinkRow, MessageRow

LONGEST = 4000


class Messages:
    """The messages of the database. Everything raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def send(self, person_id: int, physiotherapist_id: int, text: str, *, as_person: bool = True) -> Message:
        """Send a message between two accounts that are linked.

        Parameters
        ----------
        person_id : int
            The person.
        physiotherapist_id : int
            The physiotherapist.
        text : str
            The message.
        as_person : bool
            True when the person writes, else the physiotherapist does.

        Returns
        -------
        Message
            The message.

        Raises
        ------
        StoreError
            The message has a wrong length (``message_length``), or the two are not linked (``message_no_link``).
        """
        text = text.strip()
        if not 0 < len(text) <= LONGEST:
            raise StoreError(
                f"A message has 1 to {LONGEST} characters; this one has {len(text)} and was not sent.",
                code="message_length",
                most=LONGEST,
                length=len(text),
            )
        with self._database.begin() as session:
            linked = session.scalar(
                select(LinkRow.id).where(
                    LinkRow.person_id == person_id,
                    LinkRow.physiotherapist_id == physiotherapist_id,
                    LinkRow.ended_at.is_(None),
                )
            )
            if linked is None:
                raise StoreError("The message was not sent: the two are not linked any more.", code="message_no_link")
            row = MessageRow(
                person_id=person_id,
                physiotherapist_id=physiotherapist_id,
                from_person=as_person,
                text=text,
                sent_at=now(),
            )
            session.add(row)
            session.flush()
            return _message(row)

    def of(self, person_id: int, physiotherapist_id: int | None = None) -> list[Message]:
        """Read the messages of a person, in order.

        Parameters
        ----------
        person_id : int
            The person.
        physiotherapist_id : int or None
            Only the messages with this physiotherapist; None for all.

        Returns
        -------
        list[Message]
            The messages.
        """
        query = select(MessageRow).where(MessageRow.person_id == person_id).order_by(MessageRow.id)
        if physiotherapist_id is not None:
            query = query.where(MessageRow.physiotherapist_id == physiotherapist_id)
        with self._database.begin() as session:
            return [_message(row) for row in session.scalars(query)]

    def mark_read(self, person_id: int, physiotherapist_id: int, *, as_person: bool = True) -> None:
        """Note that one side has read the messages of the other.

        Parameters
        ----------
        person_id : int
            The person.
        physiotherapist_id : int
            The physiotherapist.
        as_person : bool
            True when the person reads, else the physiotherapist does.
        """
        with self._database.begin() as session:
            session.execute(
                update(MessageRow)
                .where(
                    MessageRow.person_id == person_id,
                    MessageRow.physiotherapist_id == physiotherapist_id,
                    MessageRow.from_person.is_(not as_person),
                    MessageRow.read_at.is_(None),
                )
                .values(read_at=now())
            )


def _message(row: MessageRow) -> Message:
    return Message(
        row.id,
        row.person_id,
        row.physiotherapist_id,
        row.from_person,
        row.text,
        utc(row.sent_at),
        optional_utc(row.read_at),
    )
