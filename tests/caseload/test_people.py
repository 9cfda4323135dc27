"""People: doubles are looked for before a new one, identity is edited by one at a time, the household is kept."""

import re
from datetime import date

import pytest
from sqlalchemy import func, insert, select

from core import clock, search
from core.db import db, transaction
from core.errors import Refused
from models.case import Case, Holding
from models.household import HouseholdMember
from models.organisation import Service
from models.person import Person, double_key, possible_doubles

from .. import people

CODE = "RSSMRA80A01H501U"


def count(model):
    found = db.session.scalar(select(func.count()).select_from(model))
    db.session.rollback()
    return found


def typed(me, **fields):
    """The form of a new person, filled as Giulia would."""
    service = db.session.scalar(select(Service.id).where(Service.name == "Inserimento lavorativo"))
    db.session.rollback()
    empty = {"first_name": "Chiara", "last_name": "Vitali", "born_on": "1990-05-03", "tax_code": "", "phone": ""}
    case = {"service_id": service, "team_id": me.team_ids[0], "priority": 2, "complexity": 2, "holder_id": me.id}
    return empty | case | fields


def found(*args, **kwargs):
    return [(row.first_name, row.last_name, sum(w for w, _ in why)) for row, why in possible_doubles(*args, **kwargs)]


def people_named(*names, **fields):
    with transaction("write", "test"):
        made = [Person.new(first_name=first, last_name=last, **fields) for first, last in names]
        db.session.commit()
        return [p.id for p in made]


# ---- who may be the same -----------------------------------------------------------------------------------------


def test_same_tax_code_is_the_surest_reason(app):
    people_named(("Mario", "Rossi"), tax_code=CODE)
    assert found("Luigi", "Verdi", tax_code=CODE.lower()) == [("Mario", "Rossi", 10)]


def test_names_are_compared_folded_turned_round_and_with_a_slip(app):
    people_named(("Łukasz", "Weiß"), ("Maria Luisa", "De Luca"))
    for first, last in (("Lukasz", "Weiss"), ("weiss", "lukasz"), ("Lukas", "Weiss"), ("Łukasz", "Weisz")):
        assert found(first, last), (first, last)
    assert found("Maria", "De Luca") == [("Maria Luisa", "De Luca", 3)]


def test_a_first_name_alone_is_nobody(app):
    people_named(("Maria", "Rossi"), ("Maria", "Bianchi"))
    assert found("Maria", "") == found("Maria", "Verdi") == found("", "Rossi") == []


def test_same_birth_needs_something_of_the_name_too(app):
    people_named(("Anna", "Rossi"), ("Piero", "Rosati"), born_on=date(1980, 1, 1))
    assert found("Anna Maria", "Rosi", date(1980, 1, 1))[0][0] == "Anna"
    assert not [f for f in found("Zeno", "Rosmini", date(1980, 1, 1))]


def test_a_telephone_is_the_same_however_it_is_written(app):
    people_named(("Anna", "Rossi"), phone="+39 347 123.45.67")
    assert found("Zeno", "Verdi", phone="347-1234567") == [("Anna", "Rossi", 4)]


def test_training_people_are_nobodys_double(app):
    people_named(("Gianni", "Prova"), is_training=True)
    assert found("Gianni", "Prova") == []


def test_doubles_are_found_with_five_statements_among_many(app, queries):
    rows = []
    for i in range(1, 3001):
        first, last, born = f"Nome{i % 60}", f"Cognome{i % 90}", date(1950 + i % 50, 1 + i % 12, 1 + i % 28)
        folded = search.fold(f"{first} {last}  33312{i:05}")
        rows.append(
            {"first_name": first, "last_name": last, "born_on": born, "phone": f"33312{i:05}", "folded": folded}
        )
    with transaction("write", "test"):
        db.session.execute(
            insert(Person.__table__), [{**r, "double_key": double_key(r["last_name"], r["born_on"])} for r in rows]
        )
        db.session.commit()
    with queries() as many:
        hits = possible_doubles("Nome7", "Cognome7", rows[6]["born_on"], CODE, rows[6]["phone"])
    assert many() <= 5
    assert hits[0][0].phone == rows[6]["phone"]


# ---- a new person ------------------------------------------------------------------------------------------------


