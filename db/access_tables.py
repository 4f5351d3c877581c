"""The rows of how people come in (passwords, invitations, sessions), and of their drafts."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from db.row import Instant, Row


class PasswordRow(Row, table=True):
    """What a person's password is checked against: an argon2 hash with its own parameters."""

    __tablename__ = "password"

    person: str = Field(primary_key=True, foreign_key="person.id")
    hash: str
    set_at: datetime = Field(sa_type=Instant)


class InvitationRow(Row, table=True):
    """A link to choose a password with, once; by the SHA-256 of its secret only."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_person", "person"),)

    digest: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    expires_at: datetime = Field(sa_type=Instant)


class SessionRow(Row, table=True):
    """A browser somebody is signed in with; by the SHA-256 of its cookie only."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_person", "person"),)

    digest: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class DraftRow(Row, table=True):
    """What one person filled into the form of a launch, as JSON of its fields."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_person", "person", "saved_at"),)

    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    saved_at: datetime = Field(sa_type=Instant)
    fields: str = Field(sa_type=Text)
