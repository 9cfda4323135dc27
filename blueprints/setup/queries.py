"""What the first start reads."""

from core.db import db
from models.organisation import Organisation


def is_founded() -> bool:
    """Whether there is a cooperative already."""
    return db.session.scalar(Organisation.visible_to(None).with_only_columns(Organisation.id).limit(1)) is not None
