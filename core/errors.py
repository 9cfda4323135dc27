"""What people are told when something cannot be done: one page, one sentence, whole or inside a fragment."""

import logging
import secrets

from flask import json, render_template, request
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from .db import db
from .i18n import gettext as _
from .i18n import lazy

log = logging.getLogger("staffetta")

SENTENCES = {
    400: (
        lazy("Questa richiesta non è completa"),
        lazy("Torna indietro, ricarica la pagina e riprova: quello che era già salvato è al sicuro."),
    ),
    401: (lazy("Per continuare devi entrare"), lazy("La sessione è finita. Entra di nuovo: torni qui.")),
    403: (lazy("Questa azione non è tra quelle che puoi fare"), lazy("Se ti serve, parlane con chi coordina.")),
    404: (lazy("Qui non c'è nulla"), lazy("Può essere stato spostato, oppure non fa parte dei casi che segui.")),
    405: (lazy("Questa pagina non si apre così"), lazy("Torna indietro e usa i pulsanti della pagina.")),
    409: (lazy("Qualcuno ha cambiato la stessa cosa"), lazy("Ricarica la pagina e controlla prima di salvare.")),
    413: (
        lazy("Quello che hai inviato è troppo grande"),
        lazy("Accorcia il testo o scegli un file più piccolo: nulla è stato salvato."),
    ),
    429: (lazy("Troppi tentativi"), lazy("Aspetta un minuto e riprova.")),
    500: (
        lazy("Qualcosa si è rotto da parte nostra"),
        lazy(
            "Quello che era confermato sullo schermo è salvo. Riprova tra poco; se succede ancora, di' a chi cura il computer questo numero."
        ),
    ),
    503: (
        lazy("In questo momento non si può"),
        lazy("Il sistema è occupato o in manutenzione. Riprova tra un minuto: non hai perso nulla."),
    ),
}


class Refused(Exception):
    """The domain says no: one clear sentence for the person who asked. `field` names the input it is about."""

    def __init__(self, sentence, field=None):
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


class Stale(Exception):
    """Somebody else changed `row` after this form was opened."""

    def __init__(self, row):
        super().__init__("stale")
        self.row = row


def init_app(app):
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(TimeoutError, lambda error: answer(503))
    app.register_error_handler(Exception, _unexpected)


def answer(status, sentence=None):
    """The error page; for htmx the status alone, with the sentence in a header that the page shows in its foot."""
    db.session.rollback()
    title, advice = SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400])
    number = secrets.token_hex(3) if status >= 500 else None
    if number:
        log.error("error shown as %s", number)
    advice = sentence or advice
    if request.headers.get("HX-Request"):
        told = {"staffetta:said": {"text": f"{title}. {advice}", "wrong": True}}
        return "", status, {"HX-Trigger": json.dumps(told, ensure_ascii=True), "HX-Reswap": "none"}
    try:
        return render_template("error.html", status=status, title=title, advice=advice, number=number), status
    except Exception as broken:  # the page itself is what broke: the sentence must come out all the same
        log.error("the error page: %s", type(broken).__name__)
        return f"{title}. {advice} {number or ''}", status, {"Content-Type": "text/plain; charset=utf-8"}


def _http(error):
    if error.code is None or error.code < 400:
        return error
    return answer(error.code)


def _refused(error):
    return answer(409, error.sentence)


def _unexpected(error):
    if isinstance(error, StaleDataError):
        return answer(409)
    # The type and the place, never the message: it may carry what somebody typed about a person.
    trace, places = error.__traceback__, []
    while trace:
        places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    log.error("%s at %s in %s %s", type(error).__name__, " > ".join(places[-12:]), request.method, request.endpoint)
    if app_is_testing():
        raise error
    return answer(500)


def app_is_testing():
    from flask import current_app

    return current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS", True)


__all__ = ["Refused", "Stale", "_", "answer", "init_app"]
