"""Shape of a reminder."""

from core.forms import Choice, Day, Form, Required, Text
from core.i18n import lazy


class TodoForm(Form):
    """What, by when, who."""

    what = Text(lazy("Che cosa c'è da fare"), [Required()])
    due_on = Day(lazy("Entro il"), [Required()])
    owner_id = Choice(lazy("Chi se ne occupa"), [Required()], coerce=int)
