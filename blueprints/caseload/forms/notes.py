"""Shapes of notes."""

from wtforms import BooleanField

from core import clock
from core.forms import Choice, Clock, Day, Form, Keys, LongText, Minutes, Required, Text, instant
from core.i18n import lazy
from models.note import KINDS

QUICK = (10, 15, 20, 30, 45, 60)
THEN = {  # key -> label, days from today
    "none": (lazy("Niente"), None),
    "tomorrow": (lazy("Domani"), 1),
    "week": (lazy("Tra una settimana"), 7),
    "other": (lazy("Altra data"), None),
}


class NoteEditForm(Form):
    """A note as it can be put right: text first, then what is known by itself."""

    text = LongText(lazy("Testo della nota"))
    kind = Keys(lazy("Tipo di contatto"), [Required()], choices=list(KINDS.items()))
    missed = BooleanField(lazy("Non riuscito: non ci siamo parlati"))
    quick = Keys(lazy("Minuti con la persona"), coerce=int)
    on = Day(lazy("Giorno"), [Required()])
    hour = Clock(lazy("Ora"), [Required()])
    present = Text(lazy("Chi c'era, oltre alla persona"))
    other_minutes = Minutes(lazy("Altri minuti con la persona"))
    minutes_documentation = Minutes(lazy("Scrivere e documenti"))
    minutes_coordination = Minutes(lazy("Coordinarsi con altri"))
    minutes_travel = Minutes(lazy("Spostamenti"))
    private_text = LongText(lazy("Parte riservata all'équipe"), description=lazy("Non si stampa e non si consegna."))

    def __init__(self, formdata=None, obj=None, **kwargs):
        super().__init__(formdata, obj=obj, **{**self.saved_values(obj), **kwargs})
        minutes = {*QUICK, self.quick.data, getattr(obj, "minutes_direct", None)} - {None}
        self.quick.set([(n, str(n)) for n in sorted(minutes) if 0 <= n <= 1440])

    @staticmethod
    def saved_values(note) -> dict:
        """What the boxes say of a note that is saved."""
        if note is None:
            return {}
        wall = clock.local(note.at)
        return {"on": wall.date(), "hour": wall.time(), "missed": not note.reached, "quick": note.minutes_direct}

    def values(self):
        said = super().values()
        quick, other = said.pop("quick"), said.pop("other_minutes")
        said["minutes_direct"] = quick if other is None else other
        said["reached"] = not said.pop("missed")
        said["at"] = self._same_minute(instant(said.pop("on"), said.pop("hour")))
        return said

    def _same_minute(self, at):
        """The boxes know no seconds: an hour that nobody touched is the one that was saved."""
        saved = self.row.at if self.row else None
        return saved if saved and saved.replace(second=0, microsecond=0) == at else at

    @property
    def details_open(self) -> bool:
        """Whether something stands, or is wrong, among the minutes that are folded away."""
        names = ("other_minutes", "minutes_documentation", "minutes_coordination", "minutes_travel")
        return any(self[name].data or self[name].errors for name in names)


class NoteForm(NoteEditForm):
    """A new note, with what follows from it."""

    then = Keys(lazy("E poi?"), choices=[(key, label) for key, (label, _days) in THEN.items()], default="none")
    what = Text(lazy("Che cosa fare"))
    due_on = Day(lazy("Entro il"))
    owner_id = Choice(lazy("Chi se ne occupa"), coerce=int)

    @property
    def follows(self) -> bool:
        return self.then.data not in (None, "none")

    def values(self):
        said = super().values()
        then, what, due_on, owner_id = (said.pop(name) for name in ("then", "what", "due_on", "owner_id"))
        days = THEN[then or "none"][1]
        if self.follows:
            due_on = clock.add_days(clock.today(), days) if days else due_on
            said["todo"] = {"what": what, "due_on": due_on, "owner_id": owner_id}
        return said
