"""Shape of the care team."""

from core.forms import Choice, Form, Text
from core.i18n import lazy


class MemberForm(Form):
    """A colleague or somebody outside, with what they do for the person."""

    user_id = Choice(lazy("Un collega"), coerce=int, description=lazy("Potrà aprire il fascicolo."))
    outsider = Text(
        lazy("Oppure qualcuno fuori dalla cooperativa"),
        most=120,
        description=lazy("Nome e ente, per esempio: dott.ssa Riva, CSM di Forlì. Non vede il fascicolo."),
    )
    role = Text(lazy("Che cosa fa per la persona"), most=80)
