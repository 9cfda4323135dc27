"""The database: SQLite through SQLCipher or PostgreSQL through psycopg, the same promises on both.

A request says whether it reads or writes (`MODE`) and for whom (`ACTOR`). On SQLite a read is `BEGIN` on a
connection that cannot write; a write takes an in-process lock (fair, where SQLite's own busy wait is not) and then
`BEGIN IMMEDIATE`, so that nobody is told "database is locked" and no read-then-write loses an update.
"""

import hashlib
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from filelock import FileLock, Timeout
from flask import current_app, g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase

from .config import CannotStart, read_key, refuse_network_share, safe_sqlite

NAMES = {  # stable constraint names: without them SQLite migrations cannot drop anything
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
THREADS = 16
# What the next BEGIN is: "read", "write", or "peek" (the kernel's own look before a write: nothing of a view runs in it)
MODE = ContextVar("mode", default="write")
ACTOR = ContextVar("actor", default=None)  # whom the audit names; None: nothing can be written
BUSY_SECONDS = 30
_write_lock = threading.Lock()


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)


def init_app(app):
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    options = app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {})
    if url.get_backend_name() == "sqlite":
        options |= _sqlite_options(app, Path(url.database))
    else:
        options |= {
            "pool_size": THREADS + 2,
            "max_overflow": 0,
            "pool_pre_ping": True,
            "isolation_level": "READ COMMITTED",
        }
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _wire_sqlite(app, db.engine, read_key(app.config["KEY_FILE"], create=not Path(url.database).exists()))
        else:
            _wire_postgres(db.engine)
        event.listen(db.engine, "before_cursor_execute", _count)
    app.teardown_request(_forget)
    if app.config["COUNT_QUERIES"]:  # for bench/
        app.after_request(_tell)


def _sqlite_options(app, file):
    from sqlcipher3 import dbapi2

    if not safe_sqlite(dbapi2.sqlite_version_info):
        raise CannotStart(
            f"Questa versione di SQLite ({dbapi2.sqlite_version}) può rovinare i dati: reinstalla le dipendenze con «make setup»."
        )
    refuse_network_share(file.parent)
    app.extensions["process_lock"] = FileLock(str(file) + ".lock", thread_local=False)
    return {
        "module": dbapi2,
        "connect_args": {"isolation_level": None, "check_same_thread": False, "timeout": 15, "cached_statements": 512},
        "pool_size": THREADS + 4,
        "max_overflow": 0,
        "pool_timeout": BUSY_SECONDS,
        "pool_use_lifo": True,  # the connection with the warmest cache first: a cold one decrypts every page again
    }


def claim(app):
    """Make this process the one that writes the SQLite file, or refuse with one sentence."""
    lock = app.extensions.get("process_lock")
    if lock is None or lock.is_locked:
        return
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise CannotStart(
            "Staffetta è già aperta su questa banca dati: un solo programma alla volta può scriverci. Chiudi l'altro e riprova."
        ) from None


def configure_connection(connection, key: str) -> None:
    """What every SQLCipher connection needs before its first look: the key, safety, speed, our functions."""
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    connection.execute("PRAGMA cipher_log_level = NONE")
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 15000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA cache_size = -8000")
    connection.create_function("actor", 0, _actor)
    connection.create_function("sha256", 1, lambda text: hashlib.sha256(text.encode()).hexdigest(), deterministic=True)


def _wire_sqlite(app, engine, key):
    def connect(connection, _record):
        try:
            configure_connection(connection, key)
        except engine.dialect.dbapi.DatabaseError as error:
            if "not a database" not in str(error):
                raise
            raise CannotStart(
                "La banca dati non si apre con questa chiave: controlla il file della chiave o rimetti una copia di sicurezza."
            ) from None

    def begin(connection):
        raw, info = connection.connection.dbapi_connection, connection.info
        if MODE.get() != "write":
            if MODE.get() == "read" and info.get("reads") is not True:
                raw.execute("PRAGMA query_only = 1")
                info["reads"] = True
            raw.execute("BEGIN")
            return
        claim(app)
        _may_write(raw, info)
        raw.execute("BEGIN IMMEDIATE")

    def release(_connection, record):
        if record.info.pop("locked", None):
            _write_lock.release()

    event.listen(engine.pool, "connect", connect, insert=True)  # before the dialect's own first look
    event.listen(engine, "begin", begin)
    # The session gives its connection back right after COMMIT or ROLLBACK; commit events fire before COMMIT.
    event.listen(engine.pool, "checkin", release)


def _may_write(raw, info):
    """Take the write lock for this connection until it goes back to the pool."""
    if "locked" not in info:
        if not _write_lock.acquire(timeout=BUSY_SECONDS):
            raise TimeoutError("the write lock")
        info["locked"] = True
    if info.get("reads") is not False:
        raw.execute("PRAGMA query_only = 0")
        info["reads"] = False


@contextmanager
def single_statement():
    """SQLite: a driver connection for one statement that commits itself; half the cost of a transaction of the session."""
    claim(current_app)
    pooled = db.engine.raw_connection()
    try:
        _may_write(pooled.dbapi_connection, pooled.info)
        yield pooled.dbapi_connection
    finally:
        pooled.close()


def _actor():
    who = ACTOR.get()
    if who is None:
        raise RuntimeError("nobody is named as the author of this write")
    return who


def _wire_postgres(engine):
    def begin(connection):
        raw = connection.connection.dbapi_connection
        if MODE.get() == "read":
            raw.execute("SET TRANSACTION READ ONLY")
        elif MODE.get() == "write" and ACTOR.get() is not None:
            raw.execute("SELECT set_config('app.actor', %s, true)", (str(ACTOR.get()),))

    event.listen(engine, "begin", begin)


def _count(_connection, _cursor, statement, _parameters, _context, _many):
    if has_request_context():
        g.queries = g.get("queries", 0) + 1


def _tell(response):
    response.headers["X-Queries"] = str(g.get("queries", 0))
    return response


def _forget(_error):
    MODE.set("write")
    ACTOR.set(None)


@contextmanager
def transaction(mode: str, actor: str | None = None):
    """For code outside a request, or a second transaction inside one: say what it is and for whom."""
    was_mode, was_actor = MODE.set(mode), ACTOR.set(actor if actor is not None else ACTOR.get())
    try:
        yield
    finally:
        MODE.reset(was_mode)
        ACTOR.reset(was_actor)


def dialect() -> str:
    return db.engine.dialect.name


def run(statement, **parameters):
    """Execute a statement on the session's connection without the ORM's unit of work: for hot page reads."""
    session = db.session()
    transaction = session.get_transaction()
    if (
        transaction is None or g.get("run_in") is not transaction
    ):  # asking the session each time costs a tenth of a query
        g.run_on = session.connection()
        g.run_in = session.get_transaction()
    return g.run_on.execute(statement, parameters)


def serialize(number: int) -> None:
    """Until the end of this transaction nobody else passes here (SQLite's write lock does it already)."""
    if dialect() == "postgresql":
        db.session.connection().exec_driver_sql(f"SELECT pg_advisory_xact_lock({int(number)})")
