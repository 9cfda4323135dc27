"""Long work, outside the request: a row says what is asked and how far it is; one thread does it; a result to download.

A job is for one person and runs with what that person may see when it runs. After a restart a job that was running is
marked as failed, in plain words; one that was waiting runs.
"""

import json
import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from . import clock
from .db import db, dialect, transaction
from .errors import Refused
from .files import StoredFile
from .i18n import gettext as _
from .i18n import lazy, speaking

log = logging.getLogger("staffetta")
KINDS = {}  # name -> Kind, filled by `job` where the work is written
STATES = {
    "waiting": lazy("In attesa"),
    "running": lazy("Al lavoro"),
    "done": lazy("Pronto"),
    "failed": lazy("Non riuscito"),
    "cancelled": lazy("Fermato"),
}
KEEP_DAYS = 7
ALIVE = 7100  # PostgreSQL: (ALIVE, job id) is locked by the process that does the job


class Job(db.Model):
    """A piece of long work asked by `user_id`. `done` of `total` steps; `result_id` is the file to download."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_user", "user_id", "id"),
        Index("ix_job_state", "state", "id"),
        {"info": {"audit": "progress changes many times; what it exports is recorded as print or export"}},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    args: Mapped[dict] = mapped_column(JSON)
    user_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(String(300))
    result_id: Mapped[int | None] = mapped_column(ForeignKey(StoredFile.id))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, user):
        """One's own jobs, newest first."""
        return select(cls).where(cls.user_id == user.id).order_by(cls.id.desc())

    @classmethod
    def ask(cls, kind, *, by, title, **args) -> "Job":
        """Queue a job; the worker finds it after the commit. `args` must be plain JSON."""
        assert kind in KINDS, kind
        row = cls(kind=kind, title=str(title)[:200], args=json.loads(json.dumps(args)), user_id=by.id)
        db.session.add(row)
        db.session.flush()
        return row

    def cancel(self) -> bool:
        """Stop it: at once if it waits, at its next step if it runs. False when it was over already."""
        going = update(Job).where(Job.id == self.id, Job.state.in_(("waiting", "running")))
        return bool(db.session.execute(going.values(state="cancelled", finished_at=clock.now())).rowcount)

    def again(self, *, by) -> "Job":
        """The same, asked again now: it does what `by` may do when it runs."""
        if self.kind not in KINDS:
            raise Refused(lazy("Questo lavoro non si può più chiedere da qui: torna alla pagina da cui era partito."))
        return Job.ask(self.kind, by=by, title=self.title, **self.args)

    def result(self) -> StoredFile | None:
        """The file it left."""
        return db.session.get(StoredFile, self.result_id) if self.result_id else None

    @property
    def over(self):
        return self.state in ("done", "failed", "cancelled")

    @property
    def percent(self):
        return 100 if self.state == "done" else min(99, 100 * self.done // self.total) if self.total else 0


@dataclass
class Result:
    """What a job leaves: a file, or just a sentence."""

    name: str = ""
    mime: str = ""
    content: bytes = b""
    message: str = ""


class Cancelled(Exception):
    """The person stopped it."""


@dataclass
class Work:
    """What a running job gets: who asked, the arguments, and how to say how far it is."""

    id: int
    me: object
    args: dict

    def progress(self, done: int, total: int) -> None:
        """Write how far it is, in a short transaction of its own. Raises Cancelled when the person stopped it."""
        db.session.rollback()
        with transaction("write", f"job:{self.id}"):
            found = db.session.execute(
                update(Job).where(Job.id == self.id, Job.state == "running").values(done=done, total=total)
            )
            db.session.commit()
        if not found.rowcount:
            raise Cancelled


def job(name):
    """Declare the function that does jobs of this kind: `(work: Work) -> Result`. It runs in a read transaction."""

    def mark(function):
        KINDS[name] = function
        return function

    return mark


class Worker:
    """One thread per process that does the waiting jobs, one after the other."""

    def __init__(self, app, identify):
        self.app, self.identify = app, identify
        self._stop, self._wake = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._loop, name="jobs", daemon=True)

    def start(self):
        with self.app.app_context(), transaction("write", "system"):
            abandon()
            db.session.commit()
        self.thread.start()

    def wake(self):
        self._wake.set()

    def stop(self):
        self._stop.set()
        self._wake.set()

    def _loop(self):
        while not self._stop.is_set():
            self._wake.wait(2)
            self._wake.clear()
            try:
                while not self._stop.is_set() and self.run_one():
                    pass
            except Exception as error:
                log.error("jobs: %s", type(error).__name__)
                self._stop.wait(5)

    def run_one(self) -> bool:
        """Do one waiting job; False when there is none."""
        with self.app.app_context():
            try:
                return self._take_one()
            finally:
                db.session.remove()

    def _take_one(self):
        with transaction("read"):  # looking must not take the write lock every two seconds
            waiting = db.session.scalar(select(Job.id).where(Job.state == "waiting").limit(1))
            db.session.rollback()
        if waiting is None:
            return False
        with transaction("write", "system"):
            row = db.session.scalar(
                select(Job).where(Job.state == "waiting").order_by(Job.id).limit(1).with_for_update(skip_locked=True)
            )
            if row is None:
                db.session.rollback()
                return False
            job_id, kind, args, user_id = row.id, row.kind, row.args, row.user_id
            with _alive(job_id):
                row.state = "running"
                db.session.commit()
                self._do(job_id, kind, args, user_id)
        return True

    def _do(self, job_id, kind, args, user_id):
        me = None
        try:
            with transaction("read"):
                me = self.identify(user_id)
                db.session.rollback()
            if me is None:
                raise Cancelled
            with speaking(me.locale), transaction("read", str(user_id)), self.app.test_request_context():
                result = KINDS[kind](Work(job_id, me, args))
                db.session.rollback()
            self._finish(job_id, "done", result)
        except Cancelled:
            self._finish(job_id, "cancelled", Result())
        except Refused as no:  # the job says in its own words why it cannot be done
            self._finish(job_id, "failed", Result(message=str(no)))
        except Exception as error:
            log.error("job %s (%s) failed: %s", job_id, kind, type(error).__name__, exc_info=self.app.testing)
            with speaking(me.locale if me else None):
                self._finish(
                    job_id,
                    "failed",
                    Result(message=_("Non è riuscito. Riprova; se succede ancora, dillo a chi cura il computer.")),
                )

    def _finish(self, job_id, state, result):
        db.session.rollback()
        with transaction("write", f"job:{job_id}"):
            row = db.session.get(Job, job_id, with_for_update=True)
            if row.state != "running":  # stopped after its last step
                db.session.rollback()
                return
            row.state, row.finished_at, row.message = state, clock.now(), result.message or None
            if result.content:
                row.result_id = StoredFile.keep(result.name, result.mime, result.content).id
            db.session.commit()


