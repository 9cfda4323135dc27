"""Search: what is found, how it may be typed, and what nobody finds who may not see it."""

import re
from urllib.parse import quote

import pytest
from sqlalchemy import event, text

from core.db import db, transaction
from models.case import CareMember, Case
from models.note import Note
from tests import people


def ask(browser, q, **kwargs):
    return browser.get(f"/search?q={quote(q)}", **kwargs).text


def names(browser, q):
    """The names on the page, in order: of cases, then of notes."""
    return re.findall(r'row-name" href="[^"]+">([^<]+)<', ask(browser, q))


def write(by, case_id, words, **fields):
    with transaction("write", str(by.id)):
        db.session.rollback()
        note = Note.write(db.session.get(Case, case_id), by=by, kind="phone", text=words, **fields)
        db.session.commit()
        return note.id


def make(by, *args, **kwargs):
    db.session.rollback()
    return people.make_case(by, *args, **kwargs)


# how it may be typed


@pytest.mark.parametrize(
    "q", ["Haddad", "haddad", "HADD", "amina haddad", "Haddad Amina", "ami had", " amina,  haddad! "]
)
def test_a_name_is_found_by_its_beginnings_in_any_order(as_giulia, case, q):
    assert names(as_giulia, q) == ["Amina Haddad"]


@pytest.mark.parametrize(
    ("first", "last", "typed"),
    [
        ("Łukasz", "Wiśniewski", "lukasz wisniewski"),
        ("Anneliese", "Weiß", "weiss"),
        ("Șerban", "Ionescu", "serban"),
        ("Thị Hương", "Nguyễn", "nguyen thi"),
        ("Ettore", "Dall'Agata", "dall'agata"),
        ("Ettore", "Dall’Agata", "dall agata"),
        ("Jean-Baptiste", "Kouassi", "jean baptiste"),
        ("Niccolò", "Però", "PERO'"),
        ("Олена", "Шевчук", "олена"),
    ],
)
def test_accents_and_letters_of_other_alphabets_do_not_count(as_giulia, giulia, first, last, typed):
    make(giulia, first, last)
    assert len(names(as_giulia, typed)) == 1


def test_she_is_found_as_she_is_called(as_giulia, giulia):
    make(giulia, "Thị Hương", "Nguyễn", known_as="Huong")
    assert names(as_giulia, "huong") == ["Thị Hương Nguyễn (Huong)"]


@pytest.mark.parametrize("q", ["HDDMNA92C54Z330H", "hddmna92", "HDD MNA 92C54 Z330H"])
def test_a_tax_code_is_found_however_it_is_spaced(as_giulia, giulia, q):
    make(giulia, tax_code="HDDMNA92C54Z330H")
    assert names(as_giulia, q) == ["Amina Haddad"]


@pytest.mark.parametrize(
    "q",
    ["3330000142", "333 0000142", "+39 333 0000142", "0039 333 0000 142", "393330000142", "333-0000", "333.0000.142"],
)
def test_a_telephone_is_found_however_it_is_written(as_giulia, giulia, q):
    make(giulia, phone="+39 333 0000142")
    make(giulia, "Altra", "Persona", phone="347 1112223")
    assert names(as_giulia, q) == ["Amina Haddad"]


def number_of(case_id):
    return db.session.get(Case, case_id).number


def test_a_case_is_found_by_its_number(as_giulia, giulia):
    ids = [make(giulia, last=f"Persona{n}") for n in range(12)]
    number = number_of(ids[10])
    year, serial = number.split("-")
    for q in (number, f"{year}/{serial}", f"{year} {int(serial)}", str(int(serial)), serial):
        assert names(as_giulia, q) == ["Amina Persona10"], q


def test_a_number_is_found_while_it_is_typed(as_giulia, giulia):
    ids = [make(giulia, last=f"Persona{n}") for n in range(12)]
    year = number_of(ids[0])[:4]
    assert len(names(as_giulia, f"{year}-001")) == 4  # 0001, 0010, 0011, 0012


# notes


def test_a_word_of_a_note_is_found_and_marked(as_giulia, giulia, case):
    id_ = write(giulia, case, "La scuola guida conferma il posto: la Patente si può pagare in tre volte.")
    page = ask(as_giulia, "patent")
    assert "<mark>Patente</mark>" in page and f'href="/notes/{id_}"' in page


