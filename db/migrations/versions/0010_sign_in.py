"""Passwords, invitations and sessions for the pages; a token has a label its person tells it by."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_password_person_person"),
        sa.PrimaryKeyConstraint("person", name="pk_password"),
    )
    _create_secrets("invitation")
    _create_secrets("session", sa.Column("created_at", sa.DateTime(timezone=True), nullable=False))
    op.add_column(
        "token", sa.Column("label", sa.String(), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    op.drop_column("token", "label")
    op.drop_table("session")
    op.drop_table("invitation")
    op.drop_table("password")


def _create_secrets(table: str, *besides: sa.Column) -> None:  # type: ignore[type-arg]
    op.create_table(
        table,
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        *besides,
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=f"fk_{table}_person_person"),
        sa.PrimaryKeyConstraint("digest", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_person", table, ["person"])
