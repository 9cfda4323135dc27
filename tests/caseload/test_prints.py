"""Papers: every word is on them, nothing private is, and only who may see a case prints it."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import current_app
from pypdf import PdfReader
from sqlalchemy import select, update

from blueprints.caseload.queries import prints
from core import clock, pdf
from core.audit import Audit
from core.db import MODE, db
from core.jobs import Job, Worker
from models import dossier
from models.account import User
from models.case import Case
from models.household import HouseholdMember
from models.note import Note
from models.organisation import Organisation
from models.person import Person
from models.session import identity_of
from models.todo import Todo

from .. import people
from .makers import make_meeting, make_need, make_notes, make_plan, writing

TEMPLATES = Path(__file__).parents[2] / "templates" / "caseload"
ALL = "&".join(["chosen=1", *(f"section={s.name}" for s in dossier.SECTIONS if s.printed)])
HOSTILE = '<script>alert(1)</script> </p><img src="file:///etc/passwd"> {{ 7*7 }} &amp; "virgolette" \u202egnirts'
PRIVATE = "SEGRETISSIMO"


@pytest.fixture(scope="module", autouse=True)
def shared_worker():
    yield
    pdf.stop()


def squeeze(text):
    return re.sub(r"\s+", "", text)


def words_of(response):
    """The text of a PDF, without spaces and line ends, which are the renderer's."""
    assert response.mimetype == "application/pdf"
    return squeeze("".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages))


def pages_of(response):
    return len(PdfReader(io.BytesIO(response.data)).pages)


def recorded(verb):
    db.session.rollback()
    return db.session.scalars(select(Audit).where(Audit.verb == verb, Audit.tbl == "case_file")).all()


@pytest.fixture
def full(giulia, case):
    """A case with something in every section."""
    make_need(case, giulia, "Patente B, per i turni delle sei")
    make_need(case, giulia, "Custodia dei figli", category="care", direction=None, state="working")
    make_plan(case, giulia)
    make_notes(
        case, giulia, ["Vuole lavorare in cucina.\nHa esperienza di mensa.", "Chiamata la scuola guida."], PRIVATE
    )
    make_meeting(case, giulia, purpose="Vedere la cucina", with_whom="Paola Neri", link="https://meet.example/stanza")
    with writing(giulia):
        file = db.session.get(Case, case)
        file.edit(request="Un lavoro pulito", to_know="Permesso in scadenza", source="Comune di Forlì")
        person = db.session.get(Person, file.person_id)
        person.edit(
            born_on=date(1992, 4, 3), citizenship="Marocco", residence="Via Ravegnana 12", contact_note="Dopo le nove"
        )
        db.session.add(HouseholdMember(person_id=person.id, name="Lina", relation="child", born_on=date(2017, 5, 1)))
        file.add_member(outsider="Dottor Bianchi", role="medico")
        file.receive(by=giulia, given_on=clock.today(), language="Arabo")
        Todo.promise(file, by=giulia, what="Richiamare la scuola", due_on=clock.today(), owner_id=giulia.id)
        db.session.commit()
    return case


EVERY_WORD = [
    *("Amina", "3 aprile 1992", "Marocco", "Via Ravegnana 12", "Dopo le nove"),
    *("Un lavoro pulito", "Permesso in scadenza", "Giulia Ferraris", "Inserimento lavorativo"),
    *("Patente B, per i turni delle sei", "Custodia dei figli", "Ci lavoriamo"),
    *("Lavorare in cucina", "Voglio cucinare", "ore di lavoro", "0 ore", "20 ore", "31 marzo 2031"),
    *("Corso HACCP", "Chiedere le rate", "Prova in mensa", "Con firma".lower()),
    *("Vuole lavorare in cucina.", "Ha esperienza di mensa.", "Chiamata la scuola guida."),
    *("Vedere la cucina", "Richiamare la scuola", "Arabo"),
]
THIRD_PARTIES = ["Lina", "Paola Neri", "Dottor Bianchi", "Comune di Forlì", "zia Fatima"]


def test_the_summary_has_every_word_as_page_and_as_pdf(as_giulia, full):
    page = as_giulia.get(f"/cases/{full}/summary/print?{ALL}").text
    paper = words_of(as_giulia.get(f"/cases/{full}/summary.pdf?{ALL}"))
    for words in EVERY_WORD:
        assert words in page.replace("&#39;", "'")
        assert squeeze(words) in paper


