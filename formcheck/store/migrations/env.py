"""Runs the revisions on the connection that ``formcheck.store.database`` hands over."""

from alembic import context

from formcheck.store.tables import Table

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True, transactional_ddl=False)
context.run_migrations()
