"""What closed runs add to figures over many, and the factors their published post-mortems name.

Runs that closed before have none yet: `countersign ledger rebuild` makes them from the ledger.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run_digest",
        sa.Column("launch", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["launch"], ["reservation.launch"], name="fk_run_digest_launch_reservation"
        ),
        sa.PrimaryKeyConstraint("launch", name="pk_run_digest"),
    )
    op.create_index("ix_run_digest_closed", "run_digest", ["closed_at", "launch"])
    with op.batch_alter_table("postmortem") as postmortem:
        postmortem.add_column(sa.Column("factors", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("postmortem") as postmortem:
        postmortem.drop_column("factors")
    op.drop_index("ix_run_digest_closed", "run_digest")
    op.drop_table("run_digest")
