"""The tables. A change needs a new revision in ``migrations/versions``; a test holds the two together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from formcheck.model.entities import Question, Role, SetState

TombstoneKind = Literal["set", "trace", "video", "session", "programme", "profile", "person"]
"""Kinds of deleted things. ``trace`` and ``profile`` are parts of a row that stays."""
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    id: Mapped[int] = mapped_column(primary_key=True)


class PersonRow(Table):
    """A person who trains."""

    __tablename__ = "person"
    local: Mapped[bool | None] = mapped_column(unique=True)
    """True for the one person of a machine without accounts, else NULL."""
    created_at: Mapped[datetime]
    first_start: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)


class SessionRow(Table):
    """One training session: the training of one person on one day."""

    __tablename__ = "training_session"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    day: Mapped[date]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_training_session_person_day", "person_id", "day"),)


class SetRow(Table):
    """One set: the original record, and the numbers of the corrected one."""

    __tablename__ = "exercise_set"
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    exercise: Mapped[str] = mapped_column(String(64))
    state: Mapped[SetState] = mapped_column(String(16))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    prescription: Mapped[dict[str, Any]] = mapped_column(JSON)
    pose_in: Mapped[str] = mapped_column(String(16))
    setup: Mapped[dict[str, Any]] = mapped_column(JSON)
    why_ended: Mapped[str | None] = mapped_column(String(32))
    rep_count: Mapped[int] = mapped_column(default=0)
    partial_count: Mapped[int] = mapped_column(default=0)
    hold_s: Mapped[float] = mapped_column(default=0.0)
    in_form_s: Mapped[float] = mapped_column(default=0.0)
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Summary of the corrected record (``summaries.py``), so that lists and trends need not read the record."""
    trace_sha256: Mapped[str | None] = mapped_column(String(64))
    deleted_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("state IN ('running', 'finished', 'interrupted')", name="state"),)


class RepetitionRow(Table):
    """One repetition of a set, as corrected."""

    __tablename__ = "repetition"
    set_id: Mapped[int] = mapped_column(ForeignKey("exercise_set.id", ondelete="CASCADE"))
    number: Mapped[int]
    counted: Mapped[bool]
    side: Mapped[str | None] = mapped_column(String(8))
    start_s: Mapped[float]
    turn_s: Mapped[float]
    end_s: Mapped[float]
    measures: Mapped[dict[str, Any]] = mapped_column(JSON)
    faults: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (UniqueConstraint("set_id", "number"),)


class VideoRow(Table):
    """The video of a set."""

    __tablename__ = "video"
    set_id: Mapped[int] = mapped_column(ForeignKey("exercise_set.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    offset_s: Mapped[float]
    kept_at: Mapped[datetime]
    keep_until: Mapped[datetime]


class AnswerRow(Table):
    """One answer about a session or an exercise."""

    __tablename__ = "answer"
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"))
    question: Mapped[Question] = mapped_column(String(32))
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
    """One event of a session."""

    __tablename__ = "event"
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), index=True)
    set_id: Mapped[int | None] = mapped_column(ForeignKey("exercise_set.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class AccountRow(Table):
    """An account that signs in elsewhere (OIDC). No password and no national number is stored."""

    __tablename__ = "account"
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[Role]] = mapped_column(JSON)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    valid_from: Mapped[datetime]
    """A sign-in from before this time is void."""
    disabled_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class SignOutRow(Table):
    """A sign-in that was ended before its time. A copy of its cookie is void too."""

    __tablename__ = "sign_out"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    signed_in_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("account_id", "signed_in_at"),)


class LinkRow(Table):
    """A person's permission for a physiotherapist to see their training, until one of the two ends it."""

    __tablename__ = "link"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    physiotherapist_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_link_active",
            "person_id",
            "physiotherapist_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class InvitationRow(Table):
    """An invitation of a physiotherapist."""

    __tablename__ = "invitation"
    physiotherapist_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """Also set when it is withdrawn."""


class ProgrammeRow(Table):
    """A programme of a person."""

    __tablename__ = "programme"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ProgrammeVersionRow(Table):
    """One version of a programme."""

    __tablename__ = "programme_version"
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    version: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    __table_args__ = (UniqueConstraint("programme_id", "version"),)


class GoalRatingRow(Table):
    """One rating of a goal."""

    __tablename__ = "goal_rating"
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    goal: Mapped[str] = mapped_column(String(64))
    week: Mapped[int]
    value: Mapped[int]
    rated_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("programme_id", "goal", "week"),
        CheckConstraint("value BETWEEN 0 AND 10", name="value"),
    )


class MessageRow(Table):
    """One message between a person and a physiotherapist."""

    __tablename__ = "message"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    physiotherapist_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    from_person: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class ReviewRow(Table):
    """One correction, decision or comment about a set (``formcheck.model.corrections``)."""

    __tablename__ = "review"
    set_id: Mapped[int] = mapped_column(ForeignKey("exercise_set.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """NULL: the person of a machine without accounts, or an account that is gone."""
    own: Mapped[bool]
    """True for an entry of the person who trained. A set with an entry of another account belongs to the record."""
    entry: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]


class VideoShareRow(Table):
    """The person's permission for one physiotherapist to see the video of one set."""

    __tablename__ = "video_share"
    set_id: Mapped[int] = mapped_column(ForeignKey("exercise_set.id", ondelete="CASCADE"))
    physiotherapist_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    shared_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("set_id", "physiotherapist_id"),)


class AccessRow(Table):
    """One look at a person's data, or an attempt. The row stays when the account or the person is deleted."""

    __tablename__ = "access_log"
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    who: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    what: Mapped[str] = mapped_column(String(64))
    row_id: Mapped[int | None]
    allowed: Mapped[bool]
    __table_args__ = (Index("ix_access_log_person_at", "person_id", "at"),)


class TombstoneRow(Table):
    """A deleted thing: a restored backup must not bring it back. ``made_at`` tells it from a later row with the same id."""

    __tablename__ = "tombstone"
    kind: Mapped[TombstoneKind] = mapped_column(String(16))
    row_id: Mapped[int]
    made_at: Mapped[datetime]
    deleted_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("kind", "row_id", "made_at"),)
