import io

from flask import abort, current_app, redirect, request, url_for
from werkzeug.datastructures import CombinedMultiDict, FileStorage

from access import allow, anyone
from core import backup
from core.db import db, transaction
from core.errors import Refused
from core.files import StoredFile
from core.htmx import page, saved
from core.i18n import lazy
from models.organisation import Organisation
from models.session import SignInAttempt

from . import queries
from .blueprint import bp
from .first_start import FirstStart
from .forms import CodeForm, HouseForm

TICKET = "first-start"  # cookie
LAST = {"setup.done_show", "setup.done_edit"}  # what is still there when the cooperative is


def init_app(app):
    app.extensions["first_start"] = FirstStart()
    app.extensions["needs_setup"] = _needs_setup
    app.extensions["setup_code"] = _setup_code


def first() -> FirstStart:
    return current_app.extensions["first_start"]


def _founded():
    """Whether the first start is over; asked of the database until it is."""
    if not current_app.extensions.get("set_up"):
        current_app.extensions["set_up"] = queries.is_founded()
        db.session.rollback()  # what follows may hash, and write in another name
    return current_app.extensions["set_up"]


def _needs_setup():
    """To the wizard, whatever was asked for, while there is no cooperative."""
    if _founded() or request.blueprint == "setup":
        return None
    if request.htmx:
        return "", 204, {"HX-Redirect": url_for("setup.house_new")}
    return redirect(url_for("setup.house_new"), 303)


def _setup_code():
    """A new one-time code to print in the terminal; None when it is not a first start."""
    with transaction("read"):
        founded = _founded()
    return None if founded else first().new_code()


@bp.before_request
def _only_with_the_code():
    known = first().knows(request.cookies.get(TICKET, ""))
    if _founded():
        if not known:
            abort(404)
        return None if request.endpoint in LAST else redirect(url_for(".done_show"), 303)
    if request.endpoint in LAST or not (known or request.endpoint == "setup.code_new"):
        return redirect(url_for(".code_new"), 303)
    return None


@bp.route("/setup/code", methods=["GET", "POST"])
@allow(anyone)
def code_new():
    form = CodeForm(request.form)
    if form.sent():
        with form.refusals():
            ticket = _ticket(form.code.data)
            response = redirect(url_for(".house_new"), 303)
            secure = current_app.config["HTTPS"]
            response.set_cookie(TICKET, ticket, httponly=True, samesite="Strict", secure=secure, path="/setup")
            return response
    return page("setup/code_new.html", 429 if form.form_errors else 200, form=form)


def _ticket(code):
    """The wizard's key, for the right code. Raises TooMany, or Refused when it is wrong."""
    attempt = SignInAttempt.begin("first start", request.remote_addr or "")
    db.session.commit()
    if not first().is_code(code):
        raise Refused(
            lazy("Non è questo. Il codice è nella finestra del computer in cui hai avviato Staffetta."), "code"
        )
    attempt.succeed()
    db.session.commit()
    return first().let_in()


@bp.route("/setup", methods=["GET", "POST"])
@allow(anyone)
def house_new():
    form = HouseForm(CombinedMultiDict([request.files, request.form]))
    _remember_logo(form.logo.data)
    if form.sent():
        with form.refusals(), transaction("write", "setup"):
            Organisation.found(**form.founding(), logo=_logo())
            response = saved(url_for(".done_show"), leave=True)
            _finish()
            return response
    if _founded():  # by another tap, or another tablet
        return redirect(url_for(".done_show"), 303)
    if "logo" in form.errors:
        first().logo = None
    return page("setup/house_new.html", form=form, logo=first().logo)


def _remember_logo(upload):
    """A browser does not send a chosen file again after an error: it waits here for the next try."""
    if upload:
        first().logo = (upload.filename, upload.read())


def _logo():
    if first().logo is None:
        return None
    name, content = first().logo
    return StoredFile.keep_picture(FileStorage(io.BytesIO(content), name))


def _finish(accounts=()):
    current_app.extensions["set_up"] = True
    first().finish(backup.recovery_key_once(), accounts)


@bp.post("/setup/demo")
@allow(anyone)
def demo_new():
    import demo

    with first().lock:
        if not _founded():
            _finish(demo.load())
    return redirect(url_for(".done_show"), 303)


@bp.get("/setup/done")
@allow(anyone)
def done_show():
    return page("setup/done_show.html", recovery_key=first().recovery_key, accounts=first().accounts)


@bp.post("/setup/done")
@allow(anyone)
def done_edit():
    first().end()
    response = redirect(url_for("accounts.session_new"), 303)
    response.delete_cookie(TICKET, path="/setup")
    return response
