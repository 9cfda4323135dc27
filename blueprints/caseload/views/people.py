from flask import g, request, url_for

from access import allow, find, writes_cases
from core.htmx import announce, page, saved
from core.i18n import gettext as _
from models.case import Case
from models.household import HouseholdMember
from models.person import Person

from ..blueprint import bp
from ..forms.people import HouseholdForm, PersonForm, PersonNewForm
from ..queries import people


@bp.route("/people/new", methods=["GET", "POST"])
@allow(writes_cases)
def person_new():
    form = PersonNewForm(request.form if request.method == "POST" else request.args or None)
    form.offer(*people.openings(g.me), g.me)
    found = people.doubles(form, g.me)
    if form.sent() and form.settled(found):
        with form.refusals():
            person, fields = form.verb_values()
            case = Case.open_new(by=g.me, person=Person.new(**person), **fields)
            return saved(url_for(".case_show", case_id=case.id), _("Caso %(n)s aperto.", n=case.number), leave=True)
    return page("caseload/person_new.html", form=form, doubles=found)


@bp.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@allow(writes_cases)
def person_edit(person_id):
    person = find(Person, person_id, to="edit")
    form, name = PersonForm(request.form, obj=person), person.name
    if form.sent():
        with form.refusals():
            person.edit(**form.values())
            announce("person-changed")
            return saved(_file_of(person_id), _("Anagrafica aggiornata."), leave=True)
    place = {"person_id": person_id, "back": _file_of(person_id), "members": people.household(person_id, g.me)}
    return page("caseload/person_edit.html", form=form, name=name, **place)


@bp.route("/people/<int:person_id>/household/new", methods=["GET", "POST"])
@allow(writes_cases)
def household_new(person_id):
    person = find(Person, person_id, to="edit")
    form, name = HouseholdForm(request.form), person.name
    if form.sent():
        with form.refusals():
            HouseholdMember.add(person, **form.values())
            announce("person-changed")
            return saved(url_for(".person_edit", person_id=person_id), _("Famiglia aggiornata."), leave=True)
    return page("caseload/household_new.html", form=form, name=name, person_id=person_id)


@bp.route("/household/<int:member_id>/edit", methods=["GET", "POST"])
@allow(writes_cases)
def household_edit(member_id):
    member = find(HouseholdMember, member_id, to="edit")
    person = find(Person, member.person_id)
    form, name, person_id = HouseholdForm(request.form, obj=member), person.name, person.id
    if form.sent():
        with form.refusals():
            member.edit(**form.values())
            announce("person-changed")
            return saved(url_for(".person_edit", person_id=person_id), _("Famiglia aggiornata."), leave=True)
    place = {"name": name, "person_id": person_id, "member_id": member_id}
    return page("caseload/household_edit.html", form=form, **place)


@bp.post("/household/<int:member_id>/end")
@allow(writes_cases)
def household_end(member_id):
    member = find(HouseholdMember, member_id, to="edit")
    member.end()
    announce("person-changed")
    return saved(url_for(".person_edit", person_id=member.person_id), _("Non fa più parte del nucleo."), leave=True)


def _file_of(person_id):
    return url_for(".case_show", case_id=people.file_of(person_id, g.me))