def test_notes_come_newest_first_and_all_words_must_be_there(as_giulia, giulia, case):
    first, both, last = (
        write(giulia, case, t) for t in ("Parlato di casa", "Parlato di casa e lavoro", "Parlato di casa")
    )
    assert re.findall(r"/notes/(\d+)", ask(as_giulia, "casa")) == [str(last), str(both), str(first)]
    assert re.findall(r"/notes/(\d+)", ask(as_giulia, "lavoro casa")) == [str(both)]


def test_markup_in_a_note_is_text(as_giulia, giulia, case):
    write(giulia, case, "<script>alert('casa')</script> <b>casa</b>")
    page = ask(as_giulia, "casa")
    assert "<script>alert" not in page and "&lt;b&gt;<mark>casa</mark>&lt;/b&gt;" in page


def test_the_private_part_is_found_by_who_works_and_not_by_readers(as_giulia, as_rita, giulia, case):
    write(giulia, case, "Colloquio breve.", private_text="Ha paura del cognato.")
    assert "Parte riservata:" in ask(as_giulia, "cognato") and "<mark>cognato</mark>" in ask(as_giulia, "cognato")
    assert "/notes/" not in ask(as_rita, "cognato") and "/notes/" in ask(as_rita, "colloquio")
    assert "paura" not in ask(as_rita, "colloquio")


def test_the_public_part_alone_is_read_to_a_reader_when_both_have_the_word(as_rita, giulia, case):
    write(giulia, case, "Parlato del cognato.", private_text="Il cognato la minaccia.")
    assert "minaccia" not in ask(as_rita, "cognato")


# who sees what


def test_cases_of_other_teams_do_not_exist(as_sara, as_nobody, giulia, case):
    write(giulia, case, "Parlato della patente.")
    for q in ("haddad", "hadad", "patente", number_of(case)):
        assert names(as_sara, q) == [] and "Haddad" not in ask(as_sara, q)
    assert "/sign-in" in as_nobody.get("/search?q=haddad", 303).location


def test_a_confidential_case_is_found_by_its_circle_only(as_giulia, as_marco, as_elena, giulia, marco, app):
    case_id = make(giulia, confidential=True)
    write(giulia, case_id, "Parlato della patente.")
    for q in ("haddad", "patente", number_of(case_id)):
        assert names(as_marco, q) == []
        assert names(as_giulia, q) == names(as_elena, q) == ["Amina Haddad"]
    with transaction("write", "test"):
        db.session.rollback()
        db.session.get(Case, case_id).add_member(user_id=marco.id)
        db.session.commit()
    assert names(as_marco, "patente") == ["Amina Haddad"]
    with transaction("write", "test"):
        db.session.rollback()
        member = db.session.query(CareMember).one()
        member.until = member.since
        db.session.commit()
    assert names(as_marco, "patente") == []


def test_the_administrator_of_the_machine_has_no_search(as_ada, case):
    as_ada.get("/search?q=haddad", 403)


def test_a_reader_finds_people_and_makes_none(as_rita, case):
    page = ask(as_rita, "haddad")
    assert "Amina Haddad" in page and "/people/new" not in page


def test_training_cases_stand_apart_and_their_notes_are_not_found(as_giulia, giulia):
    case_id = make(giulia, "John", "di Cipro", is_training=True)
    write(giulia, case_id, "Lavora il legno.")
    page = ask(as_giulia, "john")
    assert "Casi di prova" in page and "Persone e casi" not in page
    assert "/notes/" not in ask(as_giulia, "legno")


# slips


@pytest.mark.parametrize("q", ["hadad", "hadadd", "haddat", "haddaad", "ahddad", "amina hadad", "amna haddad"])
def test_a_slip_is_put_right_and_said(as_giulia, case, q):
    page = ask(as_giulia, q)
    assert "Cercavi «" in page and "Haddad»?" in page and "Amina Haddad" in page


def test_nothing_is_put_right_when_something_was_found(as_giulia, giulia, case):
    make(giulia, "Sara", "Hadad")
    assert "Cercavi" not in ask(as_giulia, "hadad") and names(as_giulia, "hadad") == ["Sara Hadad"]


def test_a_name_that_one_may_not_see_is_not_suggested(as_sara, case):
    page = ask(as_sara, "hadad")
    assert "Cercavi" not in page and "Niente con «hadad»" in page


# how much


