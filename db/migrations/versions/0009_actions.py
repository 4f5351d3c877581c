"""Launches that follow from a review: of which run, and when the first who is waited on is late.

What the read model shows of launches has new fields: `countersign ledger rebuild` writes them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("launch", sa.Column("review_of", sa.String(), nullable=True))
    op.add_column("launch", sa.Column("due", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("launch", "due")
    op.drop_column("launch", "review_of")
