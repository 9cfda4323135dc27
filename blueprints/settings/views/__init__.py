from . import accounts, audit, lists, organisation  # noqa: F401