def test_a_new_person_gets_her_first_case(as_giulia, giulia):
    answer = as_giulia.post(
        "/people/new", typed(giulia, tax_code=" rssmra80a01h501u ", phone="347 1234567", request="Un lavoro")
    )
    case = db.session.scalar(select(Case).order_by(Case.id.desc()))
    assert answer.location == f"/cases/{case.id}"
    person = db.session.get(Person, case.person_id)
    assert (person.first_name, person.tax_code, case.state, case.request) == ("Chiara", CODE, "reported", "Un lavoro")
    assert case.holder().user_id == giulia.id
    db.session.rollback()


def test_a_case_may_begin_without_a_holder_or_with_a_colleague(as_giulia, giulia, marco):
    as_giulia.post("/people/new", typed(giulia, holder_id=""))
    as_giulia.post("/people/new", typed(giulia, first_name="Luca", last_name="Bertolini", holder_id=marco.id))
    assert db.session.scalars(select(Holding.user_id)).all() == [marco.id]
    db.session.rollback()


def test_a_new_person_works_as_a_fragment_too(as_giulia, giulia):
    answer = as_giulia.swap("person_form", "/people/new", typed(giulia), expect=204)
    assert answer.headers["HX-Redirect"].startswith("/cases/")


@pytest.mark.parametrize(
    "bad", [{"last_name": " "}, {"tax_code": "RSSMRA80A01H501X"}, {"born_on": "2999-01-01"}, {"service_id": ""}]
)
def test_what_was_typed_comes_back_when_something_is_wrong(as_giulia, giulia, bad):
    page = as_giulia.post("/people/new", typed(giulia, request="Cerca un lavoro vicino a casa", **bad), expect=422)
    assert "Cerca un lavoro vicino a casa" in page.text
    assert 'aria-invalid="true"' in page.text
    assert count(Person) == count(Case) == 0


def test_a_second_one_of_the_same_name_needs_a_look(as_giulia, giulia, case):
    same = typed(giulia, first_name="Amina", last_name="Haddad")
    page = as_giulia.post("/people/new", same, expect=422)
    assert "Guarda prima qui sopra" in page.text
    assert "stesso nome e cognome" in page.text
    assert f'href="/cases/{case}"' in page.text
    assert count(Person) == 1
    (key,) = [str(i) for i in db.session.scalars(select(Person.id))]
    db.session.rollback()
    as_giulia.post("/people/new", same | {"not_double": key})
    assert count(Person) == 2


def test_a_tick_does_not_answer_for_somebody_found_later(as_giulia, giulia, case):
    people_named(("Amina", "Hadad"))
    people.make_case(giulia, first="Amina", last="Haddadi")
    one = db.session.scalar(select(Case.person_id).where(Case.id == case))
    db.session.rollback()
    same = typed(giulia, first_name="Amina", last_name="Haddad", not_double=str(one))
    assert "Guarda prima qui sopra" in as_giulia.post("/people/new", same, expect=422).text


def test_doubles_are_shown_while_typing(as_giulia, case):
    block = as_giulia.swap("doubles", "/people/new?first_name=Amina&last_name=Hadad")
    assert block.text.lstrip().startswith('<div id="doubles"')
    assert "nome e cognome quasi uguali" in block.text
    assert "Ho controllato: è un'altra persona" in block.text
    assert "Amina" not in as_giulia.swap("doubles", "/people/new?first_name=Amina").text


def test_people_of_other_teams_are_not_named(as_sara, sara, giulia):
    people.make_case(giulia, tax_code=CODE)
    block = as_sara.swap("doubles", f"/people/new?first_name=Amina&last_name=Haddad&tax_code={CODE}").text
    assert "già seguita da un'altra équipe" in block
    assert "Amina" not in block
    assert "Amina" not in as_sara.swap("doubles", "/people/new?first_name=Amina&last_name=Haddad").text
    refused = as_sara.post(
        "/people/new", typed(sara, first_name="Amina", last_name="Haddad", tax_code=CODE), expect=422
    )
    assert "Guarda prima qui sopra" in refused.text


def test_a_training_person_is_a_training_case_and_needs_no_look(as_giulia, giulia, case):
    as_giulia.post("/people/new", typed(giulia, first_name="Amina", last_name="Haddad", is_training="y"))
    assert db.session.scalar(select(func.count()).where(Case.is_training.is_(True))) == 1
    db.session.rollback()


