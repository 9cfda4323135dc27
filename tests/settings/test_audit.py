import html
import re

import pytest
from sqlalchemy import select, text

from blueprints.settings import queries
from blueprints.settings.audit_words import FIELDS, KINDS, NOUNS
from blueprints.settings.views import audit as views
from core import audit, clock, jobs
from core.audit import Audit, witness
from core.db import db, transaction
from core.jobs import Job, Worker
from models.case import Case
from models.plan import Plan
from models.session import identity_of
from tests import people
from tests.engine import POSTGRES


def lines(page):
    """The sentences of the page."""
    found = re.findall(r"<li><time.*?</time>(.*?)</li>", page, re.S)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in found]


@pytest.fixture
def read(app):
    """Have it recorded: `read(giulia, "view", "case_file", 1)`."""

    def recorded(by, verb, table, row_id, detail=""):
        db.session.rollback()
        witness([(verb, table, row_id, detail)], str(getattr(by, "id", by)))

    return recorded


@pytest.fixture
def number(case):
    db.session.rollback()
    found = db.session.scalar(select(Case.number).where(Case.id == case))
    db.session.rollback()
    return found


@pytest.mark.parametrize("url", ["/settings/audit", "/settings/audit/verdict"])
@pytest.mark.parametrize("who", ["giulia", "marco", "rita"])
def test_only_who_manages_the_cooperative_reads_it(request, url, who):
    request.getfixturevalue(f"as_{who}").get(url, 403)


def test_a_stranger_signs_in_first(as_nobody):
    assert as_nobody.get("/settings/audit", 303).location.startswith("/sign-in")


def test_a_reading_is_a_sentence(as_elena, giulia, case, number, read):
    read(giulia, "view", "case_file", case)
    assert (
        lines(as_elena.get("/settings/audit").text)[0]
        == f"Giulia Ferraris ha aperto il fascicolo {number} di Amina Haddad"
    )


def test_a_change_says_its_fields_in_words(as_elena, giulia, case, number):
    with transaction("write", str(giulia.id)):
        plan = Plan.draft(db.session.get(Case, case), by=giulia)
        db.session.commit()
        plan.edit(review_on=clock.today(), purpose="Una casa")
        db.session.commit()
    db.session.rollback()
    changed, added = lines(as_elena.get("/settings/audit").text)[:2]
    assert added == f"Giulia Ferraris ha aggiunto un piano nel fascicolo {number} di Amina Haddad"
    assert changed.startswith(f"Giulia Ferraris ha cambiato il piano nel fascicolo {number} di Amina Haddad: ")
    assert set(changed.rpartition(": ")[2].split(", ")) == {"scopo", "data di verifica"}


def test_prints_and_sign_ins_are_sentences(as_elena, giulia, marco, case, number, read):
    read(giulia, "print", "case_file", case, "caseload.case_print")
    read(giulia, "export", "case_file", case)
    read(marco, "sign-in", "user_account", marco.id, "10.0.0.7")
    read("anonymous", "sign-in-refused", "user_account", marco.id, "10.0.0.7")
    read("anonymous", "sign-in-refused", "user_account", "", "10.0.0.7")
    assert lines(as_elena.get("/settings/audit").text)[:5] == [
        "Qualcuno che non era entrato ha sbagliato la password per entrare con un account, da 10.0.0.7",
        "Qualcuno che non era entrato ha sbagliato la password per entrare con l'account di Marco Dal Pozzo, da 10.0.0.7",
        "Marco Dal Pozzo ha fatto l'accesso, da 10.0.0.7",
        f"Giulia Ferraris ha esportato il fascicolo {number} di Amina Haddad",
        f"Giulia Ferraris ha stampato il fascicolo {number} di Amina Haddad",
    ]


def test_everything_of_a_life_of_a_case_is_told(as_elena, giulia, read):
    people.make_case(giulia, state="closed", phone="1")
    with transaction("write", "test"):
        db.session.commit()
    told = lines(as_elena.get("/settings/audit?kind=changes").text)
    assert told and not [line for line in told if "qualcosa" in line or "None" in line or "?" in line]


def test_the_name_is_said_only_to_who_may_see_the_case(as_elena, as_ada, sara, giulia, number, case, read):
    theirs = people.make_case(sara, first="Bruna", last="Sala")
    db.session.rollback()
    read(sara, "view", "case_file", theirs)
    read(giulia, "view", "case_file", case)
    seen = as_elena.get("/settings/audit").text
    assert "Amina Haddad" in seen and "Bruna" not in seen and "Sala" not in seen
    assert "Sara Lodi ha aperto un fascicolo" in lines(seen)
    blind = as_ada.get("/settings/audit").text
    assert "Amina" not in blind and "Haddad" not in blind and number not in blind
    assert "Giulia Ferraris ha aperto un fascicolo" in lines(blind)
    assert not [line for line in lines(blind) if "fascicolo 2" in line]


