"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _ledger()
    _read_model()
    _commands()
    _organisation()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


TABLES = (
    "reservation",
    "ledger",
    "launch",
    "inbox",
    "escalation",
    "command",
    "refusal",
    "notice",
    "organisation",
    "person",
    "role",
    "token",
    "trusted_key",
)


def _ledger() -> None:
    op.create_table(
        "reservation",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("launch", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_reservation"),
        sa.UniqueConstraint("launch", name="uq_reservation_launch"),
    )
    op.create_table(
        "ledger",
        sa.Column("launch", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=True),
        sa.Column("jws", sa.Text(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["launch"], ["reservation.launch"], name="fk_ledger_launch_reservation"
        ),
        sa.PrimaryKeyConstraint("launch", "seq", name="pk_ledger"),
    )


def _read_model() -> None:
    op.create_table(
        "launch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("modules", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["reservation.launch"], name="fk_launch_id_reservation"),
        sa.PrimaryKeyConstraint("id", name="pk_launch"),
    )
    op.create_index(
        "ix_launch_newest",
        "launch",
        ["kind", "started_at", "id", "phase", "department", "modules", "search"],
    )
    op.create_index("ix_launch_phase", "launch", ["kind", "phase", "started_at", "id"])
    op.create_table(
        "inbox",
        sa.Column("launch", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("due_rank", sa.BigInteger(), nullable=False),
        sa.Column("without", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["launch"], ["launch.id"], name="fk_inbox_launch_launch"),
        sa.PrimaryKeyConstraint("launch", "item", "address", name="pk_inbox"),
    )
    op.create_index(
        "ix_inbox_address", "inbox", ["address", "urgency", "due_rank", "since", "launch", "item"]
    )
    op.create_table(
        "escalation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("launch", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["launch"], ["launch.id"], name="fk_escalation_launch_launch"),
        sa.PrimaryKeyConstraint("id", name="pk_escalation"),
    )
    op.create_index("ix_escalation_launch", "escalation", ["launch", "raised_at", "id"])
    op.create_index("ix_escalation_state", "escalation", ["state", "raised_at", "id"])


def _commands() -> None:
    op.create_table(
        "command",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("launch", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_command"),
        sa.UniqueConstraint("person", "key", name="uq_command_person_key"),
    )
    op.create_index(
        "ix_command_pending",
        "command",
        ["sent_at", "id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "refusal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=True),
        sa.Column("launch", sa.String(), nullable=True),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("command", sa.String(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refusal"),
    )
    op.create_index("ix_refusal_launch", "refusal", ["launch", "id"])
    op.create_index("ix_refusal_person", "refusal", ["person", "id"])
    op.create_table(
        "notice",
        sa.Column("launch", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["launch"], ["reservation.launch"], name="fk_notice_launch_reservation"
        ),
        sa.PrimaryKeyConstraint("launch", "step", "person", "kind", name="pk_notice"),
    )
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["person", "at"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )


def _organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("department", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_table(
        "role",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_role_person_person"),
        sa.PrimaryKeyConstraint("person", "post", name="pk_role"),
    )
    op.create_index("ix_role_post", "role", ["post"])
    op.create_table(
        "token",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_token_person_person"),
        sa.PrimaryKeyConstraint("digest", name="pk_token"),
    )
    op.create_index("ix_token_person", "token", ["person"])
    op.create_table(
        "trusted_key",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("jwk", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endorsement", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kid", name="pk_trusted_key"),
    )
