"""The archive of closed launches, and the triggers by which what is in it stays.

A launch owes its history from the moment it closes; those closed before this revision owe theirs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEPT = "what is archived is kept"
GROWS = """
    NEW.launch <> OLD.launch OR NEW.closed_at <> OLD.closed_at OR NEW.entries <> OLD.entries
    OR NEW.head <> OLD.head OR OLD.history IS NOT NULL OR (NEW.history IS NULL AND (
        NEW.digest IS NOT NULL OR NEW.runs IS NOT NULL OR NEW.events IS NOT NULL
        OR NEW.archived_at IS NOT NULL))
"""
SQLITE = (
    f"""
    CREATE TRIGGER archive_no_change BEFORE UPDATE ON archive WHEN {GROWS}
    BEGIN SELECT RAISE(ABORT, '{KEPT}: no change'); END
    """,
    f"""
    CREATE TRIGGER archive_no_delete BEFORE DELETE ON archive
    BEGIN SELECT RAISE(ABORT, '{KEPT}: no delete'); END
    """,
    f"""
    CREATE TRIGGER archive_no_replace BEFORE INSERT ON archive
    WHEN EXISTS (SELECT 1 FROM archive WHERE launch = NEW.launch)
    BEGIN SELECT RAISE(ABORT, '{KEPT}: no replace'); END
    """,  # noqa: S608 - KEPT is a constant
    # A row of the ledger could be replaced through its hidden number as well as through its key.
    """
    CREATE TRIGGER ledger_no_overwrite BEFORE INSERT ON ledger
    WHEN EXISTS (SELECT 1 FROM ledger WHERE rowid = NEW.rowid)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no replace'); END
    """,
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION archive_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = '{KEPT}: no ' || lower(TG_OP);
    END $$
    """,
    f"""
    CREATE TRIGGER archive_no_change BEFORE UPDATE ON archive
    FOR EACH ROW WHEN ({GROWS}) EXECUTE FUNCTION archive_refuse()
    """,
    """
    CREATE TRIGGER archive_no_delete BEFORE DELETE ON archive
    FOR EACH ROW EXECUTE FUNCTION archive_refuse()
    """,
    """
    CREATE TRIGGER archive_no_truncate BEFORE TRUNCATE ON archive
    FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()
    """,
)
SQLITE_GONE = (
    *(f"DROP TRIGGER archive_no_{what}" for what in ("change", "delete", "replace")),
    "DROP TRIGGER ledger_no_overwrite",
)
POSTGRESQL_GONE = (
    *(f"DROP TRIGGER archive_no_{what} ON archive" for what in ("change", "delete", "truncate")),
    "DROP FUNCTION archive_refuse()",
)
OWED = """
    INSERT INTO archive (launch, closed_at, entries, head, retry_at)
    SELECT launch, at, seq, hash, at FROM ledger WHERE type = 'LaunchClosed'
"""
UNARCHIVED = sa.text("history IS NULL")


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "archive",
        sa.Column("launch", sa.String(), nullable=False),
        sa.Column("closed_at", instant, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("retry_at", instant, nullable=False),
        sa.Column("archived_at", instant, nullable=True),
        sa.Column("runs", sa.Integer(), nullable=True),
        sa.Column("events", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("history", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["launch"], ["reservation.launch"], name=op.f("fk_archive_launch_reservation")
        ),
        sa.PrimaryKeyConstraint("launch", name=op.f("pk_archive")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_archive_owed",
        "archive",
        ["retry_at", "launch"],
        sqlite_where=UNARCHIVED,
        postgresql_where=UNARCHIVED,
    )
    op.execute(OWED)
    _run({"sqlite": SQLITE, "postgresql": POSTGRESQL})


def downgrade() -> None:
    """Histories that Temporal no longer keeps are gone with this."""
    _run({"sqlite": SQLITE_GONE, "postgresql": POSTGRESQL_GONE})
    op.drop_index("ix_archive_owed", "archive")
    op.drop_table("archive")


def _run(statements: dict[str, tuple[str, ...]]) -> None:
    connection = op.get_bind()
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement)
