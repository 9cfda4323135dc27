"""The plug is pulled while twenty tablets write: what was confirmed on the screen is there, and the audit agrees."""

import random
import select as os_select
import signal
import subprocess
import sys
import time

from flask import current_app
from sqlalchemy import func, select, text

from core import audit
from core.audit import Audit
from core.config import ROOT
from core.db import db
from models.note import Note
from tests.engine import POSTGRES

TABLETS = 20
KILLS = 10 if POSTGRES else 50  # on PostgreSQL only our process dies: its own crash safety is PostgreSQL's


def until_killed(engine, case, seconds):
    """Start the writers, kill them after a while; the tokens that were acknowledged, and the answers that were not."""
    command = [
        sys.executable,
        "-m",
        "tests.storms.writers",
        current_app.instance_path,
        engine.url,
        str(case),
        str(TABLETS),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out, stop = b"", None
    while stop is None or time.monotonic() < stop:
        if os_select.select([process.stdout], [], [], 0.02)[0]:
            piece = process.stdout.read1(65536)
            assert piece, "the writers died by themselves"
            out += piece
        if stop is None and b"ready" in out:
            stop = time.monotonic() + seconds
    process.send_signal(signal.SIGKILL)
    out += process.stdout.read()
    process.wait()
    process.stdout.close()
    lines = [
        line.split()
        for line in out.decode().splitlines(keepends=False)[1:]
        if line.count(" ") == 1 and len(line.split()[1]) == 32
    ]
    return {token for word, token in lines if word == "saved"}, [word for word, _ in lines if word != "saved"]


def test_a_killed_server_loses_nothing_that_was_confirmed(app, engine, case):
    chance, saved = random.Random(7), set()
    lock = app.extensions.get("process_lock")
    for _ in range(KILLS):
        db.session.remove()
        db.engine.dispose()
        if lock:
            lock.release(force=True)
        acknowledged, errors = until_killed(engine, case, chance.uniform(0.05, 0.4))
        saved |= acknowledged
        assert not errors
    there = db.session.scalars(select(Note.text)).all()
    assert len(saved) > KILLS
    assert saved <= {t.removeprefix("Nota ") for t in there}
    recorded = db.session.scalar(
        select(func.count()).select_from(Audit).where(Audit.tbl == "note", Audit.verb == "insert")
    )
    assert recorded == len(there)
    assert audit.verify().broken_at is None
    if not POSTGRES:
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert db.session.scalars(text("PRAGMA cipher_integrity_check")).all() == []
        indexed = db.session.scalar(text("SELECT count(*) FROM note_fts WHERE note_fts MATCH 'nota'"))
        assert indexed == len(there)