def test_a_confidential_case_of_another_coordinator_is_a_fascicolo(as_elena, sara, read):
    theirs = people.make_case(sara, first="Bruna", last="Sala", confidential=True)
    db.session.rollback()
    read(sara, "view", "case_file", theirs)
    read(sara, "view", "person", 1)
    assert "Bruna" not in as_elena.get("/settings/audit").text


def test_names_are_text(as_elena, giulia, read):
    case_id = people.make_case(giulia, first="<b>Amina</b>", last="{{ 7*7 }}")
    db.session.rollback()
    read(giulia, "view", "case_file", case_id)
    page = as_elena.get("/settings/audit").text
    assert "<b>Amina" not in page and "&lt;b&gt;Amina" in page and "{{ 7*7 }}" in page


def test_rows_that_are_gone_or_of_no_table_are_still_told(as_elena, giulia, read):
    read(giulia, "delete", "goal", 999)
    read(giulia, "view", "case_file", "lista")
    read(giulia, "dance", "moon", 1)
    read("77", "view", "case_file", 999)
    read("job:3", "insert", "stored_file", 9)
    assert lines(as_elena.get("/settings/audit").text)[:5] == [
        "Un lavoro lungo ha aggiunto un file",
        "Un account che non c'è più ha aperto un fascicolo",
        "Giulia Ferraris ha fatto «dance»: qualcosa",
        "Giulia Ferraris ha aperto un fascicolo",
        "Giulia Ferraris ha tolto un obiettivo",
    ]


def test_every_table_that_is_audited_has_its_words():
    assert not {t.name for t in audit.audited(db.metadata)} - NOUNS.keys()


def test_every_field_has_its_word_or_is_known_to_have_none():
    untold = {
        "id", "year", "serial", "case_id", "plan_id", "goal_id", "note_id", "episode_id", "follows_id", "created_by_id",
        "replaced_by_id", "replaced_at", "created_at", "written_at", "stored_at", "sha256", "size", "mime", "double_key",
    }  # fmt: skip
    names = {
        c.name
        for t in audit.audited(db.metadata)
        for c in t.columns
        if c.name not in audit.NOT_FIELDS and not c.info.get("derived")
    }
    assert not {name for name in names - untold if name not in FIELDS}


# Filters


@pytest.fixture
def story(giulia, sara, case, read):
    """Two colleagues, each kind once."""
    for who in (giulia, sara):
        for verb in ("view", "print", "sign-in"):
            read(who, verb, "case_file", case)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ["", "giulia"])
def test_a_kind_and_a_colleague_can_be_asked_for(as_elena, story, request, kind, who):
    db.session.rollback()
    wanted = request.getfixturevalue(who).id if who else ""
    query = select(db.func.count(Audit.seq)).where(Audit.verb.in_(KINDS[kind][1]))
    if who:
        query = query.where(Audit.actor == str(wanted))
    expected = db.session.scalar(query)
    db.session.rollback()
    told = lines(as_elena.get(f"/settings/audit?kind={kind}&who={wanted}").text)
    assert len(told) == min(expected, queries.LINES) > 0
    if who:
        assert all(line.startswith("Giulia Ferraris") for line in told)


def test_the_fragment_is_the_list(as_elena, story):
    page = as_elena.swap("audit_lines", "/settings/audit?kind=views").text
    assert "<page" not in page and len(lines(page)) == 2


def test_a_wrong_day_is_said(as_elena, story):
    page = as_elena.get("/settings/audit?since=2026-13-99").text
    assert "field-error" in page and not lines(page)


def test_a_filter_that_is_no_choice_is_said(as_elena):
    assert "Scegli una delle voci" in as_elena.get("/settings/audit?kind=moon").text


def test_an_empty_answer_offers_to_take_the_filters_away(as_elena):
    assert "Togli i filtri" in as_elena.get("/settings/audit?kind=copies").text


def fill(days, each=3):
    """An audit whose rows are of these Italian days, written past the triggers: the chain is not what is tested."""
    db.session.rollback()
    with transaction("write", "test"):
        if db.engine.dialect.name == "sqlite":
            names = db.session.scalars(
                text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'")
            ).all()
            for name in names:
                db.session.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            db.session.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        db.session.execute(text("DELETE FROM audit"))
        rows = [
            {
                "seq": n + 1,
                "at": stamp,
                "actor": "1",
                "verb": "view",
                "tbl": "moon",
                "row_id": str(n),
                "fields": "",
                "prev": "",
                "hash": "",
            }
            for n, stamp in enumerate(s for day in days for s in day_stamps(day, each))
        ]
        if rows:
            db.session.execute(Audit.__table__.insert(), rows)
        db.session.commit()
    db.session.rollback()
    return len(rows)


