"""The rows of post-mortems and of figures over many runs: storage only, as in `tables`."""

from datetime import datetime

from sqlalchemy import Index, Integer, Text
from sqlmodel import Field

from db.row import Instant, Row


class PostMortemEntryRow(Row, table=True):
    """One event of a post-mortem's own ledger. Triggers refuse every update, delete, replacement
    and gap, as they do for a launch's.
    """

    __tablename__ = "postmortem_entry"
    # Without the hidden number through which a row could be replaced.
    __table_args__ = ({"sqlite_with_rowid": False},)

    launch: str = Field(primary_key=True, foreign_key="reservation.launch")
    seq: int = Field(primary_key=True, sa_type=Integer)
    at: datetime = Field(sa_type=Instant)
    type: str
    actor: str
    command: str | None
    data: str = Field(sa_type=Text)
    prev_hash: str
    hash: str


class PostMortemRow(Row, table=True):
    """What lists of post-mortems show; the record itself is told by its ledger."""

    __tablename__ = "postmortem"
    __table_args__ = (
        Index("ix_postmortem_newest", "opened_at", "launch"),
        Index("ix_postmortem_state", "state", "opened_at", "launch"),
    )

    launch: str = Field(primary_key=True, foreign_key="reservation.launch")
    seq: int = Field(sa_type=Integer)
    code: str
    title: str
    department: str
    outcome: str | None
    cause: str
    state: str
    version: int = Field(sa_type=Integer)
    opened_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    factors: str = Field(default="[]", sa_type=Text)


class RunDigestRow(Row, table=True):
    """What a closed run adds to figures over many."""

    __tablename__ = "run_digest"
    __table_args__ = (Index("ix_run_digest_closed", "closed_at", "launch"),)

    launch: str = Field(primary_key=True, foreign_key="reservation.launch")
    closed_at: datetime = Field(sa_type=Instant)
    document: str = Field(sa_type=Text)
