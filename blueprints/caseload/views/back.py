"""Where a small form, that many pages show, asks to be led back to."""

from flask import request


def way_back() -> str | None:
    """The field `back`: an address of ours with its path, None for anything else."""
    path = request.form.get("back", "")
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if ours and len(path) <= 400 else None
