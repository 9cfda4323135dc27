"""Run Staffetta for real: one process, waitress, the jobs' thread, and the night's work."""

import gc
import logging
import threading
from datetime import timedelta

import waitress
from click import echo
from sqlalchemy import delete

from core import backup, clock, jobs, once, pdf
from core.db import THREADS, claim, db, transaction
from models.session import Session, SignInAttempt, identity_of

log = logging.getLogger("staffetta")
BACKUP_HOURS = 24


def serve(app):
    """Serve until stopped. The database is already migrated; raises CannotStart when another process has it."""
    claim(app)
    worker = jobs.Worker(app, identity_of)
    app.extensions["jobs"] = worker
    worker.start()
    pdf.warm()
    stop = threading.Event()
    threading.Thread(target=_upkeep, args=(app, stop), name="upkeep", daemon=True).start()
    gc.collect()
    gc.freeze()  # what was loaded stays: looking through it again and again is a tenth of the time of every page
    gc.set_threshold(20_000, 50, 100)
    host, port = app.config["HOST"], app.config["PORT"]
    echo(f"\n  Staffetta è su  http://{'localhost' if host == '127.0.0.1' else host}:{port}\n  Per fermarla: Ctrl+C\n")
    try:
        # Tablets that stall in the middle of a request are every day's Wi-Fi: waitress buffers them, up to 400.
        options = (
            {
                "trusted_proxy": app.config["TRUSTED_PROXY"],
                "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for", "x-forwarded-host"},
                "clear_untrusted_proxy_headers": True,
            }
            if app.config["TRUSTED_PROXY"]
            else {}
        )
        waitress.serve(
            app,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=400,
            channel_timeout=60,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
            ident="",
            **options,
        )
    finally:
        stop.set()
        worker.stop()


def _upkeep(app, stop):
    """Every ten minutes: forget what has expired; once a day: a proven backup."""
    while not stop.wait(60):
        try:
            with app.app_context(), transaction("write", "system"):
                tidy()
                db.session.commit()
            with app.app_context():
                if backup.due(BACKUP_HOURS):
                    backup.make()
        except Exception as error:  # the night's work must not stop the day's
            log.error("upkeep: %s: %s", type(error).__name__, error if isinstance(error, backup.BackupError) else "")
        stop.wait(540)


def tidy():
    """Rows that have served: old form keys, ended sessions, guesses, finished jobs."""
    once.forget_old(clock.now() - timedelta(days=1))
    db.session.execute(delete(Session).where(Session.expires_at < clock.now() - timedelta(days=30)))
    SignInAttempt.forget_old()
    jobs.forget_old()
