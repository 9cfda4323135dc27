"""Settings: what the environment and `instance/config.toml` say, and the sentences for a start that must not happen."""

import os
import secrets
import stat
import sys
import tomllib
from pathlib import Path

from click import ClickException

ROOT = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"
# Environment name, key in config.toml, key in app.config, default
SETTINGS = (
    ("HOST", "host", "HOST", "127.0.0.1"),
    ("PORT", "port", "PORT", 8000),
    ("STAFFETTA_DATABASE_URL", "database_url", "SQLALCHEMY_DATABASE_URI", None),
    ("STAFFETTA_KEY_FILE", "key_file", "KEY_FILE", None),
    ("STAFFETTA_BACKUP_DIR", "backup_dir", "BACKUP_DIR", None),
    ("STAFFETTA_HTTPS", "https", "HTTPS", False),
    ("STAFFETTA_TRUSTED_PROXY", "trusted_proxy", "TRUSTED_PROXY", None),
    ("STAFFETTA_SESSION_IDLE_MINUTES", "session_idle_minutes", "SESSION_IDLE_MINUTES", 30),
    ("STAFFETTA_COUNT_QUERIES", "count_queries", "COUNT_QUERIES", False),
    ("STAFFETTA_SESSION_HOURS", "session_hours", "SESSION_HOURS", 10),
)
NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afpfs",
    "ncpfs",
    "9p",
    "fuse.sshfs",
    "fuse.davfs",
    "webdav",
}


class CannotStart(ClickException):
    """A start that would endanger the data: one clear sentence, exit status 1."""


def instance_path() -> str:
    """The data folder: STAFFETTA_INSTANCE, else `instance/` beside app.py."""
    return str(Path(os.environ.get("STAFFETTA_INSTANCE") or ROOT / "instance").resolve())


def load(app, overrides=None):
    """Fill app.config from config.toml, then the environment, then `overrides` (tests)."""
    folder = Path(app.instance_path)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "config.toml"
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CannotStart(f"{file.name} non è scritto in TOML corretto: {error}.") from None
    for env, key, name, default in SETTINGS:
        app.config[name] = os.environ.get(env) or written.get(key, default)
    for name in ("PORT", "SESSION_IDLE_MINUTES", "SESSION_HOURS"):
        try:
            app.config[name] = int(app.config[name])
        except (TypeError, ValueError):
            raise CannotStart(
                f"L'impostazione {name} deve essere un numero intero, non «{app.config[name]}»."
            ) from None
    app.config["HTTPS"] = str(app.config["HTTPS"]).lower() in ("1", "true", "yes", "on")
    app.config["SQLALCHEMY_DATABASE_URI"] = (
        app.config["SQLALCHEMY_DATABASE_URI"] or f"sqlite:///{folder / 'staffetta.db'}"
    )
    app.config["KEY_FILE"] = app.config["KEY_FILE"] or str(folder / "staffetta.key")
    app.config["BACKUP_DIR"] = app.config["BACKUP_DIR"] or str(folder / "copie")
    # Nothing is signed with it (sessions are rows): Flask wants one all the same.
    app.config.update(
        VERSION=VERSION, SECRET_KEY=secrets.token_hex(), MAX_CONTENT_LENGTH=4 << 20, MAX_FORM_MEMORY_SIZE=2 << 20
    )
    app.config.update(overrides or {})
    # A relative file is in the data folder, as Flask-SQLAlchemy has it: lock and key must mean the same file.
    scheme, relative, file = app.config["SQLALCHEMY_DATABASE_URI"].partition("sqlite:///")
    if relative and not scheme and not Path(file).is_absolute():
        app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder / file}"


def read_key(path: str, *, create: bool) -> str:
    """The raw 256-bit database key, 64 hex digits, from a file that only its owner may read.

    Raises CannotStart when the file is missing though the database exists, readable by others, or not a key.
    """
    if create and not os.path.exists(path):
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    if not os.path.exists(path):
        raise CannotStart(
            f"Manca la chiave della banca dati ({path}): senza non si può aprire. Rimetti il file al suo posto."
        )
    if sys.platform != "win32" and stat.S_IMODE(os.stat(path).st_mode) & 0o077:
        raise CannotStart(f"La chiave della banca dati ({path}) può essere letta da altri: esegui chmod 600 e riprova.")
    key = Path(path).read_text(encoding="ascii", errors="replace").strip()
    if len(key) != 64 or not set(key.lower()) <= set("0123456789abcdef"):
        raise CannotStart(f"La chiave della banca dati ({path}) è rovinata: servono 64 cifre esadecimali.")
    return key


def refuse_network_share(path: Path) -> None:
    """SQLite loses data on network shares (its locks are not kept there): refuse them."""
    if file_system_of(path) in NETWORK_FILE_SYSTEMS or str(path).startswith(("\\\\", "//")):
        raise CannotStart(
            f"La cartella dei dati ({path}) sta su un disco di rete: SQLite lì può perdere i dati. Usa un disco di questo computer."
        )


def file_system_of(path: Path) -> str:
    """The type of file system `path` lies on, as Linux's mount table tells it; "" elsewhere."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in mounts:
        _device, point, type_ = line.split()[:3]
        point = point.replace("\\040", " ")
        if len(point) >= len(best) and Path(path).resolve().is_relative_to(point):
            best, kind = point, type_
    return kind


def safe_sqlite(version: tuple) -> bool:
    """Whether this SQLite is free of the WAL-reset corruption (fixed in 3.51.3, 3.50.7 and 3.44.6)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