def test_at_most_twenty_of_each_and_the_way_to_the_others(as_giulia, giulia):
    for n in range(22):
        case_id = make(giulia, "Amina", f"Haddad{n}")
        write(giulia, case_id, "Parlato della patente.")
    page = ask(as_giulia, "amina")
    assert len(re.findall(r'row-name" href="/cases/', page)) == 20
    assert 'href="/cases?show=all&amp;q=amina"' in page
    page = ask(as_giulia, "patente")
    assert len(re.findall(r'row-name" href="/notes/', page)) == 20 and "più vecchie" in page


def test_the_number_of_statements_does_not_grow_with_the_rows(as_giulia, giulia, case, queries):
    write(giulia, case, "Amina chiede della patente.")
    ask(as_giulia, "amina")
    with queries() as one:
        ask(as_giulia, "amina")
    for n in range(15):
        write(giulia, make(giulia, "Amina", f"Rossi{n}"), "Amina chiede della casa.")
    with queries() as many:
        ask(as_giulia, "amina")
    assert one() == many() <= 4


def test_notes_are_walked_newest_first_without_sorting(as_giulia, as_rita, giulia, case):
    write(giulia, case, "Amina chiede della patente.")
    asked = []
    listener = lambda _c, _cursor, statement, values, *_more: asked.append((statement, values))  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    for browser in (as_giulia, as_rita):
        ask(browser, "patente")
    event.remove(db.engine, "before_cursor_execute", listener)
    of_notes = [(statement, values) for statement, values in asked if "substr(note.text" in statement]
    assert len(of_notes) == 2
    explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    for statement, values in of_notes:
        plan = db.session.connection().exec_driver_sql(explain + statement, values).all()
        assert plan and "TEMP B-TREE" not in str(plan)


# the page


def test_while_typing_only_the_results_are_sent(as_giulia, case):
    fragment = as_giulia.swap("results", "/search?q=haddad").text
    assert (
        'id="results"' in fragment
        and "Amina Haddad" in fragment
        and "<html" not in fragment
        and "<form" not in fragment
    )


def test_before_typing_the_page_teaches(as_giulia):
    page = as_giulia.get("/search").text
    assert "Una casella per tutto" in page and "data-search" in page and "autofocus" in page


def test_what_was_typed_stays_in_the_box(as_giulia):
    assert 'value="&#34;&gt;&lt;b&gt;"' in ask(as_giulia, '"><b>')


def test_searching_leaves_no_trace_in_the_audit(as_giulia, case):
    last = "SELECT max(seq) FROM audit"
    before = db.session.scalar(text(last))
    ask(as_giulia, "haddad")
    db.session.rollback()
    assert db.session.scalar(text(last)) == before


def test_the_case_of_a_note_is_chosen_among_mine_or_searched(as_giulia, as_marco, giulia, case):
    write(giulia, case, "Amina chiede della patente.")
    page = as_giulia.get("/search?to=note").text
    assert "I tuoi casi" in page and f'href="/cases/{case}/notes/new"' in page
    assert "I tuoi casi" not in as_marco.get("/search?to=note").text
    page = as_marco.get("/search?to=note&q=amina").text
    assert f'href="/cases/{case}/notes/new"' in page and "/notes/1" not in page


def test_a_reader_chooses_no_case_for_a_note(as_rita, case):
    assert "/notes/new" not in as_rita.get("/search?to=note&q=amina").text


HOSTILE = [
    "",
    " ",
    "a",
    "'",
    '"',
    '""',
    "*",
    "haddad*",
    "NEAR(a b)",
    "amina NEAR haddad",
    "amina AND",
    "OR",
    "NOT haddad",
    "folded:amina",
    "{folded_private}: paura",
    "(((",
    ")",
    "amina) OR (haddad",
    "a:b:c",
    "&|!<->",
    "amina & !haddad",
    "%_%",
    "_",
    "__ _a_",
    "\\",
    "\x00\x01",
    "‮amina",
    "²³½",
    "ﬁne",
    "İstanbul",
    "日本語",
    "🙂",
    "-1",
    "2026-",
    "2026-99999999999999999999",
    "99999999999999999999",
    "0000-0000",
    "1 " * 100,
    "à" * 5000,
    "ab " * 1700,
    "'; DROP TABLE person; --",
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("q", HOSTILE, ids=range(len(HOSTILE)))
def test_no_query_breaks_the_page(as_giulia, giulia, case, q):
    write(giulia, case, "Amina, 49 anni: <casa>", private_text="paura")
    page = ask(as_giulia, q)
    assert 'id="results"' in page and "<script>alert" not in page
    assert 'id="results"' in as_giulia.swap("results", f"/search?q={quote(q)}").text
