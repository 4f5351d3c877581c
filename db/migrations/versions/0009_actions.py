"""Launches that follow from a review: of which run, and when the first who is waited on is late;
template versions that were agreed.

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
    op.create_table(
        "template",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("launch", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["launch"], ["reservation.launch"], name="fk_template_launch_reservation"
        ),
        sa.PrimaryKeyConstraint("key", "version", name="pk_template"),
        sa.UniqueConstraint("launch", name="uq_template_launch"),
    )


def downgrade() -> None:
    op.drop_table("template")
    op.drop_column("launch", "due")
    op.drop_column("launch", "review_of")
