"""Small files (a logo, a result to download) live in the database: encrypted, backed up and erased with it."""

import hashlib
import io
from datetime import datetime
from pathlib import PurePath

from PIL import Image, ImageOps
from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from . import clock
from .db import db
from .errors import Refused
from .i18n import lazy

PICTURE_SIZE = (800, 400)  # of a logo on a letterhead, at 300 points an inch
PICTURE_PIXELS = 24_000_000  # more than any camera of a telephone; a bomb has more


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

    @classmethod
    def keep_picture(cls, upload) -> "StoredFile":
        """An uploaded PNG or JPEG, drawn again by us: what else was in the file (place, programs) does not stay.

        `upload` has `filename` and can be read. Raises Refused, for the field "logo".
        """
        name = PurePath(upload.filename or "logo").stem[:80]
        return cls.keep(f"{name}.png", "image/png", _drawn_again(upload))


def _drawn_again(upload) -> bytes:
    try:
        with Image.open(upload, formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > PICTURE_PIXELS:
                raise Refused(lazy("L'immagine è troppo grande: al massimo 24 milioni di punti."), "logo")
            drawn = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(lazy("Questo file non è un'immagine PNG o JPEG che si possa aprire."), "logo") from None
    drawn.thumbnail(PICTURE_SIZE)
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()
