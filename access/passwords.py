"""Passwords: argon2id, at most two at once (64 MiB each: a small computer at nine in the morning)."""

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from core.config import ROOT
from core.errors import Refused
from core.i18n import lazy

SHORTEST, LONGEST = 10, 128
_two = threading.Semaphore(2)
hashed = 0  # how many hashes were computed: the throttle's test reads it


@cache
def _hasher(cheap):
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()


def _argon():
    return _hasher(bool(current_app.config.get("CHEAP_PASSWORDS")))


@cache
def _dummy(cheap):
    return _hasher(cheap).hash("nobody")


def _bytes(password):
    return unicodedata.normalize("NFC", password or "")[:LONGEST].encode()


def hash_password(password: str) -> str:
    with _two:
        return _argon().hash(_bytes(password))


def first_password() -> str:
    """A password to hand over on paper or by voice, changed at the first sign-in: 48 random bits."""
    return "-".join(secrets.token_hex(2) for _ in range(3))


def is_right(stored: str | None, password: str) -> bool:
    """Whether the password is the one; takes as long for an account that does not exist."""
    global hashed
    hashed += 1
    with _two:
        try:
            right = _argon().verify(stored or _dummy(bool(current_app.config.get("CHEAP_PASSWORDS"))), _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and stored is not None


def must_be_good(password: str, *, username: str = "", organisation: str = "") -> None:
    """Long enough, not one everybody uses, not the name of the account or of the cooperative. Raises Refused."""
    plain = unicodedata.normalize("NFC", password or "")
    if len(plain) < SHORTEST:
        raise Refused(
            lazy("La password è corta: usa almeno %(n)s caratteri, per esempio tre parole che ricordi.", n=SHORTEST),
            "password",
        )
    if len(plain) > LONGEST:
        raise Refused(lazy("La password è troppo lunga: al massimo %(n)s caratteri.", n=LONGEST), "password")
    folded = plain.casefold()
    words = [w for w in (username.casefold(), *organisation.casefold().split()) if len(w) > 3]
    if folded in _common() or len(set(folded)) < 4 or any(folded.strip("0123456789.!-_") == w for w in words):
        raise Refused(lazy("Questa password la proverebbe chiunque: scegline una meno comune."), "password")


@cache
def _common():
    return frozenset((ROOT / "access" / "common_passwords.txt").read_text(encoding="utf-8").split())