@contextmanager
def _alive(job_id):
    """While inside, other processes on the same PostgreSQL know that this job is being done."""
    if dialect() != "postgresql":
        yield
        return
    with db.engine.connect() as connection:
        connection.execute(select(func.pg_advisory_lock(ALIVE, job_id)))
        connection.rollback()  # the lock stays with the connection; no transaction stays open
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(ALIVE, job_id)))


def abandon() -> None:
    """Mark what was running in a process that died: the person may ask again. On SQLite only one process is ever there."""
    died = update(Job).where(Job.state == "running")
    if dialect() == "postgresql":
        died = died.where(func.pg_try_advisory_xact_lock(ALIVE, Job.id))
    values = {
        "state": "failed",
        "finished_at": clock.now(),
        "message": _("Il sistema si è riavviato mentre ci lavorava. Nulla è rimasto a metà: chiedilo di nuovo."),
    }
    db.session.execute(died.values(**values))


def forget_old() -> None:
    """Results are kept a week."""
    old = clock.now() - timedelta(days=KEEP_DAYS)
    for row in db.session.scalars(select(Job).where(Job.finished_at < old, Job.state != "waiting")):
        file_id = row.result_id
        db.session.delete(row)
        db.session.flush()
        if file_id:
            db.session.delete(db.session.get(StoredFile, file_id))
