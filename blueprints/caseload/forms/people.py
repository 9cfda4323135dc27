"""The forms of people: the first few facts, then all the rest, and the household."""

from wtforms import BooleanField
from wtforms.validators import Optional, Regexp, ValidationError

from core import clock
from core.forms import Choice, Day, Form, Required, Text
from core.i18n import lazy
from models.household import RELATIONS
from models.person import GENDERS, ITALIAN_LEVELS, PERMIT_KINDS

from .cases import CaseNewForm

WHO = ("first_name", "last_name", "born_on", "tax_code", "phone")


def _unknown(table):
    return [("", lazy("Non indicato")), *((value, label) for value, label in table.items() if value != "n")]


class _Birth:
    def validate_born_on(self, field):
        if field.data and field.data > clock.today():
            raise ValidationError(lazy("La data di nascita non può essere nel futuro."))


class PersonNewForm(_Birth, CaseNewForm):
    """Who she is, then her first case. Nothing but the name is compulsory of a person."""

    first_name = Text(lazy("Nome"), [Required(lazy("Scrivi il nome."))], most=80)
    last_name = Text(lazy("Cognome"), [Required(lazy("Scrivi il cognome."))], most=80)
    born_on = Day(lazy("Data di nascita"))
    tax_code = Text(
        lazy("Codice fiscale"), most=20, description=lazy("Se c'è: 16 lettere e cifre, o 11 cifre se è provvisorio.")
    )
    phone = Text(lazy("Telefono"), most=40)
    not_double = Text(most=400)
    is_training = BooleanField(
        lazy("È un caso di prova"),
        description=lazy("Una persona inventata, per imparare: non entra nei conteggi né nelle ricerche."),
    )

    def settled(self, doubles) -> bool:
        """Whether who sends the form has looked at everybody who may be the same person."""
        if self.is_training.data or doubles.settled_by(self.not_double.data):
            return True
        self.not_double.errors = [lazy("Guarda prima qui sopra: se è un'altra persona, metti il segno.")]
        return False

    def verb_values(self):
        """The person's fields and the case's, apart."""
        values = self.values()
        values.pop("not_double")
        person = {name: values.pop(name) for name in (*WHO, "is_training")}
        return person, values


class PersonForm(_Birth, Form):
    """Identity as Italian offices need it. `SECTIONS` is the order on the page."""

    first_name = Text(lazy("Nome"), [Required(lazy("Scrivi il nome."))], most=80)
    last_name = Text(lazy("Cognome"), [Required(lazy("Scrivi il cognome."))], most=80)
    known_as = Text(lazy("Come si fa chiamare"), most=80)
    gender = Choice(lazy("Genere"), choices=_unknown(GENDERS))
    born_on = Day(lazy("Data di nascita"))
    birth_place = Text(lazy("Luogo di nascita"), most=80)
    tax_code = Text(lazy("Codice fiscale"), most=20)
    citizenship = Text(lazy("Cittadinanza"), most=80)
    permit_kind = Choice(
        lazy("Permesso di soggiorno"), choices=[("", lazy("Non serve o non indicato")), *PERMIT_KINDS.items()]
    )
    permit_expires_on = Day(lazy("Il permesso scade il"))
    residence = Text(lazy("Residenza: via e numero"), most=200, description=lazy("Dove è iscritta all'anagrafe."))
    residence_town = Text(lazy("Comune di residenza"), most=80)
    domicile = Text(lazy("Domicilio: via e numero"), most=200, description=lazy("Solo se vive altrove."))
    domicile_town = Text(lazy("Comune di domicilio"), most=80)
    languages = Text(lazy("Lingue che parla"), most=120)
    italian = Choice(lazy("Italiano"), choices=_unknown(ITALIAN_LEVELS))
    mediator_language = Text(
        lazy("Serve un mediatore in"), most=60, description=lazy("La lingua; vuoto se non serve nessun mediatore.")
    )
    phone = Text(lazy("Telefono"), most=40)
    phone_2 = Text(lazy("Altro telefono"), most=40)
    email = Text(
        lazy("E-mail"),
        [Optional(), Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message=lazy("Questo indirizzo e-mail non torna."))],
        most=120,
    )
    may_call = BooleanField(lazy("Si può chiamare"))
    may_write = BooleanField(lazy("Si può scrivere"))
    may_leave_message = BooleanField(lazy("Si può lasciare un messaggio a chi risponde"))
    contact_note = Text(lazy("Quando e come contattarla"), most=200)

    SECTIONS = (
        (lazy("Chi è"), ("first_name", "last_name", "known_as", "gender", "born_on", "birth_place", "tax_code")),
        (lazy("Cittadinanza"), ("citizenship", "permit_kind", "permit_expires_on")),
        (lazy("Dove abita"), ("residence", "residence_town", "domicile", "domicile_town")),
        (lazy("Lingue"), ("languages", "italian", "mediator_language")),
        (
            lazy("Come si raggiunge"),
            ("phone", "phone_2", "email", "contact_note", "may_call", "may_write", "may_leave_message"),
        ),
    )


class HouseholdForm(_Birth, Form):
    name = Text(lazy("Nome e cognome"), [Required(lazy("Scrivi il nome."))], most=120)
    relation = Choice(
        lazy("Che cosa è per la persona"),
        [Required(lazy("Scegli una delle voci."))],
        choices=[("", lazy("Scegli…")), *RELATIONS.items()],
    )
    born_on = Day(lazy("Data di nascita"))
    since = Day(lazy("Nel nucleo dal"))
    lives_with = BooleanField(lazy("Vive con la persona"), default=True)
    note = Text(lazy("Da sapere"), most=200)
