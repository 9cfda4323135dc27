"""Forms: one base for all, the fields the whole house uses, and the refusals of the domain shown beside the field."""

import re
import unicodedata
from contextlib import contextmanager
from datetime import date, datetime, time

import wtforms
from flask import g, request
from sqlalchemy.orm.exc import StaleDataError
from wtforms import validators

from . import clock
from .db import db
from .errors import Refused, Stale
from .i18n import LOCALE, lazy

# Invisible signs that reorder text on the screen or end strings: nobody types them on purpose.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
LONGEST = 300_000


def tidy(value):
    """Typed text as we keep it: composed letters, plain line ends, no invisible signs, no blanks around."""
    if not isinstance(value, str):
        return value
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")).strip()


class Form(wtforms.Form):
    """The base of every form. `sent()` is true for a POST whose shape is right."""

    class Meta:
        cache_translations = True

        @property
        def locales(self):
            return [LOCALE.get(), "en"]

        def bind_field(self, form, unbound_field, options):
            filters = unbound_field.kwargs.get("filters", [])
            if issubclass(unbound_field.field_class, wtforms.StringField) and not issubclass(
                unbound_field.field_class, wtforms.PasswordField
            ):
                filters = [tidy, *filters]
            return unbound_field.bind(form=form, **{**options, "filters": filters})

    def __init__(self, formdata=None, obj=None, **kwargs):
        super().__init__(formdata or None, obj=obj, **kwargs)  # on a GET: what is saved, not unticked boxes
        self.row = obj
        self.form_errors = []
        # The version the person saw when the page was opened; on a fresh page, the row's own.
        self.version = (formdata or {}).get("version") or getattr(obj, "version", "")

    def sent(self) -> bool:
        """Whether this is a POST of a well-formed form made for the row as it is now (else 422, or Stale)."""
        if request.method != "POST":
            return False
        g.form = self
        ok = self.validate()
        if self.is_stale():
            raise Stale(self.row)
        return ok

    def is_stale(self) -> bool:
        """Whether somebody saved the row after this form was opened."""
        return getattr(self.row, "version", None) is not None and str(self.row.version) != str(self.version)

    def values(self) -> dict:
        """What was typed, by field name, with None for what was left empty."""
        return {name: (None if field.data == "" else field.data) for name, field in self._fields.items()}

    @contextmanager
    def refusals(self):
        """Inside, a `Refused` becomes an error of its field or of the form, and nothing is saved."""
        try:
            yield
        except Refused as no:
            db.session.rollback()
            field = self._fields.get(no.field)
            if field is not None:
                field.errors = [*field.errors, no.sentence]
            else:
                self.form_errors = [*self.form_errors, no.sentence]
        except StaleDataError:
            db.session.rollback()
            raise Stale(self.row) from None


class Required(validators.InputRequired):
    """Something must be typed or chosen, and blanks are not something."""

    def __init__(self, message=None):
        super().__init__(message or lazy("Serve una risposta qui."))

    def __call__(self, form, field):
        if not field.raw_data or not tidy(field.raw_data[0]):
            field.errors = []  # nothing typed is not a wrong date
            raise validators.StopValidation(self.message)


def length(most):
    return validators.Length(max=most, message=lazy("È troppo lungo: al massimo %(max)s caratteri.", max=most))


class Text(wtforms.StringField):
    """One line, 200 characters unless told."""

    def __init__(self, label=None, validators=None, most=200, **kwargs):
        super().__init__(label, [*(validators or [wtforms.validators.Optional()]), length(most)], **kwargs)


class LongText(wtforms.TextAreaField):
    """Several lines; a whole conversation fits."""

    def __init__(self, label=None, validators=None, most=LONGEST, **kwargs):
        super().__init__(label, [*(validators or [wtforms.validators.Optional()]), length(most)], **kwargs)


class Day(wtforms.DateField):
    """A date: the browser's own picker sends 2026-11-23, a person without one types 23/11/2026."""

    def __init__(self, label=None, validators=None, **kwargs):
        super().__init__(
            label,
            validators or [wtforms.validators.Optional()],
            format=["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y"],
            **kwargs,
        )

    def process_formdata(self, valuelist):
        try:
            super().process_formdata([tidy(v) for v in valuelist])
        except ValueError:
            raise ValueError(lazy("Questa data non esiste: scrivila così, 23/11/2026.")) from None
        if self.data and not 1900 <= self.data.year <= 2200:
            raise ValueError(lazy("Controlla l'anno."))


class Clock(wtforms.TimeField):
    """An hour: 9:30, 09:30 or 9.30."""

    def __init__(self, label=None, validators=None, **kwargs):
        super().__init__(
            label, validators or [wtforms.validators.Optional()], format=["%H:%M", "%H.%M", "%H:%M:%S", "%H"], **kwargs
        )

    def process_formdata(self, valuelist):
        try:
            super().process_formdata([tidy(v) for v in valuelist])
        except ValueError:
            raise ValueError(lazy("Quest'ora non esiste: scrivila così, 9:30.")) from None


class Minutes(wtforms.IntegerField):
    """Minutes of work, 0 to 1440."""

    def __init__(self, label=None, validators=None, **kwargs):
        rule = wtforms.validators.NumberRange(0, 1440, lazy("Scrivi i minuti, da 0 a 1440."))
        super().__init__(label, [*(validators or [wtforms.validators.Optional()]), rule], **kwargs)

    def process_formdata(self, valuelist):
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(lazy("Scrivi i minuti con le cifre, per esempio 40.")) from None


class Choice(wtforms.SelectField):
    """One among some; `choices` are (value, label) pairs. An empty value means nothing was chosen (None)."""

    def __init__(self, label=None, validators=None, choices=None, coerce=str, **kwargs):
        super().__init__(
            label,
            validators or [wtforms.validators.Optional()],
            coerce=_or_none(coerce),
            choices=None,
            validate_choice=True,
            **kwargs,
        )
        self.set(choices or [])

    def set(self, pairs):
        """Give the choices as (value, label) pairs."""
        self.choices = [wtforms.SelectChoice(value, label) for value, label in pairs]

    def pre_validate(self, form):
        if self.data is None:
            return
        if self.data not in {c.value for c in self.choices}:
            raise validators.ValidationError(lazy("Scegli una delle voci."))


class Keys(Choice):
    """One tap among two to seven: the macro `keys` draws it, not a list."""


class Several(wtforms.SelectMultipleField):
    """Any number of ticks among a few; `data` is the list of what is ticked."""

    def __init__(self, label=None, validators=None, choices=None, coerce=str, **kwargs):
        super().__init__(
            label,
            validators or [wtforms.validators.Optional()],
            coerce=coerce,
            choices=None,
            validate_choice=True,
            **kwargs,
        )
        self.set(choices or [])

    def set(self, pairs):
        """Give the choices as (value, label) pairs."""
        self.choices = [wtforms.SelectChoice(value, label) for value, label in pairs]

    def pre_validate(self, form):
        if set(self.data or ()) - {c.value for c in self.choices}:
            raise validators.ValidationError(lazy("Scegli una delle voci."))


def _or_none(coerce):
    def convert(value):
        return None if value in (None, "", "None") else coerce(value)

    return convert


def instant(day: date | None, hour: time | None) -> datetime | None:
    """Italian date and hour, as typed in two boxes, as the instant to store."""
    return clock.utc(datetime.combine(day, hour or time())) if day else None