def test_third_parties_are_named_only_when_asked(as_giulia, full):
    for url, read in (
        (f"/cases/{full}/summary/print?{ALL}", lambda r: squeeze(r.text)),
        (f"/cases/{full}/summary.pdf?{ALL}", words_of),
    ):
        without, named = read(as_giulia.get(url)), read(as_giulia.get(url + "&names=y"))
        for name in map(squeeze, THIRD_PARTIES):
            assert name not in without and name in named
        assert squeeze("Figlio o figlia") in without and squeeze("una persona esterna, medico") in without


@pytest.mark.parametrize("who", ["giulia", "elena", "rita"])
def test_what_is_private_is_on_no_paper(request, full, who):
    browser = request.getfixturevalue(f"as_{who}")
    for url in (f"summary/print?{ALL}&names=y", "plan/1/print", "card"):
        assert PRIVATE not in browser.get(f"/cases/{full}/{url}").text
    for url in (f"summary.pdf?{ALL}&names=y", "plan/1.pdf", "card.pdf"):
        assert PRIVATE not in words_of(browser.get(f"/cases/{full}/{url}"))


def test_a_paper_could_not_show_the_private_part_by_mistake(giulia, full):
    """It is not read at all: a template that touched it would fail."""
    wish = prints.Wish(("contacts",))
    db.session.expunge_all()
    notes = prints.summary(giulia, db.session.get(Case, full), wish)["parts"]["contacts"]["rows"]
    assert notes[0].text
    with pytest.raises(Exception, match="private_text"):
        _ = notes[0].private_text


def test_links_of_meetings_stay_off_paper(as_giulia, full):
    assert "meet.example" not in words_of(as_giulia.get(f"/cases/{full}/summary.pdf?{ALL}&names=y"))


def test_every_printed_section_has_its_partial():
    missing = [s.name for s in dossier.SECTIONS if s.printed and not (TEMPLATES / f"_summary_{s.name}.html").is_file()]
    extra = {p.stem.removeprefix("_summary_") for p in TEMPLATES.glob("_summary_*.html")} - {
        s.name for s in dossier.SECTIONS
    }
    assert not missing and extra == {"body"}


def test_only_the_sections_that_were_chosen(as_giulia, full):
    page = as_giulia.get(f"/cases/{full}/summary/print?chosen=1&section=needs").text
    assert (
        "Patente B" in page
        and "Corso HACCP" not in page
        and "Marocco" not in page
        and "esperienza di mensa" not in page
    )


def test_sections_that_are_not_printed_cannot_be_asked_for(as_elena, full):
    assert 'value="accesses"' not in as_elena.get(f"/cases/{full}/summary").text
    as_elena.get(f"/cases/{full}/summary/print?chosen=1&section=accesses", 422)


def test_days_cut_contacts_at_italian_midnights(as_giulia, giulia, case):
    with writing(giulia):
        file = db.session.get(Case, case)
        for text, at in (("Notte", "2026-06-30T22:30"), ("Prima", "2026-06-30T21:30"), ("Dopo", "2026-07-01T22:30")):
            Note.write(file, by=giulia, kind="phone", text=text, at=clock.datetime.fromisoformat(at))
        db.session.commit()
    page = as_giulia.get(
        f"/cases/{case}/summary/print?chosen=1&section=contacts&since=2026-07-01&until=2026-07-01"
    ).text
    assert "Notte" in page and "Prima" not in page and "Dopo" not in page.split("<article")[1]


def test_what_cannot_be_printed_is_said(as_giulia, case):
    for query, said in [
        ("chosen=1", "Scegli almeno una sezione."),
        ("chosen=1&section=needs&since=2026-05-02&until=2026-05-01", "Questa data viene prima dell&#39;inizio."),
        ("chosen=1&section=needs&since=ieri", "Questa data non esiste"),
    ]:
        for paper in ("summary/print", "summary.pdf"):
            assert said in as_giulia.get(f"/cases/{case}/{paper}?{query}", 422).text
    assert not recorded("print")


def test_the_choice_is_remembered_by_the_address(as_giulia, case):
    wish = "chosen=1&section=needs&section=todos&since=2026-01-02&names=y"
    page = as_giulia.get(f"/cases/{case}/summary/print?{wish}").text
    back = re.search(r'class="crumb" href="([^"]+)"', page)[1].replace("&amp;", "&")
    form = as_giulia.get(back).text
    ticked = re.findall(r'value="(\w+)" checked', form)
    assert ticked == ["needs", "todos", "y"] and 'value="2026-01-02"' in form


def test_usual_sections_are_ticked_to_begin_with(as_giulia, case):
    ticked = re.findall(r'name="section" value="(\w+)" checked', as_giulia.get(f"/cases/{case}/summary").text)
    assert ticked == ["identity", "household", "path", "needs", "plan", "contacts", "appointments"]


