"""What can be typed about the cooperative."""

import wtforms
from wtforms import validators

from core.forms import Choice, Day, Form, Keys, LongText, Required, Several, Text
from core.i18n import lazy
from models.account import ROLES, SENIORITY

A_MAIL = validators.Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", message=lazy("Controlla l'indirizzo: nome@esempio.it."))


def mail():
    return Text(lazy("E-mail"), [validators.Optional(), A_MAIL], most=120)


class OrganisationForm(Form):
    name = Text(lazy("Nome"), [Required()], most=120)
    address = Text(lazy("Indirizzo"))
    town = Text(lazy("CAP e città"), most=80)
    phone = Text(lazy("Telefono"), most=60)
    email = mail()
    hours = Text(
        lazy("Quando rispondete"),
        most=120,
        description=lazy("Per i fogli che restano alla persona: per esempio da lunedì a venerdì, 9–13."),
    )
    letterhead_note = Text(
        lazy("Riga in più sulla carta intestata"), description=lazy("Per esempio partita IVA, albo, orari.")
    )
    privacy_notice = LongText(
        lazy("Informativa privacy"), description=lazy("Il testo che si consegna prima di accogliere una persona.")
    )
    privacy_notice_version = Text(
        lazy("Versione dell'informativa"),
        [Required()],
        most=20,
        description=lazy("Resta scritta accanto a ogni consegna: cambiala quando cambia il testo."),
    )
    two_for_closing = wtforms.BooleanField(
        lazy("Un caso si chiude in due"),
        description=lazy("Chi chiede la chiusura non può approvarla da solo: lo fa un collega senior o chi coordina."),
    )


class LogoForm(Form):
    logo = wtforms.FileField(
        lazy("Immagine"),
        [Required(lazy("Scegli un file."))],
        description=lazy("PNG o JPEG, fino a 4 MB. Sta bene larga il doppio di quanto è alta."),
    )


class NameForm(Form):
    name = Text(lazy("Nome"), [Required()], most=80)


class AccountForm(Form):
    name = Text(lazy("Nome e cognome"), [Required()], most=120)
    profession = Text(
        lazy("Professione"), most=80, description=lazy("Per esempio assistente sociale, educatrice, orientatore.")
    )
    phone = Text(lazy("Telefono"), most=40)
    email = mail()
    role_names = Several(lazy("Che cosa fa"), choices=ROLES.items())
    team_ids = Several(
        lazy("Équipe"), coerce=int, description=lazy("Vede i casi delle sue équipe, e quelli di cui è titolare.")
    )
    seniority = Keys(
        lazy("Esperienza"),
        [Required()],
        choices=SENIORITY.items(),
        default="senior",
        description=lazy("Per chiudere un caso, chi è junior chiede il visto a un collega."),
    )


class NewAccountForm(AccountForm):
    username = Text(
        lazy("Nome utente"),
        [
            Required(),
            validators.Regexp(
                r"[A-Za-z0-9][A-Za-z0-9._-]*\Z", message=lazy("Solo lettere senza accento, cifre, punti e trattini.")
            ),
        ],
        most=60,
        description=lazy("Con questo entra: per esempio giulia.ferraris."),
    )


class AuditFilterForm(Form):
    who = Choice(lazy("Collega"), coerce=int)
    kind = Choice(lazy("Che cosa"))
    since = Day(lazy("Dal giorno"))
    until = Day(lazy("Al giorno"))
