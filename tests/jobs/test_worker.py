import threading

from sqlalchemy import select, update

from core import clock, jobs
from core.db import db, transaction
from core.files import StoredFile
from core.jobs import Job, Result, Worker
from models.account import User
from models.case import Case
from models.session import identity_of
from tests.engine import POSTGRES


def test_a_job_is_done_and_leaves_its_file(ask, kind, worker, seen, giulia):
    kind(lambda work: Result("note.txt", "text/plain", f"per {work.me.name}: {work.args['n']}".encode()))
    job_id = ask(giulia, n=3)
    assert worker.run_one()
    job = seen(job_id)
    assert (job.state, job.over, job.percent) == ("done", True, 100)
    assert job.finished_at is not None
    assert job.result().content.decode() == "per Giulia Ferraris: 3"


def test_nothing_to_do_is_said(worker):
    assert not worker.run_one()


def test_jobs_are_done_in_the_order_they_were_asked(ask, kind, worker, giulia, sara):
    done = []
    kind(lambda work: done.append(work.args["n"]) or Result())
    for n, who in enumerate((giulia, sara, giulia)):
        ask(who, n=n)
    while worker.run_one():
        pass
    assert done == [0, 1, 2]


def test_progress_is_seen_by_others_while_it_runs(ask, kind, worker, seen, giulia, as_giulia):
    pages = []

    def work(work):
        work.progress(120, 300)
        pages.append(as_giulia.get(f"/jobs/{work.id}").text)
        return Result()

    kind(work)
    ask(giulia)
    worker.run_one()
    assert "120 di 300" in pages[0]
    assert 'width="40"' in pages[0]


def test_a_failing_job_fails_in_words_and_shows_nothing_of_the_error(ask, kind, worker, seen, giulia):
    def work(work):
        raise RuntimeError("Amina Haddad")

    kind(work)
    job_id = ask(giulia)
    assert worker.run_one()
    job = seen(job_id)
    assert job.state == "failed"
    assert "Non è riuscito" in job.message and "Amina" not in job.message


def test_a_failing_job_does_not_stop_the_next(ask, kind, worker, seen, giulia):
    def work(work):
        if work.args["n"] == 0:
            raise RuntimeError
        return Result(message="bene")

    kind(work)
    ask(giulia, n=0)
    second = ask(giulia, n=1)
    while worker.run_one():
        pass
    assert seen(second).message == "bene"


def test_what_a_failing_job_had_written_is_not_kept(ask, kind, worker, giulia):
    def work(work):
        with transaction("write", "test"):
            db.session.rollback()
            StoredFile.keep("half", "text/plain", b"half")
            raise RuntimeError

    kind(work)
    ask(giulia)
    worker.run_one()
    assert db.session.scalar(select(StoredFile.id)) is None


def test_a_job_stopped_in_the_middle_notices_at_its_next_step(ask, kind, worker, seen, giulia, change):
    steps = []

    def work(work):
        for n in (1, 2, 3):
            work.progress(n, 3)
            steps.append(n)
            if n == 2:
                change(update(Job).where(Job.id == work.id).values(state="cancelled"))
        return Result("all.txt", "text/plain", b"all")

    kind(work)
    job_id = ask(giulia)
    worker.run_one()
    assert steps == [1, 2]
    assert seen(job_id).state == "cancelled"
    assert seen(job_id).result_id is None


def test_a_job_stopped_after_its_last_step_stays_stopped(ask, kind, worker, seen, giulia, change):
    def work(work):
        change(update(Job).where(Job.id == work.id).values(state="cancelled"))
        return Result("all.txt", "text/plain", b"all")

    kind(work)
    job_id = ask(giulia)
    worker.run_one()
    assert seen(job_id).state == "cancelled"
    assert seen(job_id).result_id is None


