"""Runs migrations on the connection that `db.schema` hands over, in one transaction."""

from alembic import context

from db import tables
from db.row import Row

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
    include_name=lambda name, kind, _parents: kind != "table" or name in Row.metadata.tables,
)
assert tables.LedgerRow.metadata is Row.metadata  # noqa: S101 - the rows must be loaded

with context.begin_transaction():
    context.run_migrations()
