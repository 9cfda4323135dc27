"""The engine keeps its promises: nobody waits in vain, nothing acknowledged is lost, a read cannot write."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import derived
from core.db import MODE, db, transaction
from models.organisation import Service
from tests.engine import POSTGRES


def bump(app, times, barrier):
    """Read a number, add one, write it back: the update that naive engines lose."""
    with app.app_context():
        barrier.wait()
        for _ in range(times):
            with transaction("write", "test"):
                lock = select(Service).where(Service.id == 1)
                row = db.session.scalar(lock.with_for_update())
                row.name = str(int(row.name) + 1)
                db.session.commit()
        db.session.remove()


def test_no_update_is_lost_among_thirty_writers(app):
    with transaction("write", "test"):
        db.session.get(Service, 1).name = "0"
        db.session.commit()
    barrier = threading.Barrier(16)
    with ThreadPoolExecutor(16) as pool:
        for done in [pool.submit(bump, app, 10, barrier) for _ in range(16)]:
            done.result()
    db.session.rollback()
    assert db.session.get(Service, 1).name == "160"


def test_a_request_that_reads_cannot_write(app):
    with transaction("read", "test"), pytest.raises(DBAPIError):
        db.session.execute(text("UPDATE service SET name = 'x'"))
    db.session.rollback()


def test_a_write_without_an_author_is_refused(app):
    MODE.set("write")
    with transaction("write"):
        from core.db import ACTOR

        ACTOR.set(None)
        db.session.add(Service(name="Nessuno"))
        with pytest.raises(DBAPIError):
            db.session.commit()
    db.session.rollback()


@pytest.mark.parametrize(
    "pragma, value",
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 15000)],
)
def test_sqlite_runs_with_the_safe_settings(app, pragma, value):
    if POSTGRES:
        value, pragma = "read committed", "transaction_isolation"
        assert db.session.scalar(text("SHOW transaction_isolation")) == value
        return
    assert db.session.scalar(text(f"PRAGMA {pragma}")) == value


def test_foreign_keys_hold(app):
    with transaction("write", "test"), pytest.raises(DBAPIError):
        db.session.execute(text("INSERT INTO membership (user_id, team_id, since) VALUES (1, 999, '2026-01-01')"))
        db.session.commit()
    db.session.rollback()


def test_every_generated_object_is_there_and_a_missing_one_is_noticed(app):
    with db.engine.connect() as connection:
        assert derived.missing(connection) == []
    with transaction("write", "test"), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_note ON note" if POSTGRES else "DROP TRIGGER audit_note_update")
    with db.engine.connect() as connection:
        assert len(derived.missing(connection)) == 1
