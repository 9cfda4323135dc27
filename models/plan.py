"""Needs and the plan agreed with the person: versions that are frozen when agreed, goals, actions with one owner each."""

import hashlib
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import lazy

from .account import User
from .case import Case

NEED_CATEGORIES = {
    "work": lazy("Lavoro"),
    "training": lazy("Formazione"),
    "language": lazy("Lingua"),
    "mobility": lazy("Spostarsi"),
    "care": lazy("Cura dei familiari"),
    "money": lazy("Denaro"),
    "housing": lazy("Casa"),
    "health": lazy("Salute"),
    "documents": lazy("Documenti"),
    "network": lazy("Relazioni"),
    "skills": lazy("Competenze"),
    "other": lazy("Altro"),
}
NEED_PRIORITIES = {1: lazy("Prima di tutto"), 2: lazy("Importante"), 3: lazy("Quando si può")}
DIRECTIONS = {"inner": lazy("Lavorare su di sé"), "outer": lazy("Servizi, imprese, rete"), "both": lazy("Entrambe")}
NEED_STATES = {
    "open": lazy("Aperto"),
    "working": lazy("Ci lavoriamo"),
    "met": lazy("Soddisfatto"),
    "unmet": lazy("Non si può soddisfare"),
}
WANTED_BY = {"person": lazy("La persona"), "service": lazy("Il servizio"), "both": lazy("Insieme")}
AGREED_HOW = {"signature": lazy("Con firma"), "minutes": lazy("A verbale"), "spoken": lazy("A voce")}
OWNER_KINDS = {"user": lazy("Un collega"), "person": lazy("La persona"), "other": lazy("Qualcun altro")}
ACTION_STATES = {"open": lazy("Da fare"), "done": lazy("Fatta"), "dropped": lazy("Annullata")}


class Need(db.Model):
    """A need of the person: how urgent, and where help may come from."""

    __tablename__ = "need"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), index=True)
    category: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(300))
    priority: Mapped[int] = mapped_column(default=2)
    direction: Mapped[str | None] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="open")
    found_on: Mapped[date]
    found_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    version: Mapped[int] = mapped_column(default=1)
    case: Mapped[Case] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def visible_to(cls, user):
        return select(cls).join(Case, Case.id == cls.case_id).where(Case.VISIBLE).params(**user.scope)

    @classmethod
    def find_out(cls, case, *, by, **fields) -> "Need":
        row = cls(case_id=case.id, found_on=clock.today(), found_by_id=by.id, **fields)
        db.session.add(row)
        return row

    def edit(self, **fields) -> None:
        for name, value in fields.items():
            setattr(self, name, value)


