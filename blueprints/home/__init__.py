"""The first page after sign-in: what waits, the day, the recent cases."""

from .views import bp

__all__ = ["bp"]