def test_a_case_with_nothing_in_it_prints_everything(as_giulia, giulia, case):
    db.session.rollback()
    words = words_of(as_giulia.get(f"/cases/{case}/summary.pdf?{ALL}&names=y"))
    assert squeeze("Niente da dire in questa sezione.") in words
    assert "AminaHaddad" in words


def test_empty_fields_never_break_a_paper(as_giulia, giulia):
    """Everything that may be empty is, in every row there can be."""
    with writing(giulia):
        db.session.execute(update(Organisation).values(address=None, town=None, phone=None, email=None, name=""))
        db.session.commit()
    bare = people.make_case(giulia, first="Io", last="Tu")
    make_need(bare, giulia, "x", direction=None)
    make_plan(bare, giulia, agreed=False, goal={"title": "x"})
    make_notes(bare, giulia, [""], PRIVATE)
    make_meeting(bare, giulia, place=None)
    with writing(giulia):
        file = db.session.get(Case, bare)
        file.give_to(None, by=giulia, reason="coda")
        db.session.add(HouseholdMember(person_id=file.person_id, name="y", relation="other"))
        file.add_member(outsider="z")
        db.session.commit()
    for url in (f"summary/print?{ALL}", f"summary/print?{ALL}&names=y", "plan/1/print", "card", "plan", "plan/glance"):
        as_giulia.get(f"/cases/{bare}/{url}")
    for url in (f"summary.pdf?{ALL}", f"summary.pdf?{ALL}&names=y", "plan/1.pdf", "card.pdf"):
        text = words_of(as_giulia.get(f"/cases/{bare}/{url}"))
        assert "None" not in text
    assert "coordinamento" not in text


def test_hostile_words_come_out_as_words(as_giulia, giulia, marco):
    case = people.make_case(giulia, first="<b>Amina", last='"Haddad"')
    make_need(case, giulia, HOSTILE)
    texts = {n: HOSTILE[:100] for n in ("title", "own_words", "indicator", "baseline", "target")}
    make_plan(case, giulia, goal={**texts, "wanted_by": "both", "due_on": date(2031, 1, 1)})
    make_notes(case, giulia, [HOSTILE, "parola" * 4000, "Łódź, Țară, عربي, 王伟, \u200bx"])
    make_meeting(case, giulia, place=HOSTILE[:100], purpose=HOSTILE)
    with writing(giulia):
        db.session.execute(update(User).where(User.id == giulia.id).values(name="<i>Giulia", hours=HOSTILE[:100]))
        db.session.commit()
    for url in (f"summary/print?{ALL}&names=y", "plan/1/print", "card"):
        page = as_giulia.get(f"/cases/{case}/{url}").text
        assert "<script>alert" not in page and "<i>Giulia" not in page and "&lt;" in page
    for url in (f"summary.pdf?{ALL}&names=y", "plan/1.pdf"):
        words = words_of(as_giulia.get(f"/cases/{case}/{url}"))
        assert squeeze("<script>alert(1)</script>") in words and "{{7*7}}" in words and "root:" not in words
        assert "&lt;" not in words


def test_a_paper_is_recorded_and_its_name_says_no_name(as_giulia, full):
    number = db.session.scalar(select(Case.number).where(Case.id == full))
    names = [
        (f"summary.pdf?{ALL}", f"sintesi-{number}.pdf"),
        ("plan/1.pdf", f"piano-{number}-v1.pdf"),
        ("card.pdf", f"contatti-{number}.pdf"),
    ]
    for n, (url, name) in enumerate(names, 1):
        answer = as_giulia.get(f"/cases/{full}/{url}")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert b"Haddad" not in answer.data[:2000]
        assert len(recorded("print")) == n
    for n, url in enumerate((f"summary/print?{ALL}", "plan/1/print", "card"), 4):
        as_giulia.get(f"/cases/{full}/{url}")
        assert len(recorded("print")) == n
    assert {row.actor for row in recorded("print")} == {"1"}


def test_the_foot_says_who_printed_it_and_when(as_rita, full):
    words = words_of(as_rita.get(f"/cases/{full}/summary.pdf?{ALL}"))
    assert "StampatodaRitaNeriil" in words and "Pagina1di" in words
    assert "CooperativasocialeLaSpola" in words


def test_the_logo_is_on_the_letterhead(as_giulia, giulia, case):
    from core.files import StoredFile

    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d494844520000000100000001080200000090"
        "7753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
    )
    with writing(giulia):
        house = db.session.scalar(select(Organisation))
        house.logo_id = StoredFile.keep("logo.png", "image/png", pixel).id
        db.session.commit()
    answer = as_giulia.get(f"/cases/{case}/card.pdf")
    assert "/Image" in str(
        [o.get_object() for p in PdfReader(io.BytesIO(answer.data)).pages for o in p["/Resources"]["/XObject"].values()]
    )