def day_stamps(day, each):
    """The first instant of the day, some in it, and its last millisecond."""
    first, after = clock.day_bounds(day)
    step = (after - first) / (each - 1)
    inside = [first + step * n for n in range(each - 1)]
    return [at.strftime("%Y-%m-%dT%H:%M:%S.000Z") for at in inside] + [
        (after - (after - first) / 86_400_000).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    ]


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-10-24", "", 3),
        ("", "2026-10-24", 2),
        ("2026-10-25", "2026-10-25", 1),
        ("2026-10-27", "", 0),
        ("", "2026-10-22", 0),
    ],
)
def test_days_are_those_of_italy(as_elena, since, until, days):
    """The clock goes back on 25 October 2026: that day has 25 hours."""
    from datetime import date

    fill([date(2026, 10, d) for d in (23, 24, 25, 26)])
    assert len(lines(as_elena.get(f"/settings/audit?since={since}&until={until}").text)) == 3 * days


def test_an_empty_audit_has_no_days(as_elena):
    fill([])
    assert lines(as_elena.get("/settings/audit?since=2026-10-25&until=2026-10-25").text) == []


def test_pages_go_back_to_the_first_row_and_lose_none(as_elena):
    from datetime import date

    total = fill([date(2026, 10, 24)], each=2 * queries.LINES + 7)
    url, seen = "/settings/audit?who=1&kind=views", 0
    pages = 0
    while url:
        page = as_elena.get(url).text
        seen, pages = seen + len(lines(page)), pages + 1
        older = re.search(r'href="([^"]*before=[^"]*)"', page)
        assert ("Torna alle ultime" in page) == (pages > 1)
        url = older and older[1].replace("&amp;", "&")
    assert (seen, pages) == (total, 3)


@pytest.mark.parametrize("before", ["x", "-5", "0", str(1 << 80), str(-1 << 80)])
def test_a_made_up_place_does_no_harm(as_elena, before):
    as_elena.get(f"/settings/audit?before={before}")


def test_a_page_asks_few_queries_whatever_it_tells(as_elena, giulia, queries, read):
    people.make_case(giulia, state="closed")
    db.session.rollback()
    with queries() as count:
        as_elena.get("/settings/audit")
    assert count() <= 8
    with queries() as filtered:
        as_elena.get(f"/settings/audit?who={giulia.id}&kind=changes&since=2020-01-01&until=2030-01-01")
    assert filtered() <= 10


@pytest.mark.parametrize("kind", ["", *KINDS])
@pytest.mark.parametrize("actor", [None, "1"])
def test_no_page_reads_or_sorts_the_whole_audit(app, kind, actor):
    """At three million rows only the indexes keep it fast: ask the engine how it would do it."""
    statement = queries.audit_lines(KINDS[kind][1] if kind else None, actor).params(low=1, high=9)
    sql = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
    explain, whole = "EXPLAIN QUERY PLAN", "SCAN audit"
    if POSTGRES:
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        explain, whole = "EXPLAIN", "Seq Scan"
    plan = [str(row) for row in db.session.execute(text(f"{explain} {sql}"))]
    assert not [step for step in plan if whole in step], plan


# The verdict


def test_a_whole_audit_is_said_to_be_whole(as_elena, as_ada, case):
    for browser in (as_elena, as_ada):
        page = browser.get("/settings/audit/verdict").text
        assert "Il registro è integro" in page and "said-wrong" not in page


def test_an_altered_row_is_named(as_ada):
    from datetime import date

    fill([date(2026, 10, 24)])
    page = as_ada.get("/settings/audit/verdict").text
    assert "alterato alla riga 1" in page and "said-wrong" in page


def test_a_long_audit_is_verified_as_a_job(app, as_ada, ada, case, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 3)
    page = as_ada.get("/settings/audit/verdict").text
    assert "Avvia la verifica" in page and "integro" not in page
    location = as_ada.post("/settings/audit/verdict").location
    assert Worker(app, identity_of).run_one()
    assert "Il registro è integro" in as_ada.get(location).text


def test_only_who_manages_asks_for_that_job(as_giulia):
    as_giulia.post("/settings/audit/verdict", expect=403)
    db.session.rollback()
    assert db.session.scalar(select(Job.id)) is None


def test_the_job_can_be_stopped(app, as_ada, ada, case, monkeypatch):
    job_id = int(as_ada.post("/settings/audit/verdict").location.rpartition("/")[2])
    whole = audit.verify

    def stopped(step):
        db.session.rollback()
        with transaction("write", "test"):
            db.session.get(Job, job_id).cancel()
            db.session.commit()
        return whole(step)

    monkeypatch.setattr(audit, "verify", stopped)
    Worker(app, identity_of).run_one()
    db.session.rollback()
    with transaction("read"):
        assert db.session.get(Job, job_id).state == "cancelled"
    assert "audit_verify" in jobs.KINDS
