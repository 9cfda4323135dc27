"""Reminders of a case."""

from flask import g, request, url_for

from access import allow, find, reads_cases, writes_cases
from core.htmx import announce, page, saved
from core.i18n import gettext as _
from models.case import Case
from models.todo import Todo

from ..blueprint import bp
from ..forms.todos import TodoForm
from ..queries import care_team, notes, todos
from .back import way_back


@bp.get("/cases/<int:case_id>/todos")
@allow(reads_cases)
def todo_index(case_id):
    case = find(Case, case_id, verb=None if request.htmx else "view")
    shown = {"case": case, "who": notes.who(g.me, case), "still_open": todos.still_open(case)}
    return page("caseload/todo_index.html", ended=lambda: todos.ended(case), **shown)


@bp.route("/cases/<int:case_id>/todos/new", methods=["GET", "POST"])
@allow(writes_cases)
def todo_new(case_id):
    case = find(Case, case_id, to="edit")
    form = TodoForm(request.form, owner_id=g.me.id)
    form.owner_id.set(care_team.colleagues_of(g.me, case))
    if form.sent():
        with form.refusals():
            Todo.promise(case, by=g.me, **form.values())
            return saved(url_for(".case_show", case_id=case.id), _("Promemoria aggiunto."), leave=True)
    return page("caseload/todo_new.html", form=form, case=case, who=notes.who(g.me, case))


@bp.route("/todos/<int:todo_id>/edit", methods=["GET", "POST"])
@allow(writes_cases)
def todo_edit(todo_id):
    todo, case = _found(todo_id)
    form = TodoForm(request.form, obj=todo)
    form.owner_id.set(care_team.colleagues_of(g.me, case, also=todo.owner_id))
    if form.sent():
        with form.refusals():
            todo.edit(case, **form.values())
            return saved(url_for(".todo_index", case_id=case.id), _("Promemoria aggiornato."), leave=True)
    return page("caseload/todo_edit.html", form=form, case=case, todo=todo, who=notes.who(g.me, case))


def _found(todo_id):
    todo = find(Todo, todo_id, to="edit")
    return todo, find(Case, todo.case_id)


@bp.post("/todos/<int:todo_id>/done")
@allow(writes_cases)
def todo_done(todo_id):
    todo, case = _found(todo_id)
    todo.finish(case, by=g.me)
    return _changed(todo, _("Fatto: %(what)s", what=todo.what), undo=url_for(".todo_reopen", todo_id=todo.id))


@bp.post("/todos/<int:todo_id>/drop")
@allow(writes_cases)
def todo_drop(todo_id):
    todo, case = _found(todo_id)
    todo.drop(case, by=g.me)
    return _changed(todo, _("Tolto: %(what)s", what=todo.what), undo=url_for(".todo_reopen", todo_id=todo.id))


@bp.post("/todos/<int:todo_id>/reopen")
@allow(writes_cases)
def todo_reopen(todo_id):
    todo, case = _found(todo_id)
    todo.reopen(case)
    return _changed(todo, _("Di nuovo da fare: %(what)s", what=todo.what))


def _changed(todo, message, **more):
    announce("case-changed")
    return saved(way_back() or url_for(".todo_index", case_id=todo.case_id), message, **more)
