"""What the database holds besides tables: audit triggers and search indexes, all generated from the metadata.

Migrations drop them first and make them again afterwards, because a batch operation on SQLite silently loses a
table's triggers; at start-up `missing()` compares what is there with what should be.
"""

from sqlalchemy import inspect, text

from . import audit, search
from .db import db


def _present(connection, tables):
    names = set(inspect(connection).get_table_names())
    return [t for t in tables if t.name in names]


def statements(connection):
    """(kind, name, statement) for each generated trigger, view and function, in the order to create them."""
    metadata = db.metadata
    audited, searched = _present(connection, audit.audited(metadata)), _present(connection, search.searched(metadata))
    if not _present(connection, [metadata.tables["audit"]]):
        return
    if connection.dialect.name == "postgresql":
        yield from audit.postgres_ddl(audited)
    else:
        yield from audit.sqlite_ddl(audited)
        yield from search.sqlite_ddl(searched)


def drop(connection) -> None:
    """Remove triggers, views and functions, so that tables can be rebuilt."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP VIEW IF EXISTS audit_entry")
        for function in ("audit_chain", "audit_refuse", "audit_change"):
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {function}() CASCADE")
        return
    for name in _names(connection, "trigger"):
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    connection.exec_driver_sql("DROP VIEW IF EXISTS audit_entry")


def create(connection) -> None:
    """Make search indexes that are not there yet, then every view, function and trigger."""
    present = _present(connection, search.searched(db.metadata))
    if connection.dialect.name == "sqlite":
        for name in _names(connection, "table"):
            if name.endswith("_fts") and name.removesuffix("_fts") not in {t.name for t in present}:
                connection.exec_driver_sql(f"DROP TABLE {name}")
    for t in present:
        if connection.dialect.name == "postgresql":
            if "tsv" not in {c["name"] for c in inspect(connection).get_columns(t.name)}:
                _run(connection, search.postgres_index(t))
        elif not _names(connection, "table", f"{t.name}_fts"):
            _run(connection, search.sqlite_index(t))
    _run(connection, (statement for _kind, _name, statement in statements(connection)))


def drop_indexes(connection) -> None:
    """Remove the search indexes too: before a bulk load, or when tables are dropped."""
    for t in _present(connection, search.searched(db.metadata)):
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f'ALTER TABLE "{t.name}" DROP COLUMN IF EXISTS tsv')
        else:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {t.name}_fts")


def missing(connection) -> list[str]:
    """Names of generated objects that are not in the database as they should be (empty: all is well)."""
    if connection.dialect.name == "postgresql":
        there = set(
            connection.scalars(
                text(
                    "SELECT tgname || ' ON ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
                )
            )
        )
        wanted = {name for kind, name, _ in statements(connection) if kind == "trigger"}
        return sorted(w for w in wanted if w.replace('"', "") not in {t.replace('"', "") for t in there})
    there = {
        _squeeze(s) for s in connection.scalars(text("SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')"))
    }
    return [name for _kind, name, statement in statements(connection) if _squeeze(statement) not in there]


def _squeeze(statement):
    return "".join(statement.split())


def _names(connection, kind, name=None):
    query = "SELECT name FROM sqlite_master WHERE type = :kind" + (" AND name = :name" if name else "")
    return list(connection.scalars(text(query), {"kind": kind} | ({"name": name} if name else {})))


def _run(connection, statements_):
    for statement in list(statements_):
        connection.exec_driver_sql(
            statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement
        )
