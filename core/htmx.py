"""Full page or fragment? Decided here, once, from the request. Views never ask.

A page and its fragments share one URL and one template. htmx names the element it will swap
(`HX-Target: section#results`); the block of that name is what it gets. After a write the view redirects; the browser
follows with the same headers, so the page answers with the fresh fragment and the message.
"""

import secrets
from functools import cache

from flask import current_app, g, make_response, redirect, render_template, request
from htmx_flask import Htmx
from markupsafe import Markup

from . import once

HIDDEN = Markup('<input type="hidden" name="csrf" value="{}"><input type="hidden" name="once" value="{}">')
HIDDEN_VERSION = Markup('<input type="hidden" name="version" value="{}">')
SAID = "said"  # cookie: the key of the form whose message is still to be shown; nothing personal in it


def init_app(app):
    Htmx(app)
    app.context_processor(lambda: {"nonce": nonce(), "said": g.get("said")})
    # Functions, so that macros need no context: a template imported "with context" is run again at every import.
    app.jinja_env.globals.update(page_nonce=nonce, icon=icon, form_keys=form_keys)


def nonce() -> str:
    """The CSP nonce of this response: on scripts and, as hx-nonce, on every element that acts."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce


def form_keys(form=None) -> Markup:
    """What every form that writes carries: its token, its key, and the version of the row it was opened on."""
    version = form.version if form is not None else None
    keys = HIDDEN.format(g.get("csrf", ""), once.new_key())
    return keys + HIDDEN_VERSION.format(version) if version else keys


@cache
def icon(name: str) -> Markup:
    """A sign of the icon font; the word beside it says what it means."""
    return Markup('<i class="bi bi-{}" aria-hidden="true"></i>').format(name)


def page(template, status=200, **context):
    """Render `template`, or the one block of it that is being swapped; 422 when `form` was refused."""
    form = context.get("form")
    if status == 200 and request.method == "POST" and form is not None and form.errors:
        status = 422
    wanted, g.said = _wanted(), g.get("said") or _said()
    if not wanted:
        return _shown(make_response(render_template(template, **context), status))
    blocks = current_app.jinja_env.get_template(template).blocks
    if wanted not in blocks:  # another page: let the browser go there (the message waits for it)
        return "", 204, {"HX-Redirect": request.url}
    html = render_block(template, wanted, context)
    if g.said:
        html += render_template("_flash.html", oob=True, said=g.said)
    response = _shown(make_response(html, status))
    if g.said and g.said.get("events"):
        response.headers["HX-Trigger"] = ", ".join(g.said["events"])
    return response


def saved(location, message=None, *, leave=False, undo=None):
    """Commit what the view did, once for each form, and go to `location` with a message for the foot of the page.

    `leave`: it is another page, so htmx is told to go there instead of fetching a fragment of it first.
    """
    said = {"text": str(message) if message else "", "events": g.get("events", []), "undo": undo, "leave": leave}
    location = once.commit(location, g.get("user_id"), said)
    return answered(location, g.once_key, leave=leave)


def answered(location, key, *, leave=False):
    """The redirect after a write; the message is read back from the row of the form."""
    if leave and request.htmx:
        response = make_response("", 204, {"HX-Redirect": location})
    else:
        response = make_response(redirect(location, 303))
    response.set_cookie(SAID, key, max_age=60, httponly=True, samesite="Strict", secure=current_app.config["HTTPS"])
    return response


def announce(event):
    """Tell the other panels of the page, e.g. "handover-changed". Sent with the next fragment."""
    g.events = [*g.get("events", ()), event]


def _said():
    key = request.cookies.get(SAID)
    row = once.seen(key) if key and len(key) <= 64 else None
    return row.said if row and row.user_id == g.get("user_id") and row.said.get("text") else None


def _shown(response):
    if SAID in request.cookies:
        response.delete_cookie(SAID)
    return response


def _wanted():
    hx = request.htmx
    if hx and hx.target and not hx.boosted and not hx.history_restore_request:
        return hx.target.rpartition("#")[2]  # htmx 2 sends "results", htmx 4 "section#results"
    return None


def render_block(template, block, context):
    """One block of a template, with what every page gets."""
    template = current_app.jinja_env.get_template(template)
    current_app.update_template_context(context)
    return "".join(template.blocks[block](template.new_context(context)))
