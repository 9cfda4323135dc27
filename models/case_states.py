"""The life of a case: states as dated rows, guards as sentences (domain 3.1)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import lazy, ngettext

STATES = {
    "reported": lazy("Segnalato"),
    "received": lazy("Accolto"),
    "assessing": lazy("In valutazione"),
    "active": lazy("In corso"),
    "suspended": lazy("Sospeso"),
    "closing": lazy("In chiusura"),
    "closed": lazy("Chiuso"),
    "not_taken": lazy("Non accolto"),
    "reopened": lazy("Riaperto"),
}
LOOKS = {  # state: tint and symbol of its badge, the same wherever it stands
    "reported": ("", "inbox"),
    "received": ("", "door-open"),
    "assessing": (" state-looking", "circle-half"),
    "reopened": (" state-looking", "arrow-counterclockwise"),
    "active": (" state-moving", "play-circle"),
    "suspended": (" state-still", "pause-circle"),
    "closing": (" state-ending", "flag"),
    "closed": (" state-done", "check-circle"),
    "not_taken": (" state-done", "slash-circle"),
}
CLOSED = ("closed", "not_taken")
# state -> what can be done next -> the state it leads to
MOVES = {
    "reported": {"receive": "received", "refuse": "not_taken"},
    "received": {"assess": "assessing", "refuse": "not_taken"},
    "assessing": {"activate": "active", "begin_closing": "closing"},
    "active": {"suspend": "suspended", "begin_closing": "closing"},
    "suspended": {"resume": "active", "begin_closing": "closing"},
    "closing": {"approve_closing": "closed", "withdraw_closing": "active"},
    "closed": {"reopen": "reopened"},
    "not_taken": {"reopen": "reopened"},
    "reopened": {"assess": "assessing", "activate": "active"},
}
# What somebody does, as a button says it. The same words on the case page, on the board and above the form.
VERBS = {
    "receive": lazy("Accogli"),
    "refuse": lazy("Non accogliere"),
    "assess": lazy("Avvia la valutazione"),
    "activate": lazy("Metti in corso"),
    "suspend": lazy("Sospendi"),
    "resume": lazy("Riprendi"),
    "begin_closing": lazy("Avvia la chiusura"),
    "withdraw_closing": lazy("Riprendi il lavoro"),
    "approve_closing": lazy("Approva la chiusura"),
    "reopen": lazy("Riapri"),
}
OUTCOMES = {
    "permanent": lazy("Lavoro a tempo indeterminato"),
    "fixed_long": lazy("Lavoro a termine, 6 mesi o più"),
    "fixed_short": lazy("Lavoro a termine, meno di 6 mesi"),
    "internship": lazy("Tirocinio"),
    "training": lazy("Formazione"),
    "self_employed": lazy("Lavoro autonomo"),
    "referred": lazy("Invio ad altro servizio"),
    "moved": lazy("Trasferimento"),
    "gave_up": lazy("Rinuncia"),
    "unreachable": lazy("Irreperibile"),
    "limits": lazy("Limiti di età o di requisiti"),
    "health": lazy("Salute"),
    "died": lazy("Decesso"),
    "other": lazy("Altro"),
}
EMERGENCY_DAYS = 30


class Episode(db.Model):
    """One stretch of work with the person in this case, from taking in charge to closing; a reopening starts the next."""

    __tablename__ = "case_episode"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    number: Mapped[int]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    closing_note: Mapped[str | None] = mapped_column(Text)
    closing_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    __table_args__ = (Index("uq_case_episode_number", "case_id", "number", unique=True),)


class StateChange(db.Model):
    """The case entered a state: when, by whom, why; `until` is the date a suspension is checked."""

    __tablename__ = "case_state"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    episode_id: Mapped[int] = mapped_column(ForeignKey(Episode.id), index=True)
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    until: Mapped[date | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    emergency: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index(
            "uq_case_state_open",
            "case_id",
            unique=True,
            sqlite_where=db.text("ended_at IS NULL"),
            postgresql_where=db.text("ended_at IS NULL"),
        ),
        Index("ix_case_state_case", "case_id", "at"),
    )


class States:
    """Trait of Case: each verb checks its guard, closes the row of the old state and opens the new one."""

    def moves(self) -> dict:
        """What can be done from here: verb -> new state."""
        return MOVES.get(self.state, {})

    def may_move(self, verb) -> bool:
        return verb in self.moves()

    def episode(self) -> Episode:
        return db.session.scalar(
            select(Episode).where(Episode.case_id == self.id).order_by(Episode.number.desc()).limit(1)
        )

    def state_row(self) -> StateChange:
        return db.session.scalar(
            select(StateChange).where(StateChange.case_id == self.id, StateChange.ended_at.is_(None))
        )

    def receive(self, *, by, given_on, language, holder_id=None, queue=False) -> None:
        """Accolto: the privacy notice was given, and somebody holds the case or it is knowingly queued."""
        self._check("receive")
        if not given_on or given_on > clock.today():
            raise Refused(
                lazy("Scrivi quando hai consegnato l'informativa privacy: serve prima di accogliere."), "given_on"
            )
        if not (language or "").strip():
            raise Refused(lazy("Scrivi in che lingua hai consegnato l'informativa."), "language")
        if not holder_id and not queue and self.holder() is None:
            raise Refused(lazy("Scegli chi segue il caso, oppure mettilo tra i casi senza titolare."), "holder_id")
        self._note_privacy(by, given_on, language)
        if holder_id or queue:
            self.give_to(holder_id, by=by, reason=lazy_text("accoglienza"))
        self._move("received", by)

    def _note_privacy(self, by, given_on, language):
        """The notice is recorded once: the same paper of an earlier case is not a new one."""
        from .organisation import Organisation
        from .person import PrivacyNotice

        version = db.session.scalar(select(Organisation.privacy_notice_version)) or "1"
        given = {"person_id": self.person_id, "given_on": given_on, "notice_version": version, "language": language}
        if not db.session.scalar(select(PrivacyNotice.id).filter_by(**given)):
            db.session.add(PrivacyNotice(**given, given_by_id=by.id))

    def refuse(self, *, by, reason) -> None:
        """Non accolto: with the reason, which the sender may ask for."""
        self._check("refuse")
        self._need_reason(reason)
        self._need_nothing_open()
        self._end_episode(None, reason, by)
        self._move("not_taken", by, reason)

    def assess(self, *, by) -> None:
        self._check("assess")
        self._move("assessing", by)

    def has_agreed_plan(self) -> bool:
        """Whether an agreed plan with at least one goal holds today."""
        from .plan import Goal, Plan

        goals = (
            select(Goal.id)
            .join(Plan, Plan.id == Goal.plan_id)
            .where(Plan.case_id == self.id, Plan.current.is_(True), Plan.agreed_on.is_not(None))
        )
        return db.session.scalar(goals.limit(1)) is not None

    def activate(self, *, by, emergency=None) -> None:
        """In corso: needs an agreed plan with a goal; in an emergency a reason instead, to be put right in 30 days."""
        self._check("activate")
        if self.has_agreed_plan():
            emergency = None
        elif not (emergency or "").strip():
            raise Refused(
                lazy(
                    "Per passare «in corso» serve un piano concordato con almeno un obiettivo. In emergenza scrivi il motivo."
                ),
                "emergency",
            )
        until = clock.add_days(clock.today(), EMERGENCY_DAYS) if emergency else None
        self._move("active", by, emergency, until=until, emergency=bool(emergency))

    def suspend(self, *, by, reason, until, checked_by_id) -> None:
        self._check("suspend")
        self._need_reason(reason)
        if not until or until <= clock.today():
            raise Refused(
                lazy("Scrivi fino a quando: una data da domani in poi. Quel giorno qualcuno controlla."), "until"
            )
        if not checked_by_id:
            raise Refused(lazy("Scegli chi controlla alla scadenza."), "checked_by_id")
        self._move("suspended", by, reason, until=until, checked_by_id=checked_by_id)

    def resume(self, *, by) -> None:
        self._check("resume")
        self._move("active", by)

    def begin_closing(self, *, by, outcome, note) -> None:
        """In chiusura: outcome and note, and nothing left open that somebody was promised."""
        self._check("begin_closing")
        if outcome not in OUTCOMES:
            raise Refused(lazy("Scegli l'esito."), "outcome")
        self._need_reason(note, "note")
        self._need_nothing_open()
        episode = self.episode()
        episode.outcome, episode.closing_note, episode.closing_by_id = outcome, note, by.id
        self._move("closing", by, note)

    def withdraw_closing(self, *, by, reason) -> None:
        """Back to work: the closing is not agreed. A case that was being assessed goes on being assessed."""
        self._check("withdraw_closing")
        self._need_reason(reason)
        episode = self.episode()
        episode.outcome = episode.closing_note = episode.closing_by_id = None
        before = (
            select(StateChange.state)
            .where(StateChange.episode_id == episode.id, StateChange.state != "closing")
            .order_by(StateChange.at.desc(), StateChange.id.desc())
        )
        self._move("assessing" if db.session.scalar(before.limit(1)) == "assessing" else "active", by, reason)

    def approve_closing(self, *, by, asked=None) -> None:
        """Chiuso: a junior's closing waits for the sign-off (visto) of a senior or a coordinator.

        Whoever asked for the closing may approve it too, unless the cooperative wants two people for it. `asked` is
        the row of state that was read: a closing that was changed meanwhile must be read again.
        """
        from .organisation import Organisation

        self._check("approve_closing")
        if by.is_junior:
            raise Refused(lazy("Il visto lo mette chi coordina o un collega senior: il caso resta in chiusura."))
        if asked and int(asked) != self.state_row().id:
            raise Refused(lazy("La chiusura è stata cambiata mentre la leggevi: rileggila prima di approvarla."))
        episode = self.episode()
        if episode.closing_by_id == by.id and db.session.scalar(select(Organisation.two_for_closing)):
            raise Refused(lazy("La chiusura l'hai chiesta tu: nella tua cooperativa la approva qualcun altro."))
        self._need_nothing_open()
        episode.closed_on, episode.approved_by_id = clock.today(), by.id
        self._move("closed", by)

    def reopen(self, *, by, reason) -> None:
        """Riaperto: a new episode; the old one and its figures stay as they were. Who left is no longer its holder."""
        self._check("reopen")
        self._need_reason(reason)
        self._need_no_double(by)
        holding = self.holder()
        if holding and not holding.user.active:
            self.give_to(None, by=by, reason=lazy_text("il titolare non lavora più qui"))
        self.state_row().ended_at = clock.now()
        db.session.flush()
        self._start_episode(by, clock.today(), self.episode().number + 1, "reopened", reason)
        self.state, self.closed_on = "reopened", None
        self.refresh_next()

    def _need_no_double(self, by):
        """A person has at most one open case in a service; its number is told to who may see it."""
        case = type(self)
        double = db.session.execute(
            select(case.id, case.number).where(
                case.person_id == self.person_id,
                case.service_id == self.service_id,
                case.closed_on.is_(None),
                case.id != self.id,
            )
        ).first()
        if double is None:
            return
        if db.session.scalar(case.visible_to(by).with_only_columns(case.id).where(case.id == double.id)):
            no = lazy("La persona ha già un caso aperto in questo servizio: %(number)s.", number=double.number)
        else:
            no = lazy(
                "La persona ha già un caso aperto in questo servizio, con un'altra équipe: chiedi a chi coordina."
            )
        raise Refused(no, "service_id")

    def left_open(self) -> list[str]:
        """What a closing would leave behind: counts in words."""
        from .appointment import Appointment
        from .plan import Action, Goal, Plan
        from .todo import Todo

        def count(model, *where):
            return select(func.count()).select_from(model).where(*where).scalar_subquery()

        meetings = count(Appointment, Appointment.case_id == self.id, Appointment.outcome.is_(None))
        todos = count(Todo, Todo.case_id == self.id, Todo.done_at.is_(None), Todo.dropped_at.is_(None))
        goals = (
            select(Goal.id).join(Plan, Plan.id == Goal.plan_id).where(Plan.case_id == self.id, Plan.current.is_(True))
        )
        actions = count(Action, Action.goal_id.in_(goals), Action.state == "open")
        meetings, todos, actions = db.session.execute(select(meetings, todos, actions)).one()
        left = []
        if meetings:
            left.append(ngettext("un appuntamento senza esito", "%(n)s appuntamenti senza esito", meetings))
        if todos:
            left.append(ngettext("un promemoria", "%(n)s promemoria", todos))
        if actions:
            left.append(ngettext("un'azione del piano", "%(n)s azioni del piano", actions))
        return left

    def _need_nothing_open(self):
        if left := self.left_open():
            raise Refused(lazy("Prima di chiudere sistema quello che resta aperto: %(what)s.", what=", ".join(left)))

    def _check(self, verb):
        if verb not in self.moves():
            raise Refused(lazy("Il caso è «%(state)s»: da qui questo passo non si può fare.", state=STATES[self.state]))

    def _need_reason(self, reason, field="reason"):
        if not reason or not reason.strip():
            raise Refused(lazy("Scrivi il motivo in una frase."), field)

    def _move(self, state, by, reason=None, **fields):
        now = clock.now()
        row = self.state_row()
        if row:
            row.ended_at = now
            db.session.flush()
            episode_id = row.episode_id
        else:
            episode_id = self.episode().id
        db.session.add(
            StateChange(
                case_id=self.id, episode_id=episode_id, state=state, at=now, by_id=by.id, reason=reason, **fields
            )
        )
        self.state = state
        self.closed_on = clock.today() if state in CLOSED else None
        self.refresh_next()

    def _start_episode(self, by, day, number=1, state="reported", reason=None):
        episode = Episode(case_id=self.id, number=number, opened_on=day)
        db.session.add(episode)
        db.session.flush()
        db.session.add(
            StateChange(case_id=self.id, episode_id=episode.id, state=state, at=clock.now(), by_id=by.id, reason=reason)
        )
        db.session.flush()

    def _end_episode(self, outcome, note, by):
        episode = self.episode()
        episode.closed_on, episode.outcome, episode.closing_note, episode.closing_by_id = (
            clock.today(),
            outcome,
            note,
            by.id,
        )


def lazy_text(word):
    return str(lazy(word))
