"""The tables. A change needs a new revision in ``migrations/versions``; a test holds the two together."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s",
}  # fmt: skip


class Table(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class PersonRow(Table):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    local: Mapped[bool | None] = mapped_column(unique=True)
    """True for the one person of a machine without accounts, else NULL."""
    created_at: Mapped[datetime]
    first_start: Mapped[dict | None] = mapped_column(JSON)
    settings: Mapped[dict] = mapped_column(JSON)


class SessionRow(Table):
    __tablename__ = "training_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    day: Mapped[date]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_training_session_person_day", "person_id", "day"),)


class SetRow(Table):
    __tablename__ = "exercise_set"
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    exercise: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    prescription: Mapped[dict] = mapped_column(JSON)
    pose_in: Mapped[str] = mapped_column(String(16))
    setup: Mapped[dict] = mapped_column(JSON)
    why_ended: Mapped[str | None] = mapped_column(String(32))
    rep_count: Mapped[int] = mapped_column(default=0)
    partial_count: Mapped[int] = mapped_column(default=0)
    hold_s: Mapped[float] = mapped_column(default=0.0)
    in_form_s: Mapped[float] = mapped_column(default=0.0)
    record: Mapped[dict | None] = mapped_column(JSON)
    trace_sha256: Mapped[str | None] = mapped_column(String(64))
    deleted_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("state IN ('running', 'finished', 'interrupted')", name="state"),)


class RepetitionRow(Table):
    __tablename__ = "repetition"
    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("exercise_set.id", ondelete="CASCADE"))
    number: Mapped[int]
    counted: Mapped[bool]
    side: Mapped[str | None] = mapped_column(String(8))
    start_s: Mapped[float]
    turn_s: Mapped[float]
    end_s: Mapped[float]
    measures: Mapped[dict] = mapped_column(JSON)
    faults: Mapped[dict] = mapped_column(JSON)
    __table_args__ = (UniqueConstraint("set_id", "number"),)


class VideoRow(Table):
    __tablename__ = "video"
    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("exercise_set.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    offset_s: Mapped[float]
    kept_at: Mapped[datetime]
    keep_until: Mapped[datetime]


class AnswerRow(Table):
    __tablename__ = "answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(32))
    exercise: Mapped[str] = mapped_column(String(64), default="")
    """Empty for an answer about the whole session."""
    value: Mapped[int]
    for_day: Mapped[date]
    answered_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("session_id", "question", "exercise"),
        CheckConstraint("value BETWEEN 0 AND 10", name="value"),
    )


class EventRow(Table):
    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), index=True)
    set_id: Mapped[int | None] = mapped_column(ForeignKey("exercise_set.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    data: Mapped[dict] = mapped_column(JSON)
