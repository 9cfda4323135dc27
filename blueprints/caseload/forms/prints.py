"""What goes on the printed summary: travels in the address, so that a paper can be made again as it was."""

from wtforms import BooleanField, SelectMultipleField, ValidationError

from core.forms import Day, Form
from core.i18n import lazy


class SummaryForm(Form):
    section = SelectMultipleField(lazy("Sezioni"))
    since = Day(lazy("Dal"), description=lazy("Vuoto: dall'inizio."))
    until = Day(lazy("Al"), description=lazy("Vuoto: fino a oggi e oltre."))
    names = BooleanField(
        lazy("Con i nomi di altre persone"),
        description=lazy(
            "Familiari, presenti, chi è fuori dalla cooperativa. Senza, resta il ruolo. I nomi scritti dentro i testi "
            "non si tolgono da soli: rileggi prima di consegnare."
        ),
    )

    def validate_section(self, field):
        if not field.data:
            raise ValidationError(lazy("Scegli almeno una sezione."))

    def validate_until(self, field):
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(lazy("Questa data viene prima dell'inizio."))
