"""The rows of the database: storage only, without methods or relationships.

Columns are plain text, whole numbers, truth values and aware instants, so that the same tables
stand on SQLite and PostgreSQL. What the text columns hold is known to the modules that write them.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field

from db import access_tables, organisation_tables, postmortem_tables
from db.row import Instant, Row

_UNHEARD = text("heard_at IS NULL")
_UNREAD = text("read_at IS NULL")
_OWED = text("history IS NULL")

PostMortemEntryRow = postmortem_tables.PostMortemEntryRow
PostMortemRow = postmortem_tables.PostMortemRow
RunDigestRow = postmortem_tables.RunDigestRow
OrganisationRow = organisation_tables.OrganisationRow
PersonRow = organisation_tables.PersonRow
RoleRow = organisation_tables.RoleRow
TokenRow = organisation_tables.TokenRow
KeyRow = organisation_tables.KeyRow
TemplateRow = organisation_tables.TemplateRow
PasswordRow = access_tables.PasswordRow
InvitationRow = access_tables.InvitationRow
SessionRow = access_tables.SessionRow
DraftRow = access_tables.DraftRow

# -- the ledger ----------------------------------------------------------------------------------


class ReservationRow(Row, table=True):
    """Which launch a code belongs to; the parent of everything a launch writes."""

    __tablename__ = "reservation"

    code: str = Field(primary_key=True)
    launch: str = Field(unique=True)
    person: str
    at: datetime = Field(sa_type=Instant)


class LedgerRow(Row, table=True):
    """One event. Triggers refuse every update, delete, replacement and gap."""

    __tablename__ = "ledger"

    launch: str = Field(primary_key=True, foreign_key="reservation.launch")
    seq: int = Field(primary_key=True, sa_type=Integer)
    at: datetime = Field(sa_type=Instant)
    type: str
    step: str | None
    actor: str
    command: str | None
    jws: str | None = Field(sa_type=Text)
    data: str = Field(sa_type=Text)
    prev_hash: str
    hash: str


class ArchiveRow(Row, table=True):
    """The Temporal history of a closed launch, beside its ledger: `entries` and `head` are the
    ledger's length and last hash at the close. Until the history is fetched it is owed.

    `history` holds `runs` compressed; `digest` is its SHA-256. Triggers let it be filled in once
    and refuse every other change.
    """

    __tablename__ = "archive"
    __table_args__ = (
        Index("ix_archive_owed", "retry_at", "launch", sqlite_where=_OWED, postgresql_where=_OWED),
        # Without the hidden number through which a row could be replaced.
        {"sqlite_with_rowid": False},
    )

    launch: str = Field(primary_key=True, foreign_key="reservation.launch")
    closed_at: datetime = Field(sa_type=Instant)
    entries: int = Field(sa_type=Integer)
    head: str
    retry_at: datetime = Field(sa_type=Instant)
    archived_at: datetime | None = Field(default=None, sa_type=Instant)
    runs: int | None = Field(default=None, sa_type=Integer)
    events: int | None = Field(default=None, sa_type=Integer)
    digest: str | None = Field(default=None)
    history: bytes | None = Field(default=None, sa_type=LargeBinary)


# -- the read model ------------------------------------------------------------------------------


class LaunchRow(Row, table=True):
    """A launch as served (`document`), what lists filter by, and who may act (`parties`).

    `search` is code and title in folded case; `modules` is `|product|marketing|`. An action has a
    review it follows from, `review_of`, and a `due`: when the first who is waited on is late.
    """

    __tablename__ = "launch"
    __table_args__ = (
        # Lists walk one of these newest first and read no row that they do not return.
        Index(
            "ix_launch_newest",
            *("kind", "started_at", "id", "phase", "department", "modules", "search"),
        ),
        Index("ix_launch_phase", "kind", "phase", "started_at", "id"),
    )

    id: str = Field(primary_key=True, foreign_key="reservation.launch")
    kind: str
    code: str
    department: str
    modules: str
    search: str
    phase: str
    outcome: str | None
    started_at: datetime = Field(sa_type=Instant)
    seq: int = Field(sa_type=Integer)
    review_of: str | None
    due: datetime | None = Field(sa_type=Instant)
    parties: str = Field(sa_type=Text)
    document: str = Field(sa_type=Text)


class InboxRow(Row, table=True):
    """One item waiting, once per address it waits at (`post:lead:product`, `person:…`).

    `urgency` sorts overdue items first (0), then the others (1); `due_rank` is the due in
    microseconds, or the largest number where there is none; `without` is `|a|b|`, the people who
    must not see it.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_address", "address", "urgency", "due_rank", "since", "launch", "item"),
    )

    launch: str = Field(primary_key=True, foreign_key="launch.id")
    item: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    kind: str
    step: str | None
    subject: str | None
    due: datetime | None = Field(sa_type=Instant)
    overdue: bool
    since: datetime = Field(sa_type=Instant)
    urgency: int = Field(sa_type=Integer)
    due_rank: int = Field(sa_type=BigInteger)
    without: str


class EscalationRow(Row, table=True):
    """An escalation as served."""

    __tablename__ = "escalation"
    __table_args__ = (
        Index("ix_escalation_state", "state", "raised_at", "id"),
        Index("ix_escalation_launch", "launch", "raised_at", "id"),
    )

    id: str = Field(primary_key=True)
    launch: str = Field(foreign_key="launch.id")
    state: str
    raised_at: datetime = Field(sa_type=Instant)
    document: str = Field(sa_type=Text)


# -- commands, refusals, notices -----------------------------------------------------------------


class CommandRow(Row, table=True):
    """One accepted request: what to send again until the outcome is known, then the reply: its
    text, or the seq at which the launch is the reply.
    """

    __tablename__ = "command"
    __table_args__ = (
        UniqueConstraint("person", "key"),
        Index(
            "ix_command_unheard", "sent_at", "id", sqlite_where=_UNHEARD, postgresql_where=_UNHEARD
        ),
    )

    id: str = Field(primary_key=True)
    person: str
    key: str
    request: str
    launch: str | None
    act: str
    payload: str = Field(sa_type=Text)
    state: str
    status: int | None = Field(sa_type=Integer)
    reply: str | None = Field(sa_type=Text)
    seq: int | None = Field(sa_type=Integer)
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(sa_type=Instant)
    heard_at: datetime | None = Field(sa_type=Instant)


class RefusalRow(Row, table=True):
    """The audit of refused acts: who, what, which rule."""

    __tablename__ = "refusal"
    __table_args__ = (
        Index("ix_refusal_launch", "launch", "id"),
        Index("ix_refusal_person", "person", "id"),
    )

    # BIGINT would not count up by itself on SQLite.
    id: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=cast("Any", BigInteger().with_variant(Integer(), "sqlite")),
    )
    at: datetime = Field(sa_type=Instant)
    person: str | None
    method: str
    path: str
    act: str | None
    launch: str | None
    step: str | None
    command: str | None
    status: int = Field(sa_type=Integer)
    code: str
    detail: str = Field(sa_type=Text)


class NoticeRow(Row, table=True):
    """Something a person is told; `read_at` when they have said that they know. `seq` is the entry
    it is about, 0 for what a launch does after its last one; `step` is empty for the whole launch.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_unread", "person", "at", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
    )

    launch: str = Field(primary_key=True, foreign_key="reservation.launch")
    seq: int = Field(primary_key=True, sa_type=Integer)
    step: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    text: str | None = Field(default=None, sa_type=Text)
    read_at: datetime | None = Field(default=None, sa_type=Instant)
