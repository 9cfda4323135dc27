"""The kernel alone, with tables of its own: for tests of the core that must not hang on any feature."""

import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, insert

import cli
from core import audit, config, db

CANARY = "Zoraide Quattrostagioni"
TRICKY = ["tab\there", "line\nbreak", "back\\slash", "\\.", "quote\"'", "è ł 漢"]
MADE = []
OWN = MetaData()
PERSON = Table(
    "person", OWN, Column("id", Integer, primary_key=True), Column("name", String(80)), Column("photo", LargeBinary)
)
EMPTY = Table("empty", OWN, Column("id", Integer, primary_key=True))
REVISION = Table("alembic_version", OWN, Column("version_num", String(32), primary_key=True))


def kernel(folder, url=None):
    app = Flask("kernel", instance_path=str(folder))
    folder.mkdir(exist_ok=True)
    settings = {"TESTING": True, "KEY_FILE": str(folder / "staffetta.key"), "BACKUP_DIR": str(folder / "copie")}
    config.load(app, settings | {"SQLALCHEMY_DATABASE_URI": url or f"sqlite:///{folder / 'staffetta.db'}"})
    db.init_app(app)
    Migrate(app, db.db, directory=str(config.ROOT / "migrations"))
    cli.init_app(app)
    MADE.append(app)
    return app


def again(app):
    """The same machine after Staffetta was started again, as a restore asks for."""
    if "process_lock" in app.extensions:
        app.extensions["process_lock"].release()
    return kernel(Path(app.instance_path), app.config["SQLALCHEMY_DATABASE_URI"])


def fill(app, people=20):
    """Tables with triggers as the real ones have, and rows with every sign that a dump must escape."""
    with app.app_context(), db.transaction("write", "test"), db.db.engine.begin() as connection:
        db.db.metadata.tables["audit"].create(connection)
        OWN.create_all(connection)
        ddl = audit.postgres_ddl if connection.dialect.name == "postgresql" else audit.sqlite_ddl
        for _kind, _name, statement in list(ddl([PERSON, EMPTY])):
            connection.exec_driver_sql(statement.replace("%", "%%") if ddl is audit.postgres_ddl else statement)
        names = [CANARY, *TRICKY, *(f"Persona {i}" for i in range(people - 1 - len(TRICKY)))]
        connection.execute(insert(PERSON), [{"name": n, "photo": os.urandom(300)} for n in names])
        connection.execute(
            insert(audit.ENTRY), [{"verb": "print", "tbl": "person", "row_id": "1", "fields": n} for n in TRICKY]
        )
    return app


def run(app, statement):
    with app.app_context(), db.transaction("write", "test"), db.db.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def execute(app, function, *arguments):
    with app.app_context():
        return function(*arguments)


def close_all():
    while MADE:
        app = MADE.pop()
        execute(app, lambda: db.db.engine.dispose())
        if "process_lock" in app.extensions:
            app.extensions["process_lock"].release()
