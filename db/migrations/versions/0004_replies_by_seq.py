"""The seq at which a launch is the reply to a command, instead of that reply's text."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("command", sa.Column("seq", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Of the replies that were not kept as text, what they were about is."""
    op.execute(
        """UPDATE command SET reply = '{"id":"' || launch || '","seq":' || seq || '}'
        WHERE reply IS NULL AND seq IS NOT NULL"""
    )
    op.drop_column("command", "seq")
