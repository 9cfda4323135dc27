"""The cooperative on its first day."""

from wtforms import BooleanField, FileField, PasswordField
from wtforms.validators import Optional, Regexp

from access.passwords import hash_password, must_be_good
from core.errors import Refused
from core.forms import Form, LongText, Required, Text, length
from core.i18n import lazy

USERNAME = Regexp(r"^[\w.\-]+$", message=lazy("Solo lettere, numeri, punto e trattino, senza spazi."))
SERVICES = "Inserimento lavorativo\nSportello di ascolto\nAccompagnamento all'abitare"


class CodeForm(Form):
    code = Text(lazy("Codice"), [Required()], most=40)


class HouseForm(Form):
    name = Text(lazy("Nome della cooperativa"), [Required()], most=120)
    address = Text(lazy("Indirizzo"))
    town = Text(lazy("CAP e città"), most=80)
    phone = Text(lazy("Telefono"), most=60)
    email = Text(lazy("E-mail"), [Optional(), Regexp(r"^\S+@\S+$", message=lazy("Controlla l'indirizzo."))], most=120)
    logo = FileField(
        lazy("Logo"), description=lazy("PNG o JPEG, al massimo 3 MB. Va in testa alle stampe. Si può aggiungere dopo.")
    )
    admin_name = Text(lazy("Nome e cognome"), [Required()], most=120, description=lazy("Come lo leggono i colleghi"))
    admin_username = Text(
        lazy("Nome utente"), [Required(), USERNAME], most=60, description=lazy("Per esempio nome.cognome")
    )
    admin_password = PasswordField(
        lazy("Password"),
        [Required(), length(1000)],
        description=lazy("Almeno 10 caratteri: tre parole che ricordi vanno bene."),
    )
    services = LongText(
        lazy("Servizi"),
        [Required()],
        most=4000,
        default=SERVICES,
        description=lazy("Uno per riga. Cancella quelli che non avete: si cambiano quando volete."),
    )
    team = Text(lazy("Nome dell'équipe"), [Required()], most=80, default="Équipe")
    worker_name = Text(
        lazy("Nome e cognome"), [Required()], most=120, description=lazy("Come lo leggono i colleghi e le persone")
    )
    worker_username = Text(
        lazy("Nome utente"), [Required(), USERNAME], most=60, description=lazy("Per esempio nome.cognome")
    )
    worker_password = PasswordField(
        lazy("Prima password"),
        [Required(), length(1000)],
        description=lazy("La cambierà al primo accesso: dalle questa a voce o su un foglio."),
    )
    coordinates = BooleanField(lazy("Coordina anche l'équipe"), default=True)

    def founding(self) -> dict:
        """What `Organisation.found` takes: passwords hashed, services in a list. Raises Refused."""
        said = {name: value for name, value in self.values().items() if not name.startswith("logo")}
        for who in ("admin", "worker"):
            said[f"{who}_password"] = self._hashed(who)
        said["services"] = self._services()
        return said

    def _hashed(self, who):
        field = f"{who}_password"
        password = self[field].data
        try:
            must_be_good(password, username=self[f"{who}_username"].data, organisation=self.name.data)
        except Refused as no:
            raise Refused(no.sentence, field) from None
        return hash_password(password)

    def _services(self):
        lines = [line.strip() for line in self.services.data.splitlines() if line.strip()]
        if any(len(line) > 80 for line in lines):
            raise Refused(lazy("Il nome di un servizio è troppo lungo: al massimo 80 caratteri."), "services")
        return list({line.casefold(): line for line in reversed(lines)}.values())[::-1]
