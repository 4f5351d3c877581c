"""When a launch was heard to have a command: until then it is sent again, final or not."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("command", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE command SET heard_at = finished_at")
    op.drop_index("ix_command_pending", "command")
    _index("ix_command_unheard", "heard_at IS NULL")


def downgrade() -> None:
    op.drop_index("ix_command_unheard", "command")
    op.drop_column("command", "heard_at")
    _index("ix_command_pending", "state = 'pending'")


def _index(name: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "command", ["sent_at", "id"], sqlite_where=where, postgresql_where=where)
