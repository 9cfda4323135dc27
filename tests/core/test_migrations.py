"""The migrations: every step up and down on both engines, the same schema as the models, nothing half done."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from app import create_app
from core import audit, derived
from core.db import db, transaction
from migrations.kinds import include_object
from models.organisation import Service
from tests.engine import POSTGRES


@pytest.fixture
def empty_app(tmp_path, engine):
    """An app of its own on an empty database."""
    url = engine.empty("migrations") if POSTGRES else f"sqlite:///{tmp_path}/empty.db"
    app = create_app({"INSTANCE": str(tmp_path), "TESTING": True, "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context(), transaction("write", "test"):
        yield app
        db.session.remove()
        db.engine.dispose()
    lock = app.extensions.get("process_lock")
    if lock:
        lock.release(force=True)


def revisions(app):
    return [r.revision for r in reversed(list(ScriptDirectory(app.extensions["migrate"].directory).walk_revisions()))]


def tables():
    return {
        t
        for t in inspect(db.engine).get_table_names()
        if "_fts" not in t and t not in ("alembic_version", "sqlite_sequence")
    }


def test_every_step_goes_up_and_down_again(empty_app):
    folder, before = empty_app.extensions["migrate"].directory, []
    for revision in revisions(empty_app):
        before.append(tables())
        upgrade(folder, revision)
        assert tables() != before[-1] or len(before) > 1
    for there in reversed(before):
        downgrade(folder, "-1")
        assert tables() == there


def test_the_migrated_schema_is_the_models(empty_app):
    upgrade(empty_app.extensions["migrate"].directory)
    with db.engine.connect() as connection:
        options = {"include_object": include_object, "compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata) == []
        assert derived.missing(connection) == []


def test_rows_survive_a_migration_and_it_is_still_audited(empty_app):
    folder = empty_app.extensions["migrate"].directory
    upgrade(folder)
    db.session.add(Service(name="Rimane"))
    db.session.commit()
    with db.engine.begin() as connection:  # what env.py does around every migration
        derived.drop(connection)
        assert derived.missing(connection) != []
        derived.create(connection)
        assert derived.missing(connection) == []
    db.session.execute(text("UPDATE service SET name = 'Cambia'"))
    db.session.commit()
    assert db.session.scalar(text("SELECT count(*) FROM audit WHERE tbl = 'service'")) == 2
    assert audit.verify().broken_at is None


def test_a_migration_that_breaks_leaves_the_old_schema(empty_app, monkeypatch):
    def broken(_connection):
        raise OSError("power cut")

    monkeypatch.setattr(derived, "create", broken)
    with pytest.raises(OSError, match="power cut"):
        upgrade(empty_app.extensions["migrate"].directory)
    db.engine.dispose()
    assert tables() == set()
