"""The rows of the organisation: people and posts, tokens, keys, and the templates it agreed on."""

from datetime import datetime

from sqlalchemy import Index, Integer, Text, text
from sqlmodel import Field

from db.row import Instant, Row


class OrganisationRow(Row, table=True):
    """The one organisation of an installation; `document` is its file without the people."""

    __tablename__ = "organisation"

    id: int = Field(primary_key=True, sa_type=Integer)
    document: str = Field(sa_type=Text)


class PersonRow(Row, table=True):
    """A person of the directory. Who leaves the file stays a row, inactive and without roles."""

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    position: int = Field(sa_type=Integer)
    active: bool
    name_en: str
    name_zh: str
    email: str | None
    department: str | None


class RoleRow(Row, table=True):
    """A post a person holds, in the order of the file."""

    __tablename__ = "role"
    __table_args__ = (Index("ix_role_post", "post"),)

    person: str = Field(primary_key=True, foreign_key="person.id")
    post: str = Field(primary_key=True)
    position: int = Field(sa_type=Integer)


class TokenRow(Row, table=True):
    """An API token, by the SHA-256 of its text only; `label` is what its person calls it."""

    __tablename__ = "token"
    __table_args__ = (Index("ix_token_person", "person"),)

    digest: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    label: str = Field(default="", sa_column_kwargs={"server_default": text("''")})


class KeyRow(Row, table=True):
    """A public key signatures are trusted by; `endorsement` is the JWS of an older one over it."""

    __tablename__ = "trusted_key"

    kid: str = Field(primary_key=True)
    jwk: str = Field(sa_type=Text)
    since: datetime = Field(sa_type=Instant)
    endorsement: str | None = Field(default=None, sa_type=Text)


class TemplateRow(Row, table=True):
    """A template version that a lesson made."""

    __tablename__ = "template"

    key: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=Integer)
    launch: str = Field(unique=True, foreign_key="reservation.launch")
    since: datetime = Field(sa_type=Instant)
    document: str = Field(sa_type=Text)
