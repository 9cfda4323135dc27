"""Small files (a logo, a result to download) live in the database: encrypted, backed up and erased with it."""

import hashlib
from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from . import clock
from .db import db


class StoredFile(db.Model):
    """Some bytes with their name and type; `sha256` is of the content, hex."""

    __tablename__ = "stored_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(default=clock.now)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))

    @classmethod
    def keep(cls, name: str, mime: str, content: bytes) -> "StoredFile":
        row = cls(name=name, mime=mime, content=content, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        db.session.add(row)
        db.session.flush()
        return row
