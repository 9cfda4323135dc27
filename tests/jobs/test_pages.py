import pytest
from sqlalchemy import select

from core.audit import Audit
from core.db import db
from core.jobs import Job, Result


@pytest.fixture
def done(ask, kind, worker, giulia):
    """A job of Giulia's that left a file: its id."""
    kind(lambda work: Result("note <b>.txt", "text/html", b"<script>alert(1)</script>"))
    job_id = ask(giulia, title="Esporta <b>i casi</b>")
    worker.run_one()
    return job_id


def test_an_empty_list_says_what_will_be_here(as_giulia):
    assert "Ancora nessun lavoro" in as_giulia.get("/jobs").text


def test_the_list_shows_ones_own_jobs_newest_first_in_words(ask, as_giulia, giulia, sara):
    ask(giulia, title="Primo")
    ask(giulia, title="Secondo", state="failed")
    ask(sara, title="Di Sara")
    html = as_giulia.get("/jobs").text
    assert html.index("Secondo") < html.index("Primo")
    assert "Non riuscito" in html and "In attesa" in html
    assert "Di Sara" not in html


def test_the_list_asks_the_same_queries_whatever_the_rows(ask, as_giulia, giulia, queries):
    ask(giulia)
    with queries() as few:
        as_giulia.get("/jobs")
    for _ in range(20):
        ask(giulia)
    with queries() as many:
        as_giulia.get("/jobs")
    assert few() == many()


@pytest.mark.parametrize("path", ["", "/result"])
@pytest.mark.parametrize("who", ["sara", "elena", "ada", "rita"])
def test_a_job_of_somebody_else_does_not_exist(done, request, who, path):
    request.getfixturevalue(f"as_{who}").get(f"/jobs/{done}{path}", 404)


@pytest.mark.parametrize("path", ["cancellation", "again"])
@pytest.mark.parametrize("who", ["sara", "elena", "ada"])
def test_nobody_stops_or_repeats_the_job_of_somebody_else(ask, seen, giulia, request, who, path):
    job_id = ask(giulia)
    request.getfixturevalue(f"as_{who}").post(f"/jobs/{job_id}/{path}", expect=404)
    assert seen(job_id).state == "waiting"
    assert len(db.session.scalars(select(Job.id)).all()) == 1


def test_a_stranger_signs_in_first(as_nobody, done):
    for url in ("/jobs", f"/jobs/{done}", f"/jobs/{done}/result"):
        assert as_nobody.get(url, 303).location.startswith("/sign-in")


def test_a_running_job_asks_for_itself_again_and_works_without_script(ask, as_giulia, giulia):
    job_id = ask(giulia, state="running")
    html = as_giulia.get(f"/jobs/{job_id}").text
    assert 'hx-trigger="every 1s"' in html
    assert "Aggiorna" in html and "Ferma il lavoro" in html


def test_the_fragment_is_the_block_and_the_button_of_the_foot(done, as_giulia):
    html = as_giulia.swap("job_now", f"/jobs/{done}").text
    assert "<html" not in html and 'id="job_now"' in html
    assert 'id="job_do"' in html and "Scarica il risultato" in html


def test_a_job_that_is_over_does_not_ask_again(done, as_giulia):
    html = as_giulia.get(f"/jobs/{done}").text
    assert "hx-trigger" not in html
    assert "Pronto" in html
    assert "<b>i casi" not in html and "&lt;b&gt;i casi" in html


def test_a_waiting_job_is_stopped(ask, seen, as_giulia, giulia):
    job_id = ask(giulia)
    as_giulia.post(f"/jobs/{job_id}/cancellation")
    assert seen(job_id).state == "cancelled"
    assert "Fermato" in as_giulia.get(f"/jobs/{job_id}").text


def test_stopping_answers_with_the_block(ask, as_giulia, giulia):
    job_id = ask(giulia, state="running")
    html = as_giulia.swap("job_now", f"/jobs/{job_id}/cancellation", {}).text
    assert "Fermato" in html and "<html" not in html


def test_stopping_what_is_over_changes_nothing(done, seen, as_giulia):
    as_giulia.post(f"/jobs/{done}/cancellation")
    assert seen(done).state == "done"
    assert "Era già finito" in as_giulia.get(f"/jobs/{done}").text


def test_stopping_needs_the_keys_of_the_form(ask, seen, as_giulia, giulia):
    job_id = ask(giulia)
    as_giulia.client.post(f"/jobs/{job_id}/cancellation")
    assert seen(job_id).state == "waiting"


def test_a_failed_job_is_asked_again_with_the_same_words(ask, seen, worker, as_giulia, giulia):
    job_id = ask(giulia, title="Stampa", state="failed", cases=[1, 2])
    assert "Chiedilo di nuovo" in as_giulia.get(f"/jobs/{job_id}").text
    location = as_giulia.post(f"/jobs/{job_id}/again").location
    again = seen(int(location.rpartition("/")[2]))
    assert (again.title, again.args, again.state, again.user_id) == ("Stampa", {"cases": [1, 2]}, "waiting", giulia.id)
    assert worker.run_one()


def test_a_double_tap_asks_once(ask, as_giulia, giulia):
    job_id, keys = ask(giulia, state="failed"), as_giulia.keys()
    first = as_giulia.post(f"/jobs/{job_id}/again", keys)
    assert as_giulia.post(f"/jobs/{job_id}/again", keys).location == first.location
    assert len(db.session.scalars(select(Job.id)).all()) == 2


def test_a_kind_that_is_no_more_is_refused_in_words(ask, as_giulia, giulia, monkeypatch):
    job_id = ask(giulia, state="failed")
    monkeypatch.delitem(__import__("core.jobs").jobs.KINDS, "test")
    assert "non si può più chiedere" in as_giulia.post(f"/jobs/{job_id}/again", expect=409).text


def test_the_result_is_a_download_that_nothing_runs_in_and_is_recorded(done, as_giulia, giulia):
    answer = as_giulia.get(f"/jobs/{done}/result")
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    db.session.rollback()
    seen = db.session.execute(select(Audit.actor, Audit.row_id).where(Audit.verb == "export", Audit.tbl == "job")).all()
    assert seen == [(str(giulia.id), str(done))]


def test_there_is_no_result_before_the_end(ask, as_giulia, giulia):
    job_id = ask(giulia, state="running")
    as_giulia.get(f"/jobs/{job_id}/result", 404)
    db.session.rollback()
    assert db.session.scalar(select(Audit.seq).where(Audit.verb == "export")) is None


def test_looking_at_a_job_writes_nothing(done, as_giulia):
    db.session.rollback()
    before = db.session.scalar(select(db.func.count()).select_from(Audit))
    as_giulia.get(f"/jobs/{done}")
    db.session.rollback()
    assert db.session.scalar(select(db.func.count()).select_from(Audit)) == before
