import pytest

from core import jobs
from core.db import MODE, db, transaction
from core.jobs import Job, Worker
from models.session import identity_of


@pytest.fixture(autouse=True)
def reading(app):
    """What a test looks at must not hold the write lock while a worker works."""
    MODE.set("read")


@pytest.fixture
def change(app):
    """Do a statement, and commit."""

    def changed(statement):
        db.session.rollback()
        with transaction("write", "test"):
            db.session.execute(statement)
            db.session.commit()

    return changed


@pytest.fixture
def kind(monkeypatch):
    """Declare a kind of job for this test: `kind(function)`; its name is "test"."""
    return lambda function: monkeypatch.setitem(jobs.KINDS, "test", function)


@pytest.fixture
def ask(app, kind):
    """Ask a job: its id. Without a kind of its own it leaves a sentence."""
    kind(lambda work: jobs.Result(message="fatto"))

    def asked(by, state=None, title="Stampa di 300 note", **args):
        db.session.rollback()
        with transaction("write", str(by.id)):
            row = Job.ask("test", by=by, title=title, **args)
            row.state, job_id = state or row.state, row.id
            db.session.commit()
        return job_id

    return asked


@pytest.fixture
def worker(app):
    return Worker(app, identity_of)


@pytest.fixture
def seen(app):
    """The row of a job as it is now: `seen(job_id)`."""

    def look(job_id):
        db.session.rollback()
        with transaction("read"):
            return db.session.get(Job, job_id, populate_existing=True)

    return look
