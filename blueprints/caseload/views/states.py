from flask import g, request, url_for

from access import allow, find, writes_cases
from core.htmx import announce, page, saved
from models.case import Case
from models.case_states import VERBS

from ..blueprint import bp
from ..forms.states import FORMS, MEANINGS, SAID
from ..queries import cases, states


@bp.route(f"/cases/<int:case_id>/moves/<any({', '.join(VERBS)}):verb>", methods=["GET", "POST"])
@allow(writes_cases)
def state_new(case_id, verb):
    case = find(Case, case_id, to="move")
    form, shown = states.fill(FORMS[verb](request.form), verb, case, g.me), states.move_page(case, verb, g.me)
    if form.sent():
        with form.refusals():
            getattr(case, verb)(by=g.me, **form.values())
            announce("case-changed")
            return saved(url_for(".case_show", case_id=case_id), SAID[verb], leave=True)
    words = {"verb": verb, "do": VERBS[verb], "meaning": MEANINGS[verb]}
    return page("caseload/state_new.html", form=form, head=cases.case_head(case_id, g.me), **words, **shown)
