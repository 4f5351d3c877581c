"""Post-mortems: a ledger of their own, append-only and chained as the launches' is, and what lists
show of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

GENESIS = "sha256:" + "0" * 64
KEPT = "the ledger of post-mortems is append-only"
FOLLOWS = f"""
    NEW.prev_hash IS {{otherwise}} (CASE WHEN NEW.seq = 1 THEN '{GENESIS}' ELSE
        (SELECT hash FROM postmortem_entry WHERE launch = NEW.launch AND seq = NEW.seq - 1) END)
"""  # noqa: S608 - GENESIS is a constant
SQLITE = (
    f"""
    CREATE TRIGGER postmortem_entry_no_update BEFORE UPDATE ON postmortem_entry
    BEGIN SELECT RAISE(ABORT, '{KEPT}: no update'); END
    """,
    f"""
    CREATE TRIGGER postmortem_entry_no_delete BEFORE DELETE ON postmortem_entry
    BEGIN SELECT RAISE(ABORT, '{KEPT}: no delete'); END
    """,
    f"""
    CREATE TRIGGER postmortem_entry_no_replace BEFORE INSERT ON postmortem_entry
    WHEN EXISTS (SELECT 1 FROM postmortem_entry WHERE launch = NEW.launch AND seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, '{KEPT}: no replace'); END
    """,  # noqa: S608 - KEPT is a constant
    f"""
    CREATE TRIGGER postmortem_entry_no_gap BEFORE INSERT ON postmortem_entry
    WHEN {FOLLOWS.format(otherwise="NOT")}
    BEGIN SELECT RAISE(ABORT, '{KEPT}: no gap'); END
    """,
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION postmortem_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = '{KEPT}: no ' || lower(TG_OP);
    END $$
    """,
    f"""
    CREATE FUNCTION postmortem_entry_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {FOLLOWS.format(otherwise="DISTINCT FROM")}
        THEN RAISE EXCEPTION '{KEPT}: no gap'; END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER postmortem_entry_no_change BEFORE UPDATE OR DELETE ON postmortem_entry
    FOR EACH ROW EXECUTE FUNCTION postmortem_entry_refuse()
    """,
    """
    CREATE TRIGGER postmortem_entry_no_truncate BEFORE TRUNCATE ON postmortem_entry
    FOR EACH STATEMENT EXECUTE FUNCTION postmortem_entry_refuse()
    """,
    """
    CREATE TRIGGER postmortem_entry_no_gap BEFORE INSERT ON postmortem_entry
    FOR EACH ROW EXECUTE FUNCTION postmortem_entry_follow()
    """,
)
POSTGRESQL_GONE = (
    "DROP FUNCTION postmortem_entry_refuse()",
    "DROP FUNCTION postmortem_entry_follow()",
)


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "postmortem_entry",
        sa.Column("launch", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["launch"], ["reservation.launch"], name="fk_postmortem_entry_launch_reservation"
        ),
        sa.PrimaryKeyConstraint("launch", "seq", name="pk_postmortem_entry"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "postmortem",
        sa.Column("launch", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("published_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["launch"], ["reservation.launch"], name="fk_postmortem_launch_reservation"
        ),
        sa.PrimaryKeyConstraint("launch", name="pk_postmortem"),
    )
    op.create_index("ix_postmortem_newest", "postmortem", ["opened_at", "launch"])
    op.create_index("ix_postmortem_state", "postmortem", ["state", "opened_at", "launch"])
    _run({"sqlite": SQLITE, "postgresql": POSTGRESQL})


def downgrade() -> None:
    op.drop_table("postmortem")
    op.drop_table("postmortem_entry")
    _run({"sqlite": (), "postgresql": POSTGRESQL_GONE})


def _run(statements: dict[str, tuple[str, ...]]) -> None:
    connection = op.get_bind()
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement)
