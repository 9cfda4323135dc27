"""The diary of a case: writing, reading, putting right."""

from flask import g, request, url_for

from access import allow, find, reads_cases, writes_cases
from core.htmx import page, saved
from core.i18n import gettext as _
from core.i18n import ngettext
from models.appointment import Appointment
from models.case import Case
from models.note import Note

from ..blueprint import bp
from ..forms.cases import Filters, picked
from ..forms.notes import NoteEditForm, NoteForm
from ..queries import care_team, notes
from .back import way_back


@bp.route("/cases/<int:case_id>/notes/new", methods=["GET", "POST"])
@allow(writes_cases)
def note_new(case_id):
    return _write(find(Case, case_id, to="note"), kind=request.args.get("kind"))


@bp.route("/appointments/<int:appointment_id>/note", methods=["GET", "POST"])
@allow(writes_cases)
def appointment_note(appointment_id):
    appointment = find(Appointment, appointment_id, to="edit")
    return _write(find(Case, appointment.case_id, to="note"), appointment=appointment)


def _write(case, appointment=None, **start):
    form = NoteForm(request.form, **notes.start(appointment=appointment, **start), owner_id=g.me.id)
    form.owner_id.set(care_team.colleagues_of(g.me, case) if form.follows else [(form.owner_id.data, "")])
    if form.sent():
        with form.refusals():
            Note.write(case, by=g.me, appointment=appointment, **form.values())
            return saved(url_for(".case_show", case_id=case.id), _("Nota salvata."), leave=True)
    form.owner_id.set(care_team.colleagues_of(g.me, case))
    return page("caseload/note_new.html", form=form, case=case, who=notes.who(g.me, case), appointment=appointment)


@bp.post("/cases/<int:case_id>/calls")
@allow(writes_cases)
def call_new(case_id):
    case = find(Case, case_id, to="note")
    Note.no_answer(case, by=g.me)
    back = way_back()
    return saved(back or url_for(".case_show", case_id=case.id), _("Chiamata registrata."), leave=not back)


@bp.post("/cases/calls")
@allow(writes_cases)
def call_many():
    """From the list: ticked, called, nobody answered."""
    chosen = [find(Case, id_, to="note") for id_ in picked(request.form)]
    for case in chosen:
        Note.no_answer(case, by=g.me)
    said = (
        ngettext("Chiamata registrata.", "%(num)s chiamate registrate.", len(chosen))
        if chosen
        else _("Prima spunta chi hai chiamato.")
    )
    return saved(url_for(".case_index") + Filters.of(request.form, g.me).but(), said, leave=True)


@bp.get("/notes/<int:note_id>")
@allow(reads_cases)
def note_show(note_id):
    note = find(Note, note_id)
    case = find(Case, note.case_id)
    whole = notes.history(g.me, note)
    return page("caseload/note_show.html", note=note, case=case, who=notes.who(g.me, case), **whole)


@bp.route("/notes/<int:note_id>/edit", methods=["GET", "POST"])
@allow(writes_cases)
def note_edit(note_id):
    note = find(Note, note_id, to="correct")
    case = find(Case, note.case_id)
    form = NoteEditForm(request.form, obj=note)
    if form.sent():
        with form.refusals():
            note.correct(by=g.me, **form.values())
            return saved(url_for(".note_show", note_id=note.id), _("Nota corretta."), leave=True)
    return page("caseload/note_edit.html", form=form, case=case, note=note, who=notes.who(g.me, case))