def papers(case):
    return [
        f"/cases/{case}/{url}"
        for url in (
            "summary",
            f"summary/print?{ALL}",
            f"summary.pdf?{ALL}",
            "plan/1/print",
            "plan/1.pdf",
            "card",
            "card.pdf",
        )
    ]


@pytest.mark.parametrize(("who", "expect"), [("sara", 404), ("ada", 403)])
def test_who_may_not_see_a_case_prints_nothing_of_it(request, full, who, expect):
    browser = request.getfixturevalue(f"as_{who}")
    for url in papers(full):
        browser.get(url, expect)
    browser.post(f"/cases/{full}/summary/job", {"chosen": "1", "section": "contacts"}, expect)
    assert not recorded("print")


def test_a_reader_prints_what_he_may_see(as_rita, full):
    for url in papers(full):
        as_rita.get(url)


def test_a_stranger_is_asked_to_sign_in(as_nobody, full):
    for url in papers(full):
        assert "/sign-in" in as_nobody.get(url, 303).location
    as_nobody.post(f"/cases/{full}/summary/job", {"chosen": "1"}, 401)


def test_a_closed_case_is_still_printed(as_giulia, giulia):
    closed = people.make_case(giulia, first="Omar", last="Saïd", state="closed")
    assert "Chiuso" in words_of(as_giulia.get(f"/cases/{closed}/summary.pdf?{ALL}"))


def test_a_paper_that_does_not_succeed_says_so_on_its_page(as_giulia, full, monkeypatch):
    def fail(html, **_kwargs):
        assert not db.session().in_transaction(), "no transaction stays open while a page is drawn"
        raise pdf.PdfError("slow")

    monkeypatch.setattr(pdf, "render", fail)
    for url in (f"summary.pdf?{ALL}", "plan/1.pdf", "card.pdf"):
        page = as_giulia.get(f"/cases/{full}/{url}", 503).text
        assert "La stampa ha richiesto troppo tempo" in page and "<article" in page
    assert not recorded("print")


def test_the_plan_of_the_person_speaks_in_her_voice(as_giulia, giulia, full):
    with writing(giulia):
        values = {"phone": "0543 111222", "hours": "dal lunedì al venerdì, 9–13"}
        db.session.execute(update(User).where(User.id == giulia.id).values(**values))
        db.session.commit()
    answer = as_giulia.get(f"/cases/{full}/plan/1.pdf")
    page, paper = as_giulia.get(f"/cases/{full}/plan/1/print").text, words_of(answer)
    for words in (
        *("Il mio piano", "Voglio cucinare", "Lo voglio io.", "Voglio arrivare a: 20 ore", "entro il 31 marzo 2031"),
        *("Io faccio: Corso HACCP", "Giulia fa: Chiedere le rate", "Paola Neri fa: Prova in mensa"),
        *(
            "I miei appuntamenti",
            "Via del Telaio 3",
            "Se qualcosa cambia",
            "0543 111222",
            "dal lunedì al venerdì, 9–13",
        ),
        "Posso cambiare idea quando voglio.",
    ):
        assert squeeze(words) in paper
        assert squeeze(words) in squeeze(re.sub("<[^>]+>", "", page))
    assert "Questofoglioètuo." in paper and pages_of(answer) == 1


def test_every_version_of_the_plan_can_be_printed_for_ever(as_giulia, giulia, full):
    second = make_plan(full, giulia, agreed=False, reason="Corso serale")
    assert squeeze("Bozza: non l'abbiamo ancora concordato.") in words_of(as_giulia.get(f"/cases/{full}/plan/2.pdf"))
    with writing(giulia):
        from models.plan import Plan

        db.session.get(Plan, second).agree(
            db.session.get(Case, full), by=giulia, agreed_on=clock.today(), agreed_how="spoken"
        )
        db.session.commit()
    old = words_of(as_giulia.get(f"/cases/{full}/plan/1.pdf"))
    assert squeeze("Ora ce n'è una più nuova.") in old and "CorsoHACCP" in old
    assert "piùnuova" not in words_of(as_giulia.get(f"/cases/{full}/plan/2.pdf"))
    for url in ("plan/9/print", "plan/9.pdf"):
        as_giulia.get(f"/cases/{full}/{url}", 404)


