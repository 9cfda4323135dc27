"""Who holds the case: given, or put back among those that wait."""

from core.forms import Choice, Form, LongText, Required
from core.i18n import lazy


class AssignmentForm(Form):
    holder_id = Choice(lazy("Nuovo titolare"), [Required(lazy("Scegli a chi va il caso."))], coerce=int)
    reason = LongText(
        lazy("Motivo"),
        [Required(lazy("Scrivi il motivo in una frase."))],
        most=300,
        description=lazy("Lo leggono chi lascia il caso e chi lo prende."),
    )


class ReleaseForm(Form):
    reason = LongText(
        lazy("Motivo"),
        [Required(lazy("Scrivi il motivo in una frase."))],
        most=300,
        description=lazy("Lo legge chi coordina e chi prenderà il caso."),
    )