def test_a_second_case_of_the_person_is_in_another_service(as_giulia, giulia, case):
    person, services = (
        db.session.scalar(select(Case.person_id)),
        dict(db.session.execute(select(Service.name, Service.id)).all()),
    )
    db.session.rollback()
    url = f"/people/{person}/cases/new"
    assert "Amina Haddad" in as_giulia.get(url).text
    fields = {"team_id": giulia.team_ids[0], "priority": 1, "complexity": 3, "holder_id": ""}
    again = as_giulia.post(url, fields | {"service_id": services["Inserimento lavorativo"]}, expect=422)
    assert "ha già un caso aperto in questo servizio" in again.text
    as_giulia.post(url, fields | {"service_id": services["Sportello casa"]})
    assert count(Case) == 2


# ---- the rest of the identity --------------------------------------------------------------------------------------


@pytest.fixture
def person(case):
    """Amina: her id."""
    id_ = db.session.scalar(select(Case.person_id).where(Case.id == case))
    db.session.rollback()
    return id_


def identity(page, **changes):
    """What the form of a page would send, with these changes."""
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    return {"first_name": "Amina", "last_name": "Haddad", "version": version} | changes


def test_the_identity_is_edited(as_giulia, person):
    url = f"/people/{person}/edit"
    page = as_giulia.get(url)
    sent = identity(
        page, citizenship="Marocco", permit_kind="work", permit_expires_on="2027-03-01", mediator_language="arabo"
    )
    assert as_giulia.post(url, sent | {"may_write": "y"}).location.startswith("/cases/")
    now = db.session.get(Person, person)
    assert (now.citizenship, now.permit_expires_on, now.mediator_language) == ("Marocco", date(2027, 3, 1), "arabo")
    assert (now.may_call, now.may_write, now.may_leave_message) == (False, True, False)
    db.session.rollback()


def test_an_identity_that_cannot_be_is_refused(as_giulia, person):
    url = f"/people/{person}/edit"
    for bad in ({"tax_code": "XX"}, {"email": "niente"}, {"first_name": ""}, {"born_on": "30/02/1990"}):
        sent = identity(as_giulia.get(url), residence="Via Nuova 4") | bad
        assert "Via Nuova 4" in as_giulia.swap("person_form", url, sent, expect=422).text
    assert db.session.get(Person, person).residence is None
    db.session.rollback()


def test_two_who_edit_the_same_person_see_both_texts(as_giulia, as_marco, person):
    url = f"/people/{person}/edit"
    first, second = identity(as_giulia.get(url), residence="Via A 1"), identity(as_marco.get(url), residence="Via B 2")
    as_giulia.post(url, first)
    page = as_marco.post(url, second, expect=409)
    assert "Via A 1" in page.text.replace("<ins>", "").replace("</ins>", "")
    assert "Via B 2" in page.text


def test_the_household_is_added_to_edited_and_ended(as_giulia, person):
    url = f"/people/{person}/household/new"
    assert "Scegli una delle voci" in as_giulia.post(url, {"name": "Karim"}, expect=422).text
    as_giulia.post(url, {"name": "Karim Haddad", "relation": "child", "born_on": "2015-02-03", "lives_with": "y"})
    member = db.session.scalar(select(HouseholdMember.id))
    db.session.rollback()
    assert "Karim Haddad" in as_giulia.get(f"/people/{person}/edit").text
    edit = f"/household/{member}/edit"
    as_giulia.post(edit, {"name": "Karim H.", "relation": "child", "version": "1"})
    as_giulia.post(edit, {"name": "Carim", "relation": "child", "version": "1"}, expect=409)
    as_giulia.post(f"/household/{member}/end", {})
    row = db.session.get(HouseholdMember, member)
    assert (row.name, row.lives_with, row.until) == ("Karim H.", False, clock.today())
    db.session.rollback()


def test_a_relative_is_not_born_tomorrow(app, giulia):
    with transaction("write", "test"), pytest.raises(Refused):
        HouseholdMember.add(
            Person.new(first_name="A", last_name="B"), name="C", relation="child", born_on=date(2999, 1, 1)
        )
    db.session.rollback()