def test_papers_of_the_person_are_italian_for_every_colleague(as_giulia, giulia, full):
    with writing(giulia):
        db.session.execute(update(User).where(User.id == giulia.id).values(locale="en"))
        db.session.commit()
    assert "Ilmiopiano" in words_of(as_giulia.get(f"/cases/{full}/plan/1.pdf"))
    assert "Imieicontatti" in words_of(as_giulia.get(f"/cases/{full}/card.pdf"))


def test_the_card_says_whom_to_call_and_not_whose_it_is(as_giulia, giulia, full):
    answer = as_giulia.get(f"/cases/{full}/card.pdf")
    words = words_of(answer)
    assert "GiuliaFerraris" in words and "0543000000" in words and "Prossimoappuntamento" in words
    assert "Haddad" not in words and "Amina" not in words and pages_of(answer) == 1


def job_done(me):
    MODE.set("read")
    db.session.rollback()
    assert Worker(current_app._get_current_object(), identity_of).run_one()
    return db.session.scalars(select(Job).order_by(Job.id.desc())).first()


def test_a_long_summary_becomes_a_job_with_its_result(as_giulia, giulia, case):
    make_notes(case, giulia, [f"Nota numero {n:03} fine" for n in range(70)], PRIVATE)
    page = as_giulia.get(f"/cases/{case}/summary/print?{ALL}").text
    assert "Prepara il PDF" in page and "Scarica il PDF" not in page
    assert "/summary/print?" in as_giulia.get(f"/cases/{case}/summary.pdf?{ALL}", 303).location
    answer = as_giulia.post(f"/cases/{case}/summary/job", {"chosen": "1", "section": ["contacts", "needs"]})
    assert answer.location.startswith("/jobs/")
    assert len(recorded("print")) == 2, "the page that was read, and what was asked"
    job = job_done(giulia)
    assert (job.state, job.total) == ("done", 2)
    file = job.result()
    assert re.fullmatch(r"sintesi-\d{4}-\d{4}\.pdf", file.name)
    words = squeeze("".join(p.extract_text() for p in PdfReader(io.BytesIO(file.content)).pages))
    assert all(f"Notanumero{n:03}fine" in words for n in range(70)) and PRIVATE not in words


def test_a_few_notes_that_are_long_are_long_too(giulia, case):
    make_notes(case, giulia, ["parola " * 2000] * 3)
    assert prints.is_long(giulia, case, prints.Wish(("contacts",)))
    assert not prints.is_long(giulia, case, prints.Wish(("needs",)))
    past = prints.Wish(("contacts",), until=clock.today() - timedelta(days=30))
    assert not prints.is_long(giulia, case, past)


def test_a_job_prints_only_what_may_be_seen_when_it_runs(as_giulia, giulia, sara, case):
    as_giulia.post(f"/cases/{case}/summary/job", {"chosen": "1", "section": ["contacts"]})
    with writing(giulia):
        file = db.session.get(Case, case)
        file.team_id = sara.team_ids[0]
        file.give_to(sara.id, by=giulia, reason="cambia zona")
        db.session.commit()
    job = job_done(giulia)
    assert (job.state, job.result_id) == ("failed", None)
    assert "non fa più parte di quelli che puoi vedere" in job.message


def test_a_job_that_cannot_be_drawn_says_why(as_giulia, giulia, case, monkeypatch):
    def fail(html, **_kwargs):
        raise pdf.PdfError("memory")

    monkeypatch.setattr(pdf, "render", fail)
    as_giulia.post(f"/cases/{case}/summary/job", {"chosen": "1", "section": ["contacts"]})
    job = job_done(giulia)
    assert job.state == "failed" and "troppo grande per essere stampato" in job.message


def test_a_job_without_sections_is_not_asked(as_giulia, case):
    as_giulia.post(f"/cases/{case}/summary/job", {"chosen": "1"}, 400)
    assert db.session.scalar(select(Job.id)) is None


def test_a_wish_survives_its_address():
    wish = prints.Wish(("needs", "plan"), date(2026, 1, 2), None, True)
    assert prints.Wish.of(wish.address()) == wish
    assert prints.Wish.of(prints.Wish(("needs",)).address()) == prints.Wish(("needs",))


def test_the_summary_costs_the_same_for_one_note_and_for_thirty(as_giulia, giulia, case, queries):
    def cost():
        db.session.rollback()
        db.session.expunge_all()
        with queries() as count:
            as_giulia.get(f"/cases/{case}/summary/print?{ALL}")
        return count()

    make_notes(case, giulia, ["una"])
    before = cost()
    make_notes(case, giulia, ["altra"] * 30, days_ago=2)
    assert cost() == before
