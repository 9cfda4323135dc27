"""One form for each change of state, with just the fields its verb needs."""

from wtforms import BooleanField, HiddenField
from wtforms.validators import Regexp

from core import clock
from core.forms import Choice, Day, Form, LongText, Required, Text
from core.i18n import lazy
from models.case_states import OUTCOMES


class MoveForm(Form):
    """A move that asks nothing."""

    def offer(self, holders, holder_id):
        """Give the colleagues to choose from, and who holds the case now."""


class ReceiveForm(MoveForm):
    given_on = Day(
        lazy("Informativa privacy consegnata il"),
        [Required(lazy("Scrivi quando hai consegnato l'informativa: serve prima di accogliere."))],
        description=lazy("Il giorno in cui la persona l'ha avuta e qualcuno gliel'ha spiegata."),
        default=clock.today,
    )
    language = Text(
        lazy("In che lingua"), [Required(lazy("Scrivi la lingua dell'informativa."))], most=60, default="Italiano"
    )
    holder_id = Choice(lazy("Titolare"), coerce=int, description=lazy("Accanto al nome, quanti casi aperti segue già."))
    queue = BooleanField(lazy("Per ora nessuno: resta tra i casi senza titolare"))

    def offer(self, holders, holder_id):
        self.holder_id.set([("", lazy("Scegli…")), *holders])
        if not self.holder_id.raw_data:
            self.holder_id.data = holder_id

    def values(self):
        """A ticked queue wins over the holder that was chosen before."""
        values = super().values()
        return values | {"holder_id": None} if values["queue"] else values


class ReasonForm(MoveForm):
    reason = LongText(lazy("Motivo"), [Required(lazy("Scrivi il motivo in una frase."))], most=2000)


class RefuseForm(ReasonForm):
    reason = LongText(
        lazy("Motivo"),
        [Required(lazy("Scrivi il motivo in una frase."))],
        most=2000,
        description=lazy("Chi ha segnalato la persona può chiederlo: scrivilo come lo diresti a lui."),
    )


class ActivateForm(MoveForm):
    emergency = LongText(
        lazy("Perché non si può aspettare il piano"),
        most=2000,
        description=lazy("Solo in emergenza. Il piano va concordato entro 30 giorni: quel giorno te lo ricordiamo."),
    )


class SuspendForm(MoveForm):
    reason = LongText(lazy("Motivo"), [Required(lazy("Scrivi il motivo in una frase."))], most=2000)
    until = Day(
        lazy("Fino al"),
        [Required(lazy("Scrivi fino a quando."))],
        description=lazy("Il caso non si chiude da solo: quel giorno qualcuno controlla."),
    )
    checked_by_id = Choice(lazy("Chi controlla quel giorno"), [Required(lazy("Scegli chi controlla."))], coerce=int)

    def offer(self, holders, holder_id):
        self.checked_by_id.set([("", lazy("Scegli…")), *holders])
        if not self.checked_by_id.raw_data:
            self.checked_by_id.data = holder_id


class BeginClosingForm(MoveForm):
    outcome = Choice(
        lazy("Esito"), [Required(lazy("Scegli l'esito."))], choices=[("", lazy("Scegli…")), *OUTCOMES.items()]
    )
    note = LongText(
        lazy("Com'è andata"),
        [Required(lazy("Scrivi com'è andata, anche in una riga."))],
        description=lazy("Che cosa è cambiato, che cosa resta, che cosa serve sapere se la persona torna."),
    )


class ApproveClosingForm(MoveForm):
    asked = HiddenField(validators=[Regexp(r"\d{0,12}$")])


FORMS = {
    "receive": ReceiveForm,
    "refuse": RefuseForm,
    "assess": MoveForm,
    "activate": ActivateForm,
    "suspend": SuspendForm,
    "resume": MoveForm,
    "begin_closing": BeginClosingForm,
    "withdraw_closing": ReasonForm,
    "approve_closing": ApproveClosingForm,
    "reopen": ReasonForm,
}
# What the move means, in one sentence above the form.
MEANINGS = {
    "receive": lazy(
        "La persona viene accolta: sa come trattate i suoi dati e qualcuno la segue, oppure aspetta sapendolo."
    ),
    "refuse": lazy("Il caso si chiude come «non accolto». Se la persona torna si può riaprire."),
    "assess": lazy("Comincia la valutazione: colloqui, bisogni, storia. Finisce con un piano concordato."),
    "activate": lazy("Il lavoro sul piano comincia."),
    "suspend": lazy("Il lavoro si ferma per un po', con una data in cui qualcuno controlla."),
    "resume": lazy("Il lavoro riprende da dove si era fermato."),
    "begin_closing": lazy("Si propone di chiudere. Il caso resta aperto finché qualcuno approva."),
    "withdraw_closing": lazy("La chiusura non va bene: il lavoro continua."),
    "approve_closing": lazy("Il caso si chiude. Si può leggere, aggiungere una nota e riaprire."),
    "reopen": lazy("Comincia un nuovo percorso. Quello di prima resta com'era, con il suo esito."),
}
SAID = {
    "receive": lazy("Caso accolto."),
    "refuse": lazy("Caso non accolto."),
    "assess": lazy("Valutazione avviata."),
    "activate": lazy("Caso in corso."),
    "suspend": lazy("Caso sospeso."),
    "resume": lazy("Lavoro ripreso."),
    "begin_closing": lazy("Chiusura proposta."),
    "withdraw_closing": lazy("Il lavoro continua."),
    "approve_closing": lazy("Caso chiuso."),
    "reopen": lazy("Caso riaperto."),
}