def test_a_stopped_job_that_waited_is_never_done(ask, kind, worker, seen, giulia):
    job_id = ask(giulia)
    db.session.rollback()
    with transaction("write", str(giulia.id)):
        assert db.session.get(Job, job_id).cancel()
        db.session.commit()
    assert not worker.run_one()


def test_a_job_of_an_account_that_is_gone_is_not_done(ask, kind, worker, seen, giulia, change):
    done = []
    kind(lambda work: done.append(1) or Result())
    job_id = ask(giulia)
    change(update(User).where(User.id == giulia.id).values(active=False))
    worker.run_one()
    assert not done
    assert seen(job_id).state == "cancelled"


def test_a_job_sees_what_its_person_may_see_when_it_runs(ask, kind, worker, seen, giulia, case, sara):
    kind(lambda work: Result(message=str(len(db.session.scalars(Case.visible_to(work.me)).all()))))
    hers, not_hers = ask(giulia), ask(sara)
    while worker.run_one():
        pass
    assert (seen(hers).message, seen(not_hers).message) == ("1", "0")
    later = ask(giulia)
    db.session.rollback()
    with transaction("write", "test"):
        db.session.get(User, giulia.id).set_roles(["administrator"])
        db.session.commit()
    worker.run_one()
    assert seen(later).message == "0"


def test_a_job_speaks_the_language_of_its_person(ask, kind, worker, giulia, change):
    from core.i18n import LOCALE

    spoken = []
    kind(lambda work: spoken.append(LOCALE.get()) or Result())
    change(update(User).where(User.id == giulia.id).values(locale="en"))
    ask(giulia)
    worker.run_one()
    assert spoken == ["en"]


def test_a_job_reads_and_cannot_write_by_mistake(ask, kind, worker, seen, giulia):
    def work(work):
        db.session.execute(update(User).where(User.id == work.me.id).values(phone="1"))
        db.session.commit()

    kind(work)
    job_id = ask(giulia)
    worker.run_one()
    assert seen(job_id).state == "failed"


def test_after_a_restart_what_was_running_failed_in_words_and_what_waited_is_done(ask, worker, seen, giulia):
    running, waiting = ask(giulia, state="running"), ask(giulia)
    worker.start()
    worker.stop()
    worker.thread.join(20)
    while worker.run_one():
        pass
    assert seen(running).state == "failed"
    assert "chiedilo di nuovo" in seen(running).message
    assert seen(waiting).state == "done"


def test_two_workers_never_take_the_same_job(app, ask, kind, giulia):
    done, both = [], threading.Barrier(2)
    kind(lambda work: done.append(work.id) or Result())
    asked = [ask(giulia) for _ in range(12)]
    db.session.rollback()
    db.session.remove()

    def run():
        both.wait()
        worker = Worker(app, identity_of)
        while worker.run_one():
            pass

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == asked


def test_where_other_processes_may_be_only_the_dead_are_abandoned(app, ask, kind, worker, seen, giulia):
    def work(work):
        db.session.rollback()
        with app.app_context(), transaction("write", "test"):
            jobs.abandon()
            db.session.commit()
        work.progress(1, 2)
        return Result()

    kind(work)
    alive = ask(giulia)
    dead = ask(giulia, state="running")
    worker.run_one()
    assert seen(dead).state == "failed"
    assert seen(alive).state == ("done" if POSTGRES else "failed")  # on SQLite there is one process, so it was its own


def test_results_are_forgotten_after_a_week(ask, kind, worker, seen, giulia, change):
    kind(lambda work: Result("a.txt", "text/plain", b"a"))
    old, new = ask(giulia), ask(giulia)
    while worker.run_one():
        pass
    week_ago = clock.add_days(clock.now(), -8)
    change(update(Job).where(Job.id == old).values(finished_at=week_ago))
    with transaction("write", "test"):
        jobs.forget_old()
        db.session.commit()
    assert seen(old) is None
    assert seen(new).result() is not None
    assert len(db.session.scalars(select(StoredFile.id)).all()) == 1
