"""The plan: its draft, its goals and actions, the day it is agreed."""

from wtforms import HiddenField

from core.forms import Choice, Day, Form, Keys, Required, Text
from core.i18n import lazy
from models.plan import ACTION_STATES, AGREED_HOW, WANTED_BY


class PlanForm(Form):
    purpose = Text(
        lazy("A che cosa serve il piano"),
        description=lazy("In una frase, con le parole della persona. Puoi lasciarlo per dopo."),
    )


class PlanRevisionForm(PlanForm):
    reason = Text(
        lazy("Perché il piano cambia"),
        [Required(lazy("Scrivi perché il piano cambia: resta scritto accanto alla nuova versione."))],
        most=300,
        description=lazy(
            "Resta scritto accanto alla nuova versione. Quella di prima si può sempre rileggere e stampare."
        ),
    )


class GoalForm(Form):
    title = Text(
        lazy("Obiettivo"),
        [Required()],
        description=lazy("Che cosa sarà diverso. Per esempio: lavorare in cucina, 20 ore la settimana."),
    )
    own_words = Text(
        lazy("Con le sue parole"), most=300, description=lazy("Come lo dice la persona: sarà tra virgolette.")
    )
    wanted_by = Keys(lazy("Chi lo vuole"), choices=WANTED_BY.items())
    need_id = Choice(lazy("Risponde al bisogno"), coerce=int)
    indicator = Text(lazy("Come si vede"), description=lazy("Che cosa si conta: ore di lavoro, esami superati."))
    baseline = Text(lazy("Da dove si parte"), most=120, description=lazy("Per esempio: 0 ore."))
    target = Text(lazy("Dove si arriva"), most=120, description=lazy("Per esempio: 20 ore."))
    due_on = Day(lazy("Entro quando"))


class ActionForm(Form):
    """An action and its one owner: `who` is "person", "other" or "user:" and the colleague's id."""

    what = Text(lazy("Che cosa si fa"), [Required()], description=lazy("Un passo che si può spuntare."))
    who = Choice(lazy("Chi se ne occupa"), [Required(lazy("Ogni azione ha una persona che se ne occupa: scegli chi."))])
    owner_name = Text(
        lazy("Se è qualcun altro, chi"), most=120, description=lazy("Nome e ente, per esempio: Paola Neri, Comune.")
    )
    due_on = Day(lazy("Entro quando"))

    @staticmethod
    def owner_of(action) -> str:
        """What the list of owners says of an action."""
        return f"user:{action.owner_id}" if action.owner_kind == "user" else action.owner_kind

    def saved_values(self, action):
        return {"who": self.owner_of(action)}

    def values(self):
        given = super().values()
        kind, _colon, user_id = given.pop("who").partition(":")
        if kind != "other":
            given["owner_name"] = None
        return {**given, "owner_kind": kind, "owner_id": int(user_id) if user_id else None}


class ActionStateForm(Form):
    state = Keys(lazy("Stato"), [Required()], choices=ACTION_STATES.items())


class AgreeForm(Form):
    agreed_on = Day(lazy("Quando"), [Required()])
    agreed_how = Keys(lazy("Come"), [Required()], choices=AGREED_HOW.items())
    agreed_with = Text(
        lazy("Con chi"), description=lazy("Chi era presente, per esempio: Amina, la figlia, l'assistente sociale.")
    )
    review_on = Day(lazy("Verifica"), description=lazy("Il giorno in cui si guarda insieme come va. Finirà in Oggi."))
    seen = HiddenField()
