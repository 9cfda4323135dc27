"""A need, as it is found and as it changes."""

from core.forms import Choice, Form, Keys, Required, Text
from core.i18n import lazy
from models.plan import DIRECTIONS, NEED_CATEGORIES, NEED_PRIORITIES, NEED_STATES


class NeedForm(Form):
    description = Text(
        lazy("Di che cosa ha bisogno"),
        [Required()],
        most=300,
        description=lazy("In una frase, meglio se con le sue parole."),
    )
    category = Choice(lazy("Categoria"), [Required()], choices=[("", lazy("Scegli")), *NEED_CATEGORIES.items()])
    priority = Keys(lazy("Quanto è urgente"), [Required()], choices=NEED_PRIORITIES.items(), coerce=int)
    direction = Keys(lazy("Da dove può venire l'aiuto"), choices=DIRECTIONS.items())


class NeedEditForm(NeedForm):
    state = Keys(lazy("A che punto è"), [Required()], choices=NEED_STATES.items())
