"""Shapes of appointments."""

from core import clock
from core.forms import Choice, Clock, Day, Form, Keys, Minutes, Required, Text, instant
from core.i18n import lazy
from models.appointment import ENDS, KINDS, OUTCOMES


class MoveForm(Form):
    """Another time."""

    on = Day(lazy("Giorno"), [Required()])
    hour = Clock(lazy("Ora"), [Required()])

    @staticmethod
    def saved_values(appointment) -> dict:
        """What the boxes say of an appointment that is saved."""
        wall = clock.local(appointment.starts_at)
        return {"on": wall.date(), "hour": wall.time()}

    def values(self):
        said = super().values()
        said["starts_at"] = instant(said.pop("on"), said.pop("hour"))
        return said


class AppointmentForm(MoveForm):
    """When, how long, who, where, what for."""

    minutes = Minutes(lazy("Durata in minuti"), [Required()], default=45)
    kind = Keys(lazy("Tipo"), [Required()], choices=list(KINDS.items()), default="interview")
    user_id = Choice(lazy("Con chi di noi"), [Required()], coerce=int)
    purpose = Text(lazy("Per che cosa"), description=lazy("La persona lo può leggere: parole semplici."))
    place = Text(lazy("Dove"), most=120)
    link = Text(lazy("Collegamento per la videochiamata"), most=300)
    with_whom = Text(lazy("Chi altro c'è"), most=120)


class OutcomeForm(Form):
    """What came of it, in one tap."""

    outcome = Keys(lazy("Com'è andata"), [Required()], choices=[(name, OUTCOMES[name]) for name in ENDS])
