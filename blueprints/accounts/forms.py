"""What is typed to get in, and about oneself."""

from wtforms import PasswordField
from wtforms.validators import EqualTo

from core.forms import Form, Keys, Required, Text, length
from core.i18n import LANGUAGES, lazy
from models.account import THEMES


class SignInForm(Form):
    username = Text(lazy("Nome utente"), [Required()])
    password = PasswordField(lazy("Password"), [Required(), length(1000)])


class PreferencesForm(Form):
    locale = Keys(lazy("Lingua"), [Required()], choices=list(LANGUAGES.items()))
    theme = Keys(lazy("Aspetto"), [Required()], choices=list(THEMES.items()))


class PasswordForm(Form):
    """Every name begins with "password": a form whose session ended is kept without them."""

    password_now = PasswordField(lazy("Password di adesso"), [Required(), length(1000)])
    password = PasswordField(
        lazy("Password nuova"),
        [Required(), length(1000)],
        description=lazy("Almeno 10 caratteri: tre parole che ricordi vanno bene."),
    )
    password_again = PasswordField(
        lazy("Ancora la password nuova"), [Required(), EqualTo("password", lazy("Le due password nuove sono diverse."))]
    )