class Plan(db.Model):
    """One version of the plan. A draft may change; once agreed it is frozen, and a change starts the next version."""

    __tablename__ = "plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id))
    number: Mapped[int]
    purpose: Mapped[str | None] = mapped_column(String(200))  # in one sentence, in the person's words if possible
    reason: Mapped[str | None] = mapped_column(String(300))  # why this version replaces the one before
    review_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    agreed_how: Mapped[str | None] = mapped_column(String(10))
    agreed_with: Mapped[str | None] = mapped_column(String(200))
    current: Mapped[bool] = mapped_column(default=False)  # the agreed version that holds today
    created_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    case: Mapped[Case] = relationship(lazy="raise")
    goals: Mapped[list["Goal"]] = relationship(lazy="raise", back_populates="plan", order_by="Goal.position")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("uq_plan_number", "case_id", "number", unique=True),
        Index(
            "uq_plan_current",
            "case_id",
            unique=True,
            sqlite_where=db.text("current"),
            postgresql_where=db.text("current"),
        ),
        Index(
            "uq_plan_draft",
            "case_id",
            unique=True,
            sqlite_where=db.text("agreed_on IS NULL"),
            postgresql_where=db.text("agreed_on IS NULL"),
        ),
    )

    @classmethod
    def visible_to(cls, user):
        return select(cls).join(Case, Case.id == cls.case_id).where(Case.VISIBLE).params(**user.scope)

    @classmethod
    def draft(cls, case, *, by, reason=None) -> "Plan":
        """The draft of the next version: what is there already, or a copy of the agreed one to change."""
        if case.closed:
            raise Refused(lazy("Il caso è chiuso: il piano non si può cambiare."))
        db.session.refresh(case, with_for_update=True)  # two who open a draft at once get the same one
        open_draft = db.session.scalar(select(cls).where(cls.case_id == case.id, cls.agreed_on.is_(None)))
        if open_draft:
            return open_draft
        last = db.session.scalar(select(cls).where(cls.case_id == case.id).order_by(cls.number.desc()).limit(1))
        if last and not reason:
            raise Refused(lazy("Scrivi perché il piano cambia: resta scritto accanto alla nuova versione."), "reason")
        plan = cls(case_id=case.id, number=last.number + 1 if last else 1, reason=reason, created_by_id=by.id)
        if last:
            plan.purpose, plan.review_on = last.purpose, last.review_on
        db.session.add(plan)
        db.session.flush()
        if last:
            plan._copy_goals(last)
        return plan

    def _copy_goals(self, last):
        for goal in db.session.scalars(select(Goal).where(Goal.plan_id == last.id).order_by(Goal.position)):
            copy = Goal(plan_id=self.id, **{n: getattr(goal, n) for n in (*GOAL_TEXTS, "position")}, follows_id=goal.id)
            db.session.add(copy)
            db.session.flush()
            for action in db.session.scalars(select(Action).where(Action.goal_id == goal.id).order_by(Action.id)):
                if action.state != "dropped":
                    kept = {n: getattr(action, n) for n in (*ACTION_TEXTS, "state", "done_on")}
                    db.session.add(Action(goal_id=copy.id, follows_id=action.id, **kept))
        db.session.flush()

    def edit(self, **fields) -> None:
        self.need_draft()
        for name, value in fields.items():
            setattr(self, name, value)

    def agree(self, case, *, by, agreed_on, agreed_how, agreed_with=None, review_on=None, seen=None) -> None:
        """Freeze this version: agreed when and how; it takes the place of the earlier one.

        `seen` is the `stamp` of what was on the screen: nobody agrees to what a colleague changed meanwhile.
        """
        self.need_draft()
        if seen is not None and seen != self.stamp():
            raise Refused(lazy("Mentre leggevi, un collega ha cambiato la bozza: rileggila qui sotto, poi conferma."))
        if not agreed_on or agreed_on > clock.today():
            raise Refused(lazy("Scrivi quando il piano è stato concordato: oggi o un giorno passato."), "agreed_on")
        if agreed_how not in AGREED_HOW:
            raise Refused(lazy("Scegli come è stato concordato."), "agreed_how")
        if review_on and review_on <= agreed_on:
            raise Refused(lazy("La verifica si fa dopo il giorno dell'accordo."), "review_on")
        goals = db.session.scalars(select(Goal).where(Goal.plan_id == self.id)).all()
        if not goals:
            raise Refused(lazy("Un piano concordato ha almeno un obiettivo: aggiungilo prima."))
        for goal in goals:
            if missing := goal.missing():
                raise Refused(
                    lazy(
                        "All'obiettivo «%(title)s» manca: %(what)s.",
                        title=goal.title,
                        what=", ".join(map(str, missing)),
                    )
                )
        for old in db.session.scalars(select(Plan).where(Plan.case_id == self.case_id, Plan.current.is_(True))):
            old.current = False
        db.session.flush()
        self.agreed_on, self.agreed_how, self.agreed_with, self.review_on, self.current = (
            agreed_on,
            agreed_how,
            agreed_with,
            review_on,
            True,
        )
        case.refresh_next()

    def stamp(self) -> str:
        """A short text that changes when anything of this version does."""
        goals = db.session.execute(select(Goal.id, Goal.version).where(Goal.plan_id == self.id).order_by(Goal.id)).all()
        actions = select(Action.id, Action.version).join(Goal, Goal.id == Action.goal_id).where(Goal.plan_id == self.id)
        parts = [self.version, *map(tuple, goals), 0, *map(tuple, db.session.execute(actions.order_by(Action.id)))]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def need_draft(self):
        if self.agreed_on:
            raise Refused(lazy("Questa versione è concordata e non si cambia più: apri una nuova versione."))


GOAL_TEXTS = ("title", "own_words", "wanted_by", "indicator", "baseline", "target", "due_on", "need_id")
ACTION_TEXTS = ("what", "owner_kind", "owner_id", "owner_name", "due_on")


class Goal(db.Model):
    """What shall be different: how it is seen, from what to what, by when, who wants it."""

    __tablename__ = "goal"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey(Plan.id), index=True)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey(Need.id))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    own_words: Mapped[str | None] = mapped_column(String(300))
    wanted_by: Mapped[str | None] = mapped_column(String(10))
    indicator: Mapped[str | None] = mapped_column(String(200))
    baseline: Mapped[str | None] = mapped_column(String(120))
    target: Mapped[str | None] = mapped_column(String(120))
    due_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    plan: Mapped[Plan] = relationship(lazy="raise", back_populates="goals")
    actions: Mapped[list["Action"]] = relationship(lazy="raise", back_populates="goal", order_by="Action.id")
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def visible_to(cls, user):
        return (
            select(cls)
            .join(Plan, Plan.id == cls.plan_id)
            .join(Case, Case.id == Plan.case_id)
            .where(Case.VISIBLE)
            .params(**user.scope)
        )

    @classmethod
    def add(cls, plan, **fields) -> "Goal":
        plan.need_draft()
        last = db.session.scalar(select(func.max(cls.position)).where(cls.plan_id == plan.id))
        goal = cls(plan_id=plan.id, position=(last or 0) + 1, **fields)
        db.session.add(goal)
        db.session.flush()
        return goal

    def edit(self, plan, **fields) -> None:
        plan.need_draft()
        for name, value in fields.items():
            setattr(self, name, value)

    def remove(self, plan) -> None:
        """Take it out of the draft; agreed versions keep it."""
        plan.need_draft()
        for action in db.session.scalars(select(Action).where(Action.goal_id == self.id)):
            db.session.delete(action)
        db.session.flush()
        db.session.delete(self)

    def missing(self) -> list[str]:
        """What an agreed goal still needs, in words."""
        needed = (
            ("wanted_by", lazy("chi lo vuole")),
            ("indicator", lazy("come si vede")),
            ("baseline", lazy("da dove si parte")),
            ("target", lazy("dove si arriva")),
            ("due_on", lazy("entro quando")),
        )
        return [label for name, label in needed if not getattr(self, name)]


