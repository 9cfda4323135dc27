"""How migrations run: generated triggers and search indexes are put aside first and made again at the end."""

from alembic import context
from flask import current_app

from core import derived
from migrations.kinds import include_object

db = current_app.extensions["migrate"].db


def run():
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":  # without effect inside a transaction: must be first
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=False,
            transactional_ddl=True,  # SQLite too: our BEGIN holds its DDL, so a crash leaves the old schema or the new one
        )
        with context.begin_transaction():
            derived.drop(connection)
            context.run_migrations()
            derived.create(connection)
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = ON")


run()
