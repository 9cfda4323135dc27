"""The audit: every write of every table leaves a row in the same transaction, and the rows cannot be bent unseen."""

import sqlite3

import pytest
from flask import current_app
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from core import audit
from core.audit import Audit
from core.db import db, transaction
from models.case import Case
from models.note import Note
from models.organisation import Service
from tests import people
from tests.engine import POSTGRES


def rows(**wanted):
    db.session.rollback()
    found = db.session.scalars(select(Audit).filter_by(**wanted).order_by(Audit.seq)).all()
    return [(r.actor, r.verb, r.tbl, r.row_id, r.fields) for r in found]


def test_the_verb_the_orm_a_bulk_update_and_raw_sql_are_all_recorded(giulia, case):
    with transaction("write", str(giulia.id)):
        db.session.get(Case, case).edit(priority=1, source="Comune")
        db.session.execute(update(Service).where(Service.id == 1).values(name="Altro"))
        db.session.execute(text("UPDATE service SET name = 'Ancora' WHERE id = 2"))
        db.session.commit()
    me = str(giulia.id)
    assert (me, "update", "case_file", str(case), "priority source") in [
        (a, v, t, i, " ".join(sorted(f.split()))) for a, v, t, i, f in rows(tbl="case_file")
    ]
    assert [r[3:] for r in rows(tbl="service", verb="update")] == [("1", "name"), ("2", "name")]


def test_names_of_fields_are_kept_and_never_values(giulia, case):
    with transaction("write", str(giulia.id)):
        Note.write(
            db.session.get(Case, case), by=giulia, kind="phone", text="Parola-segretissima", present="Zia Mirella"
        )
        db.session.commit()
    everything = " ".join(map(str, rows()))
    assert "segretissima" not in everything and "Mirella" not in everything and "Haddad" not in everything


def test_a_rollback_leaves_no_row(giulia, case):
    before = len(rows())
    with transaction("write", str(giulia.id)):
        db.session.get(Case, case).edit(priority=1)
        db.session.flush()
        db.session.rollback()
    assert len(rows()) == before


def test_what_is_only_derived_leaves_no_row(giulia, case):
    before = len(rows())
    with transaction("write", str(giulia.id)):
        db.session.execute(update(Case).where(Case.id == case).values(next_text="x"))
        db.session.commit()
    assert len(rows()) == before


def test_every_table_is_audited_or_says_why_not():
    silent = [t.name for t in db.metadata.sorted_tables if t.info.get("audit") is not None and len(t.info["audit"]) < 9]
    assert not silent
    assert {t.name for t in audit.audited(db.metadata)} >= {
        "person",
        "case_file",
        "note",
        "plan",
        "goal",
        "user_account",
        "case_holder",
    }


def test_every_audited_table_writes_a_row_for_insert_update_and_delete(app):
    """A table made for the test, through the same generator, on this engine."""
    seen = {r[2] for r in rows(verb="insert")}
    assert {"organisation", "team", "service", "user_account", "user_role", "membership"} <= seen


def test_the_chain_is_whole_and_an_edit_is_found(giulia, case):
    assert audit.verify().broken_at is None
    db.session.rollback()
    with transaction("write", "test"), db.engine.begin() as connection:
        if POSTGRES:
            connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
        else:
            connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET actor = '99' WHERE seq = 5")
    assert audit.verify().broken_at == 5


@pytest.mark.parametrize("bend", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit WHERE seq = 3"])
def test_rows_cannot_be_changed_or_removed(app, bend):
    with transaction("write", "test"), pytest.raises(DBAPIError, match="append only"):
        db.session.execute(text(bend))
    db.session.rollback()


def test_a_row_outside_the_chain_is_refused_or_put_into_it(app):
    fake = {
        "at": "2020",
        "actor": "someone",
        "verb": "view",
        "tbl": "person",
        "row_id": "1",
        "fields": "",
        "prev": "x",
        "hash": "y",
    }
    if POSTGRES:  # the trigger overwrites what it is told: the row names the real actor and is chained
        with transaction("write", "test"):
            db.session.execute(insert(Audit).values(seq=1, **fake))
            db.session.commit()
        assert rows(verb="view")[0][0] == "test"
        assert audit.verify().broken_at is None
    else:
        with transaction("write", "test"), pytest.raises(DBAPIError, match="chained rows only"):
            db.session.execute(insert(Audit).values(**fake))
        db.session.rollback()


def test_a_stray_client_cannot_write(app, engine):
    if POSTGRES:
        import psycopg

        with (
            psycopg.connect(engine.server.get_uri("main")) as connection,
            pytest.raises(psycopg.Error, match="no actor"),
        ):
            connection.execute("UPDATE service SET name = 'x' WHERE id = 1")
        return
    with pytest.raises(sqlite3.DatabaseError):  # without the key it is not even a database
        sqlite3.connect(engine.file).execute("SELECT * FROM service")
    from sqlcipher3 import dbapi2

    from core.config import read_key

    stray = dbapi2.connect(str(engine.file))
    stray.execute(f"PRAGMA key = \"x'{read_key(current_app.config['KEY_FILE'], create=False)}'\"")
    with pytest.raises(dbapi2.OperationalError, match="actor"):
        stray.execute("UPDATE service SET name = 'x' WHERE id = 1")
    stray.close()


def test_a_view_is_recorded_before_the_page_leaves(as_giulia, giulia, case):
    before = len(rows(verb="view"))
    as_giulia.get(f"/cases/{case}")
    recorded = rows(verb="view")
    assert len(recorded) == before + 1
    assert recorded[-1] == (str(giulia.id), "view", "case_file", str(case), "caseload.case_show")


def test_a_view_that_cannot_be_recorded_is_not_shown(as_giulia, case, app, monkeypatch):
    def broken(*_args):
        raise RuntimeError("disk full")

    monkeypatch.setattr(audit, "witness", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = as_giulia.get(f"/cases/{case}", 500)
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert "Haddad" not in answer.text


def test_a_page_that_is_refused_leaves_no_view(as_sara, case):
    before = len(rows(verb="view"))
    as_sara.get(f"/cases/{case}", 404)
    assert len(rows(verb="view")) == before


def test_deleting_is_recorded(app):
    with transaction("write", "test"):
        db.session.add(Service(name="Breve"))
        db.session.commit()
        db.session.execute(delete(Service).where(Service.name == "Breve"))
        db.session.commit()
    assert rows(tbl="service", verb="delete")


def test_audit_rows_count_what_happened(giulia):
    before = db.session.scalar(select(func.count()).select_from(Audit))
    people.make_case(giulia, first="Ion", last="Munteanu")
    kinds = [(t, v) for _a, v, t, _i, _f in rows()][before:]
    assert kinds.count(("person", "insert")) == 1 and kinds.count(("case_file", "insert")) == 1
    assert kinds.count(("case_holder", "insert")) == 1 and kinds.count(("case_episode", "insert")) == 1
