"""Triggers that keep the ledger append-only, gapless and chained, whoever writes to it.

Batch mode makes a new table and drops the triggers of the old one without a word, so the ledger is
never altered in batch mode; new columns come by a plain ADD COLUMN.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GENESIS = "sha256:" + "0" * 64

# A replaced row is deleted without a word to delete triggers, so the insert itself is refused.
# The key's uniqueness alone would not say why, and would let a gap or a broken chain pass.
SQLITE = (
    """
    CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no update'); END
    """,
    """
    CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no delete'); END
    """,
    """
    CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger
    WHEN EXISTS (SELECT 1 FROM ledger WHERE launch = NEW.launch AND seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no replace'); END
    """,
    f"""
    CREATE TRIGGER ledger_no_gap BEFORE INSERT ON ledger
    WHEN NEW.prev_hash IS NOT CASE WHEN NEW.seq = 1 THEN '{GENESIS}' ELSE
        (SELECT hash FROM ledger WHERE launch = NEW.launch AND seq = NEW.seq - 1) END
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no gap'); END
    """,  # noqa: S608 - GENESIS is a constant
)
POSTGRESQL = (
    """
    CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = 'the ledger is append-only: no ' || lower(TG_OP);
    END $$
    """,
    f"""
    CREATE FUNCTION ledger_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.prev_hash IS DISTINCT FROM (CASE WHEN NEW.seq = 1 THEN '{GENESIS}' ELSE
            (SELECT hash FROM ledger WHERE launch = NEW.launch AND seq = NEW.seq - 1) END)
        THEN RAISE EXCEPTION 'the ledger is append-only: no gap'; END IF;
        RETURN NEW;
    END $$
    """,  # noqa: S608 - GENESIS is a constant
    """
    CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
    """,
    """
    CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()
    """,
    """
    CREATE TRIGGER ledger_no_gap BEFORE INSERT ON ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_follow()
    """,
)
SQLITE_GONE = tuple(
    f"DROP TRIGGER ledger_no_{what}" for what in ("update", "delete", "replace", "gap")
)
POSTGRESQL_GONE = (
    *(f"DROP TRIGGER ledger_no_{what} ON ledger" for what in ("change", "truncate", "gap")),
    "DROP FUNCTION ledger_refuse()",
    "DROP FUNCTION ledger_follow()",
)


def upgrade() -> None:
    _run({"sqlite": SQLITE, "postgresql": POSTGRESQL})


def downgrade() -> None:
    _run({"sqlite": SQLITE_GONE, "postgresql": POSTGRESQL_GONE})


def _run(statements: dict[str, tuple[str, ...]]) -> None:
    connection = op.get_bind()
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement)
