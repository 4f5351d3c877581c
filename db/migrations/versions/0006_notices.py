"""Notices of an entry of the ledger: one person may be told of the same thing more than once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    _change(
        ["launch", "seq", "step", "person", "kind"],
        sa.Column("seq", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("text", sa.Text(), nullable=True),
    )


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE seq > 0")
    _change(["launch", "step", "person", "kind"], drop=("seq", "text"))


def _change(key: list[str], *add: sa.Column[object], drop: tuple[str, ...] = ()) -> None:
    op.drop_index("ix_notice_unread", "notice")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint("pk_notice", type_="primary")
        for column in add:
            notice.add_column(column)
        for name in drop:
            notice.drop_column(name)
        notice.create_primary_key("pk_notice", key)
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["person", "at"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
