"""How alembic runs: on the connection that `storage/database.py` hands in, within its transaction."""

from alembic import context

from service.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False
)
context.run_migrations()
