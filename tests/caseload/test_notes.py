"""Notes: written in a tap or two, put right without losing what they said, never lost by two people at once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.db import db
from models.appointment import Appointment
from models.case import Case
from models.note import Note, NoteOriginal
from models.todo import Todo

from .. import people
from .makers import writing


def form(text="Ha portato il curriculum.", **other):
    return people.note_form(text, kind="interview", **other)


def written(**wanted):
    db.session.rollback()
    return db.session.scalars(select(Note).filter_by(**wanted).order_by(Note.id)).all()


def make_note(case_id, by, text="Prima stesura", **fields):
    with writing(by):
        note = Note.write(db.session.get(Case, case_id), by=by, kind="phone", text=text, **fields)
        db.session.commit()
        return note.id


def make_meeting(case_id, by, **fields):
    with writing(by):
        row = Appointment.book(
            db.session.get(Case, case_id), by=by, **{"starts_at": clock.now(), "user_id": by.id, **fields}
        )
        db.session.commit()
        return row.id


def close(case_id, by):
    with writing(by):
        people.bring_to(db.session.get(Case, case_id), "active", by)
        people.bring_to_end(db.session.get(Case, case_id), by)
        db.session.commit()


def test_a_note_is_written_and_stands_in_the_thread(as_giulia, giulia, case):
    assert "Nota per Amina Haddad" in as_giulia.get(f"/cases/{case}/notes/new").text
    answer = as_giulia.post(f"/cases/{case}/notes/new", form(quick="45", minutes_travel="20", present="La sorella"))
    assert answer.location == f"/cases/{case}"
    (note,) = written()
    assert (note.kind, note.minutes_direct, note.minutes_travel, note.present) == ("interview", 45, 20, "La sorella")
    assert note.author_id == giulia.id and note.reached
    page = as_giulia.get(f"/cases/{case}").text
    assert "Ha portato il curriculum." in page and "colloquio, 65 min. Giulia Ferraris" in page
    assert db.session.get(Case, case).last_contact_on == clock.local(note.at).date()


def test_the_form_is_a_fragment_too_and_leads_to_the_case(as_giulia, case):
    fragment = as_giulia.swap("note_form", f"/cases/{case}/notes/new").text
    assert fragment.strip().startswith("<form") and "<html" not in fragment
    assert (
        as_giulia.swap("note_form", f"/cases/{case}/notes/new", form(), expect=204).headers["HX-Redirect"]
        == f"/cases/{case}"
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "  ", "private_text": ""}, "Scrivi che cosa è successo"),
        ({"kind": "telepathy"}, "Scegli una delle voci."),
        ({"on": "2026-13-40"}, "Questa data non esiste"),
        ({"on": (clock.today() + timedelta(days=3)).isoformat()}, "per il futuro fissa un appuntamento"),
        ({"hour": "25:10"}, "ora non esiste"),
        ({"minutes_travel": "tanti"}, "Scrivi i minuti con le cifre"),
        ({"other_minutes": "5000"}, "da 0 a 1440"),
        ({"then": "tomorrow", "what": ""}, "Scrivi che cosa c&#39;è da fare"),
        ({"then": "other", "what": "Chiamare", "due_on": ""}, "Scrivi entro quando"),
        ({"then": "other", "what": "Chiamare", "due_on": "2020-01-01"}, "Scegli un giorno da oggi in poi"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(as_giulia, case, wrong, said):
    typed = form(present="La zia", private_text="Da non dire") | wrong
    page = as_giulia.post(f"/cases/{case}/notes/new", typed, expect=422).text
    assert said in page and "La zia" in page and typed["private_text"] in page
    if typed["text"].strip():
        assert typed["text"] in page
    fragment = as_giulia.swap("note_form", f"/cases/{case}/notes/new", typed, expect=422).text
    assert said in fragment and "<html" not in fragment
    assert not written()


def test_the_same_form_sent_twice_is_one_note(as_giulia, case):
    keys = as_giulia.keys(form())
    first = as_giulia.client.post(f"/cases/{case}/notes/new", data=keys)
    again = as_giulia.client.post(f"/cases/{case}/notes/new", data=keys)
    assert (first.status_code, first.location) == (again.status_code, again.location) == (303, f"/cases/{case}")
    assert len(written()) == 1


@pytest.mark.parametrize(("then", "days"), [("tomorrow", 1), ("week", 7), ("other", 3)])
def test_what_follows_becomes_a_reminder(as_giulia, giulia, marco, case, then, days):
    day = clock.today() + timedelta(days=days)
    more = {"then": then, "what": "Chiamare la scuola guida", "due_on": day.isoformat(), "owner_id": str(marco.id)}
    as_giulia.post(f"/cases/{case}/notes/new", form(**more))
    (note,) = written()
    todo = db.session.scalars(select(Todo)).one()
    assert (todo.note_id, todo.due_on, todo.owner_id, todo.created_by_id) == (note.id, day, marco.id, giulia.id)
    assert db.session.get(Case, case).next_on == day


def test_nothing_follows_unless_it_is_asked(as_giulia, sara, case):
    as_giulia.post(f"/cases/{case}/notes/new", form(then="none", what="Forse", owner_id=str(sara.id)))
    assert len(written()) == 1 and not db.session.scalar(select(func.count(Todo.id)))


def test_minutes_typed_by_hand_come_before_the_keys(as_giulia, case):
    as_giulia.post(f"/cases/{case}/notes/new", form(quick="45", other_minutes="50"))
    assert written()[0].minutes_direct == 50


def test_the_form_asks_no_other_team_for_help(as_giulia, sara, marco, case):
    page = as_giulia.get(f"/cases/{case}/notes/new").text
    assert f'value="{marco.id}"' in page and f'value="{sara.id}"' not in page


def test_a_confidential_case_is_not_given_to_who_may_not_open_it(as_giulia, giulia, marco, elena):
    case = people.make_case(giulia, confidential=True)
    page = as_giulia.get(f"/cases/{case}/notes/new").text
    assert f'value="{elena.id}"' in page and f'value="{marco.id}"' not in page


def test_a_note_costs_few_statements(as_giulia, case, queries):
    with queries() as count:
        as_giulia.post(f"/cases/{case}/notes/new", form())
    assert count() <= 8
    more = form(then="week", what="Richiamare", owner_id=str(as_giulia.me.id))
    with queries() as count:
        as_giulia.post(f"/cases/{case}/notes/new", more)
    assert count() <= 12


# ---- from an appointment


def test_starting_an_appointment_opens_the_note_with_kind_and_minutes(as_giulia, giulia, case):
    meeting = make_meeting(case, giulia, kind="visit", minutes=30, purpose="Vedere la casa")
    answer = as_giulia.post(f"/appointments/{meeting}/start")
    assert answer.location == f"/appointments/{meeting}/note"
    page = as_giulia.get(answer.location).text
    assert 'value="visit" checked' in page and 'name="quick" value="30" checked' in page and "Vedere la casa" in page
    as_giulia.post(answer.location, form(quick="30"))
    (note,) = written(appointment_id=meeting)
    row = db.session.get(Appointment, meeting)
    assert row.outcome == "held" and row.started_at and note.minutes_direct == 30


def test_a_note_of_who_did_not_come_says_so_of_the_appointment(as_giulia, giulia, case):
    meeting = make_meeting(case, giulia)
    as_giulia.post(f"/appointments/{meeting}/note", form(text="", missed="y"))
    assert db.session.get(Appointment, meeting).outcome == "no_show"
    assert db.session.get(Case, case).last_contact_on is None


# ---- calls


def test_a_call_without_answer_is_two_taps(as_giulia, giulia, case):
    assert as_giulia.post(f"/cases/{case}/calls").location == f"/cases/{case}"
    (note,) = written()
    assert (note.kind, note.reached, note.text) == ("phone", False, "Chiamata, nessuna risposta.")
    assert db.session.get(Case, case).last_contact_on is None
    page = as_giulia.get(f"/cases/{case}").text
    assert "telefonata, non riuscito, 2 min" in page


@pytest.mark.parametrize(
    ("back", "location"),
    [
        ("/cases?show=mine", "/cases?show=mine"),
        ("//evil.example", None),
        ("https://evil.example", None),
        ("/\\evil.example", None),
        ("/" + "x" * 500, None),
    ],
)
def test_a_call_from_the_list_goes_back_to_the_list_and_nowhere_else(as_giulia, case, back, location):
    answer = as_giulia.post(f"/cases/{case}/calls", {"back": back})
    assert answer.location == (location or f"/cases/{case}")


def test_who_answered_gets_the_note_of_a_telephone_call(as_giulia, case):
    assert 'value="phone" checked' in as_giulia.get(f"/cases/{case}/notes/new?kind=phone").text


# ---- reading and putting right


def test_a_note_is_read_whole_with_its_history(as_giulia, giulia, case):
    note = make_note(case, giulia, "Vuole lavorare in cucina", private_text="Teme il marito")
    as_giulia.post(
        f"/notes/{note}/edit", form("Vuole lavorare in mensa", private_text="Teme il padre", version="1", quick="20")
    )
    row = written()[0]
    assert (row.text, row.kind, row.minutes_direct) == ("Vuole lavorare in mensa", "interview", 20)
    assert db.session.scalars(select(NoteOriginal)).one().text == "Vuole lavorare in cucina"
    page = as_giulia.get(f"/notes/{note}").text
    for words in ("<del>cucina</del>", "<ins>mensa</ins>", "<del>marito</del>", "Corretta il", "da Giulia Ferraris"):
        assert words in page
    assert "Tipo: prima Telefonata, poi Colloquio" in page


def test_a_correction_that_changes_nothing_leaves_no_trace(as_giulia, giulia, case):
    wall = clock.local(clock.now())
    note = make_note(case, giulia, "Uguale", at=clock.utc(wall.replace(tzinfo=None)))
    same = {"text": "Uguale", "kind": "phone", "on": wall.date().isoformat(), "hour": wall.strftime("%H:%M")}
    as_giulia.post(f"/notes/{note}/edit", same | {"version": "1"})
    assert not db.session.scalar(select(func.count(NoteOriginal.id)))


def test_two_who_correct_the_same_note_see_both_texts(as_giulia, as_elena, giulia, case):
    note = make_note(case, giulia, "Inizio")
    as_elena.post(f"/notes/{note}/edit", form("Testo di Elena", version="1"))
    page = as_giulia.post(f"/notes/{note}/edit", form("Testo di Giulia", version="1"), expect=409).text
    assert "Elena" in page and "Giulia" in page and written()[0].text == "Testo di Elena"
    fragment = as_giulia.swap("note_form", f"/notes/{note}/edit", form("Testo di Giulia", version="1"), expect=409)
    assert fragment.headers["HX-Retarget"] == "#main"
    as_giulia.post(f"/notes/{note}/edit", form("Tutti e due", version="2"))
    assert written()[0].text == "Tutti e due"
    assert db.session.scalar(select(func.count(NoteOriginal.id))) == 2


def test_a_note_put_right_moves_the_last_contact_too(as_giulia, giulia, case):
    note = make_note(case, giulia, "Ci siamo sentite")
    assert db.session.get(Case, case).last_contact_on == clock.today()
    as_giulia.post(f"/notes/{note}/edit", form("Non ha risposto", version="1", missed="y"))
    db.session.rollback()
    assert db.session.get(Case, case).last_contact_on is None


def test_writing_a_note_does_not_make_an_open_form_of_the_case_stale(as_giulia, giulia, case):
    version = db.session.get(Case, case).version
    as_giulia.post(f"/cases/{case}/notes/new", form(then="tomorrow", what="Richiamare", owner_id=str(giulia.id)))
    db.session.rollback()
    row = db.session.get(Case, case, populate_existing=True)
    assert row.version == version and row.next_on and row.last_contact_on


def test_only_its_author_and_who_coordinates_put_a_note_right(as_marco, as_elena, giulia, case):
    note = make_note(case, giulia)
    as_marco.get(f"/notes/{note}/edit", expect=403)
    as_marco.post(f"/notes/{note}/edit", form(version="1"), expect=403)
    assert "Correggi la nota" not in as_marco.get(f"/notes/{note}").text
    assert "Correggi la nota" in as_elena.get(f"/notes/{note}").text
    as_elena.get(f"/notes/{note}/edit")


def test_a_reader_reads_the_note_and_not_its_private_part(as_rita, as_giulia, giulia, case):
    note = make_note(case, giulia, "Tutto bene", private_text="Segretissimo")
    as_giulia.post(f"/notes/{note}/edit", form("Tutto bene?", private_text="Segretissimo davvero", version="1"))
    for url in (f"/notes/{note}", f"/cases/{case}"):
        page = as_rita.get(url).text
        assert "Tutto bene" in page and "Segretissimo" not in page
        assert "Segretissimo" in as_giulia.get(url).text


def test_a_closed_case_takes_addenda_and_keeps_its_notes_as_they_are(as_giulia, giulia, case):
    note = make_note(case, giulia, "Di allora")
    close(case, giulia)
    assert "Annotazione per" in as_giulia.get(f"/cases/{case}/notes/new").text
    as_giulia.post(f"/cases/{case}/notes/new", form("Ha telefonato dopo"))
    addendum = written(addendum=True)[0]
    page = as_giulia.post(f"/notes/{note}/edit", form("Diversa", version="1"), expect=422).text
    assert "Il caso è chiuso" in page and written(id=note)[0].text == "Di allora"
    as_giulia.post(f"/notes/{addendum.id}/edit", form("Ha scritto dopo", version="1"))
    late = form(then="tomorrow", what="Richiamare", owner_id=str(giulia.id))
    assert "Il caso è chiuso" in as_giulia.post(f"/cases/{case}/notes/new", late, expect=422).text


@pytest.mark.parametrize(("who", "status"), [("rita", 403), ("sara", 404), ("ada", 403)])
def test_who_may_not_write_notes_does_not(request, giulia, case, who, status):
    note, meeting = make_note(case, giulia), make_meeting(case, giulia)
    browser = request.getfixturevalue(f"as_{who}")
    for url in (f"/cases/{case}/notes/new", f"/notes/{note}/edit", f"/appointments/{meeting}/note"):
        browser.get(url, expect=status)
        browser.post(url, form(version="1"), expect=status)
    browser.post(f"/cases/{case}/calls", expect=status)
    assert len(written()) == 1


def test_notes_of_other_teams_do_not_exist(as_sara, as_ada, as_nobody, giulia, case):
    note = make_note(case, giulia)
    as_sara.get(f"/notes/{note}", expect=404)
    as_ada.get(f"/notes/{note}", expect=403)
    assert as_nobody.get(f"/notes/{note}", expect=303).location.startswith("/sign-in")


def test_called_and_nobody_answered_is_two_taps_from_the_list(as_giulia, giulia):
    """A tick and one key: a note each for whom was ticked, none for the others, and back to the same list."""
    first, second, third = (people.make_case(giulia, last=name) for name in ("Osei", "Gallo", "Serra"))
    page = as_giulia.get("/cases?show=open").text
    assert 'formaction="/cases/calls"' in page
    answer = as_giulia.post("/cases/calls", {"case": [first, second], "show": "open"})
    assert answer.location == "/cases?show=open"
    db.session.rollback()
    notes = db.session.execute(select(Note.case_id, Note.kind, Note.reached, Note.text)).all()
    assert {tuple(n) for n in notes} == {
        (id_, "phone", False, "Chiamata, nessuna risposta.") for id_ in (first, second)
    }
    assert third not in {n.case_id for n in notes}
    assert "2 chiamate registrate" in as_giulia.get(answer.location).text


def test_a_call_on_a_case_of_others_is_not_recorded_for_any(as_sara, giulia, sara):
    mine, theirs = people.make_case(sara, last="Riva"), people.make_case(giulia, last="Osei")
    as_sara.post("/cases/calls", {"case": [mine, theirs]}, 404)
    db.session.rollback()
    assert db.session.scalar(select(Note.id)) is None


def test_a_reader_records_no_call(as_rita, case):
    as_rita.post("/cases/calls", {"case": [case]}, 403)
