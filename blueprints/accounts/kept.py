"""A form whose session ended while it was being sent: its text travels in hidden fields until its writer is back."""

import re
from dataclasses import dataclass

LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")  # browsers drop tabs and take a backslash for a slash
ANSWER = 20  # characters: a longer value, or one with a blank, was written and not chosen


def local(path) -> str | None:
    """The path when it is one of ours: it cannot lead to another site."""
    return path if path and len(path) <= 2000 and LOCAL.fullmatch(path) else None


@dataclass(frozen=True)
class Kept:
    """Where the form was going, the token of the session it was opened in, and what was in it."""

    url: str
    by: str
    fields: list

    @classmethod
    def of(cls, form) -> "Kept | None":
        """What a sign-in form carries along, or None."""
        url = local(form.get("kept_url"))
        if url is None:
            return None
        return cls(
            url, form.get("kept_by", ""), list(zip(form.getlist("kept_name"), form.getlist("kept_value"), strict=False))
        )

    @property
    def texts(self) -> list[str]:
        """What the person wrote, to be read again."""
        return [v for k, v in self._answers() if len(v) > ANSWER or re.search(r"\s", v)]

    @property
    def others(self) -> int:
        """How many short answers go along with the texts: dates, choices, minutes."""
        return len(self._answers()) - len(self.texts)

    def _answers(self):
        return [(k, v.strip()) for k, v in self.fields if v.strip() and k not in ("once", "version")]
