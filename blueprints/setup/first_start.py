"""What a first start has to remember: in the memory of this process only, until it is finished."""

import secrets
import threading

from access.passwords import hash_password, is_right
from models.session import hash_of

SIGNS = "ABCDEFGHJKLMNPQRTUVWXY346789"  # none that looks like another


class FirstStart:
    """The one-time code (its hash), who has given it, the logo that was sent, what is shown at the end."""

    def __init__(self):
        self.lock = threading.Lock()  # a second tap while the demonstration loads waits for the first
        self.end()

    def end(self) -> None:
        self.code, self.tickets, self.logo = None, set(), None
        self.accounts, self.recovery_key = [], None

    def new_code(self) -> str:
        """A code to print in the terminal; the one before is worth nothing any more."""
        code = "".join(secrets.choice(SIGNS) for _ in range(8))
        self.code = hash_password(code)
        return f"{code[:4]}-{code[4:]}"

    def is_code(self, typed: str) -> bool:
        """Whether it is the code, in capitals or not, with or without its dash."""
        return is_right(self.code, "".join(sign for sign in typed.upper() if sign.isalnum()))

    def let_in(self) -> str:
        """A cookie for who gave the code: the wizard opens with it and no other way."""
        ticket = secrets.token_urlsafe(32)
        self.tickets.add(hash_of(ticket))
        return ticket

    def knows(self, ticket: str) -> bool:
        return hash_of(ticket) in self.tickets

    def finish(self, recovery_key, accounts=()) -> None:
        """The cooperative is there: the code dies, and whoever has the ticket may still read the last page."""
        self.code, self.logo = None, None
        self.recovery_key, self.accounts = recovery_key, list(accounts)
