"""Appointments of a case: from the promise of a time to what came of it."""

from flask import g, request, url_for

from access import allow, find, reads_cases, writes_cases
from core.errors import Refused
from core.htmx import announce, page, saved
from core.i18n import gettext as _
from core.i18n import lazy
from models.appointment import Appointment
from models.case import Case

from ..blueprint import bp
from ..forms.appointments import AppointmentForm, MoveForm, OutcomeForm
from ..queries import appointments, care_team, notes
from .back import way_back

SAID = {
    "held": lazy("Segnato: svolto."),
    "no_show": lazy("Segnato: non si è presentata."),
    "cancelled": lazy("Appuntamento annullato."),
}


@bp.get("/cases/<int:case_id>/appointments")
@allow(reads_cases)
def appointment_index(case_id):
    case = find(Case, case_id, verb=None if request.htmx else "view")
    shown = {
        "case": case,
        "who": notes.who(g.me, case),
        "coming": appointments.coming(case, 4 if request.htmx else 100),
    }
    return page("caseload/appointment_index.html", ended=lambda: appointments.ended(case), **shown)


@bp.route("/cases/<int:case_id>/appointments/new", methods=["GET", "POST"])
@allow(writes_cases)
def appointment_new(case_id):
    case = find(Case, case_id, to="edit", verb=None if request.htmx else "view")
    form = AppointmentForm(request.form or request.args, user_id=g.me.id)
    form.user_id.set(care_team.colleagues_of(g.me, case))
    clash = appointments.clash(form)
    if form.sent():
        with form.refusals():
            Appointment.book(case, by=g.me, **form.values())
            location = url_for(".case_show", case_id=case.id)
            return saved(location, (_("Appuntamento fissato.") + f" {clash}").strip(), leave=True)
    return page("caseload/appointment_new.html", form=form, case=case, who=notes.who(g.me, case), clash=clash)


@bp.get("/appointments/<int:appointment_id>")
@allow(reads_cases)
def appointment_show(appointment_id):
    appointment, case = _found(appointment_id)
    shown = appointments.whole(appointment)
    return page(
        "caseload/appointment_show.html", appointment=appointment, case=case, who=notes.who(g.me, case), **shown
    )


def _found(appointment_id, to=None):
    appointment = find(Appointment, appointment_id, to=to)
    return appointment, find(Case, appointment.case_id, verb=None if request.htmx else "view")


@bp.route("/appointments/<int:appointment_id>/edit", methods=["GET", "POST"])
@allow(writes_cases)
def appointment_edit(appointment_id):
    appointment, case = _found(appointment_id, to="edit")
    form = AppointmentForm(request.form or request.args, obj=appointment, **MoveForm.saved_values(appointment))
    form.user_id.set(care_team.colleagues_of(g.me, case, also=appointment.user_id))
    clash = appointments.clash(form, but=appointment.id)
    if form.sent():
        with form.refusals():
            appointment.edit(case, **form.values())
            location = url_for(".appointment_show", appointment_id=appointment.id)
            return saved(location, (_("Appuntamento aggiornato.") + f" {clash}").strip(), leave=True)
    shown = {"form": form, "case": case, "appointment": appointment, "clash": clash}
    return page("caseload/appointment_edit.html", who=notes.who(g.me, case), **shown)


@bp.route("/appointments/<int:appointment_id>/move", methods=["GET", "POST"])
@allow(writes_cases)
def appointment_move(appointment_id):
    appointment, case = _found(appointment_id, to="edit")
    form = MoveForm(request.form, **MoveForm.saved_values(appointment))
    if form.sent():
        with form.refusals():
            new = appointment.move(case, by=g.me, **form.values())
            clash = appointments.clash_of(new)
            location = url_for(".case_show", case_id=case.id)
            return saved(location, (_("Appuntamento spostato.") + f" {clash}").strip(), leave=True)
    return page(
        "caseload/appointment_move.html", form=form, case=case, appointment=appointment, who=notes.who(g.me, case)
    )


@bp.post("/appointments/<int:appointment_id>/arrival")
@allow(writes_cases)
def appointment_arrive(appointment_id):
    appointment = find(Appointment, appointment_id, to="edit")
    appointment.arrive()
    return _changed(appointment, _("Segnato: è arrivata."))


@bp.post("/appointments/<int:appointment_id>/start")
@allow(writes_cases)
def appointment_start(appointment_id):
    appointment = find(Appointment, appointment_id, to="edit")
    appointment.start()
    return saved(url_for(".appointment_note", appointment_id=appointment.id), leave=True)


@bp.post("/appointments/<int:appointment_id>/outcome")
@allow(writes_cases)
def appointment_outcome(appointment_id):
    appointment, case = _found(appointment_id, to="edit")
    form = OutcomeForm(request.form)
    if not form.sent():
        raise Refused(_("Scegli com'è andata."))
    appointment.end(case, **form.values())
    return _changed(appointment, SAID[form.outcome.data])


def _changed(appointment, message):
    announce("case-changed")
    return saved(way_back() or url_for(".appointment_index", case_id=appointment.case_id), message)