class Action(db.Model):
    """A step towards a goal. Exactly one owner: a colleague, the person, or somebody named."""

    __tablename__ = "plan_action"
    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey(Goal.id), index=True)
    what: Mapped[str] = mapped_column(String(200))
    owner_kind: Mapped[str] = mapped_column(String(10))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    owner_name: Mapped[str | None] = mapped_column(String(120))
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default="open")
    done_on: Mapped[date | None]
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("plan_action.id"))  # the same step in the version before
    version: Mapped[int] = mapped_column(default=1)
    goal: Mapped[Goal] = relationship(lazy="raise", back_populates="actions")
    owner: Mapped[User | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint(
            "(owner_kind = 'user' AND owner_id IS NOT NULL AND owner_name IS NULL) OR (owner_kind = 'person' AND owner_id IS NULL AND owner_name IS NULL)"
            " OR (owner_kind = 'other' AND owner_id IS NULL AND owner_name IS NOT NULL)",
            name="one_owner",
        ),
        CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        Index("ix_plan_action_owner", "owner_id", "state", "due_on"),
    )

    @classmethod
    def visible_to(cls, user):
        joined = (
            select(cls)
            .join(Goal, Goal.id == cls.goal_id)
            .join(Plan, Plan.id == Goal.plan_id)
            .join(Case, Case.id == Plan.case_id)
        )
        return joined.where(Case.VISIBLE).params(**user.scope)

    @classmethod
    def add(cls, plan, goal, *, what, owner_kind, owner_id=None, owner_name=None, due_on=None) -> "Action":
        plan.need_draft()
        action = cls(goal_id=goal.id, what=what, **cls.one_owner(owner_kind, owner_id, owner_name), due_on=due_on)
        db.session.add(action)
        return action

    def edit(self, plan, *, what, owner_kind, owner_id=None, owner_name=None, due_on=None) -> None:
        plan.need_draft()
        for name, value in {"what": what, "due_on": due_on, **self.one_owner(owner_kind, owner_id, owner_name)}.items():
            setattr(self, name, value)

    @staticmethod
    def one_owner(kind, user_id, name) -> dict:
        """The owner's columns, with exactly one filled. Raises Refused when nobody, or nobody named, owns it."""
        if kind == "user" and not user_id:
            raise Refused(lazy("Scegli il collega che se ne occupa."), "owner_id")
        if kind == "other" and not name:
            raise Refused(lazy("Scrivi chi se ne occupa."), "owner_name")
        if kind not in OWNER_KINDS:
            raise Refused(lazy("Ogni azione ha una persona che se ne occupa: scegli chi."), "owner_kind")
        return {
            "owner_kind": kind,
            "owner_id": user_id if kind == "user" else None,
            "owner_name": name if kind == "other" else None,
        }

    def remove(self, plan) -> None:
        """Take it out of the draft; agreed versions keep it."""
        plan.need_draft()
        db.session.delete(self)

    def set_state(self, case, state) -> None:
        """Done, dropped or open again: allowed on the agreed plan that holds, it is what happened.

        The same step in the draft of the next version follows, so that agreeing it later forgets nothing.
        """
        if state not in ACTION_STATES:
            raise Refused(lazy("Scegli una delle voci."), "state")
        plan = db.session.scalar(select(Plan).join(Goal, Goal.plan_id == Plan.id).where(Goal.id == self.goal_id))
        if plan.agreed_on and not plan.current:
            raise Refused(lazy("Questa versione è superata e resta com'era: segna l'azione in quella che vale oggi."))
        for action in (self, *self._same_step(state)):
            if action.state != state:
                action.state, action.done_on = state, clock.today() if state == "done" else None
        case.refresh_next()

    def _same_step(self, state):
        """This step in the other version that is alive; dropping it in a draft changes nothing in what was agreed."""
        alive = (
            select(Action)
            .join(Goal, Goal.id == Action.goal_id)
            .join(Plan, Plan.id == Goal.plan_id)
            .where(or_(Plan.agreed_on.is_(None), Plan.current.is_(True)))
        )
        later = db.session.scalars(alive.where(Action.follows_id == self.id)).all()
        if state == "dropped" or self.follows_id is None:
            return later
        return [*later, *db.session.scalars(alive.where(Action.id == self.follows_id))]
