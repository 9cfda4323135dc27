"""The audit: every write of every table, chained by hashes, made by triggers generated from the metadata.

A table is audited unless its `info["audit"]` says why not. Field names are kept, never values: values live in their
rows, under their retention. On SQLite the triggers call `actor()` and `sha256()`, which only our connections have,
so that a stray client cannot write at all; on PostgreSQL they ask for `app.actor`.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Index, String, Text, bindparam, column, insert, select, table
from sqlalchemy.orm import Mapped, mapped_column

from .db import db, run, single_statement, transaction

NOT_FIELDS = {"version", "folded", "folded_private"}
ENTRY = table("audit_entry", column("verb"), column("tbl"), column("row_id"), column("fields"))
INSERT_ENTRY = insert(ENTRY)
INSERT_RAW = "INSERT INTO audit_entry (verb, tbl, row_id, fields) VALUES "
PARTS = ("at", "actor", "verb", "tbl", "row_id", "fields")


class Audit(db.Model):
    """One thing done or seen. `at` is UTC, ISO 8601 with milliseconds; `hash` covers the row and the hash before it."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_row", "tbl", "row_id", "seq"),
        Index("ix_audit_actor", "actor", "seq", "verb", "tbl"),  # what somebody did or saw, newest first
        Index("ix_audit_verb", "verb", "seq"),  # prints, sign-ins: few among many
        {"sqlite_autoincrement": True, "info": {"audit": "the audit itself"}},
    )
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(60))
    verb: Mapped[str] = mapped_column(String(20))
    tbl: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[str] = mapped_column(String(80))
    fields: Mapped[str] = mapped_column(Text, default="")
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: how many rows, the last hash, and the first row that does not fit (None: whole)."""

    rows: int
    head: str
    broken_at: int | None


def audited(metadata):
    return [t for t in metadata.sorted_tables if not t.info.get("audit")]


def verify(step=None) -> Verdict:
    """Recompute the whole chain. A tail that was cut shows only against an anchor kept elsewhere (backup manifest).

    `step` is told now and then how many rows fit so far; it may end the transaction: rows are only ever added.
    """
    prev, rows, last = "", 0, -1
    columns = (Audit.seq, *(getattr(Audit, p) for p in PARTS), Audit.prev, Audit.hash)
    query = select(*columns).where(Audit.seq > bindparam("last")).order_by(Audit.seq).limit(5000)
    while chunk := run(query, last=last).all():
        for row in chunk:
            text = "|".join([prev, *(getattr(row, p) for p in PARTS)])
            if row.prev != prev or row.hash != hashlib.sha256(text.encode()).hexdigest():
                return Verdict(rows, prev, row.seq)
            prev, rows, last = row.hash, rows + 1, row.seq
        if step:
            step(rows)
    return Verdict(rows, prev, None)


def witness(rows, actor: str, also=()) -> None:
    """Record views, prints and exports, `(verb, table, row id, detail)` each, and run the statements in `also`.

    Committed before this returns, in a short write transaction after the reading one: a view is recorded before it
    is shown, and if it cannot be recorded it is not shown.
    """
    if not rows and not also:
        return
    entries = [(v, t, str(i), d) for v, t, i, d in rows]
    db.session.rollback()  # ends the read transaction
    with transaction("write", actor):
        if db.engine.dialect.name == "sqlite" and not also:
            with single_statement() as raw:
                raw.execute(
                    INSERT_RAW + ", ".join(["(?, ?, ?, ?)"] * len(entries)), [x for entry in entries for x in entry]
                )
            return
        connection = db.session.connection()
        for statement in also:
            connection.execute(statement)
        if entries:
            names = ("verb", "tbl", "row_id", "fields")
            connection.execute(INSERT_ENTRY, [dict(zip(names, entry, strict=True)) for entry in entries])
        db.session.commit()


def _chain(row):
    return " || '|' || ".join(f"{row}{p}" for p in ("prev", *PARTS))


def sqlite_ddl(tables):
    """Name and statement of every view and trigger, in the order to create them."""
    head = "coalesce((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), '')"
    yield "view", "audit_entry", "CREATE VIEW audit_entry AS SELECT verb, tbl, row_id, fields FROM audit"
    yield (
        "trigger",
        "audit_entry_chain",
        f"""CREATE TRIGGER audit_entry_chain INSTEAD OF INSERT ON audit_entry BEGIN
      INSERT INTO audit(at, actor, verb, tbl, row_id, fields, prev, hash)
      SELECT a.at, a.actor, a.verb, a.tbl, a.row_id, a.fields, a.prev, sha256({_chain("a.")})
      FROM (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS at, actor() AS actor, NEW.verb AS verb, NEW.tbl AS tbl,
        CAST(NEW.row_id AS TEXT) AS row_id, coalesce(NEW.fields, '') AS fields, {head} AS prev) a; END""",
    )
    yield (
        "trigger",
        "audit_only_chained",
        f"""CREATE TRIGGER audit_only_chained BEFORE INSERT ON audit BEGIN
      SELECT RAISE(ABORT, 'audit: chained rows only') WHERE NEW.prev IS NOT {head} OR NEW.actor IS NOT actor()
        OR NEW.hash IS NOT sha256({_chain("NEW.")}) OR EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq); END""",
    )
    for verb in ("UPDATE", "DELETE"):
        name = f"audit_no_{verb.lower()}"
        yield (
            "trigger",
            name,
            f"CREATE TRIGGER {name} BEFORE {verb} ON audit BEGIN SELECT RAISE(ABORT, 'audit: append only'); END",
        )
    for t in tables:
        names = [c.name for c in t.columns if c.name not in NOT_FIELDS and not c.info.get("derived")]
        changed = " || ".join(f"CASE WHEN OLD.\"{n}\" IS NOT NEW.\"{n}\" THEN '{n} ' ELSE '' END" for n in names)
        differs = " OR ".join(f'OLD."{n}" IS NOT NEW."{n}"' for n in names)
        for verb, row, fields, when in (
            ("insert", "NEW", "''", ""),
            ("update", "NEW", f"rtrim({changed})", f" WHEN {differs}"),
            ("delete", "OLD", "''", ""),
        ):
            key = " || ',' || ".join(f'{row}."{c.name}"' for c in t.primary_key)
            name = f"audit_{t.name}_{verb}"
            yield (
                "trigger",
                name,
                f"""CREATE TRIGGER {name} AFTER {verb.upper()} ON "{t.name}"{when} BEGIN
              INSERT INTO audit_entry(verb, tbl, row_id, fields) VALUES ('{verb}', '{t.name}', {key}, {fields}); END""",
            )


def postgres_ddl(tables):
    derived = sorted(NOT_FIELDS | {"tsv"} | {c.name for t in tables for c in t.columns if c.info.get("derived")})
    yield "view", "audit_entry", "CREATE VIEW audit_entry AS SELECT verb, tbl, row_id, fields FROM audit"
    yield (
        "function",
        "audit_chain()",
        f"""CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock(7001);
        IF coalesce(current_setting('app.actor', true), '') = '' THEN RAISE EXCEPTION 'audit: no actor'; END IF;
        NEW.seq := NULL;
        SELECT seq, hash INTO NEW.seq, NEW.prev FROM audit ORDER BY seq DESC LIMIT 1; -- a fresh snapshot: READ COMMITTED only
        NEW.seq := coalesce(NEW.seq, 0) + 1;
        NEW.prev := coalesce(NEW.prev, '');
        NEW.actor := current_setting('app.actor', true);
        NEW.fields := coalesce(NEW.fields, '');
        NEW.at := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
        NEW.hash := encode(sha256(convert_to({_chain("NEW.")}, 'UTF8')), 'hex');
        RETURN NEW;
      END $$""",
    )
    yield (
        "trigger",
        "audit_chain ON audit",
        "CREATE TRIGGER audit_chain BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_chain()",
    )
    yield (
        "function",
        "audit_refuse()",
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit: append only'; END $$",
    )
    for what, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = f"audit_refuse_{each.lower()}"
        yield (
            "trigger",
            f"{name} ON audit",
            f"CREATE TRIGGER {name} BEFORE {what} ON audit FOR EACH {each} EXECUTE FUNCTION audit_refuse()",
        )
    yield (
        "function",
        "audit_change()",
        f"""CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE names text := ''; key text := ''; part text; r jsonb;
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          SELECT coalesce(string_agg(n.key, ' ' ORDER BY n.key), '') INTO names
            FROM jsonb_each(to_jsonb(NEW)) n JOIN jsonb_each(to_jsonb(OLD)) o USING (key)
            WHERE n.value IS DISTINCT FROM o.value AND n.key <> ALL (ARRAY[{", ".join(f"'{n}'" for n in derived)}]);
          IF names = '' THEN RETURN NULL; END IF;
        END IF;
        r := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
        FOREACH part IN ARRAY TG_ARGV LOOP
          key := key || CASE WHEN key = '' THEN '' ELSE ',' END || (r ->> part);
        END LOOP;
        INSERT INTO audit_entry(verb, tbl, row_id, fields) VALUES (lower(TG_OP), TG_TABLE_NAME, key, names);
        RETURN NULL;
      END $$""",
    )
    for t in tables:
        key = ", ".join(f"'{c.name}'" for c in t.primary_key)
        yield (
            "trigger",
            f'audit_{t.name} ON "{t.name}"',
            f"""CREATE TRIGGER audit_{t.name} AFTER INSERT OR UPDATE OR DELETE ON "{t.name}"
          FOR EACH ROW EXECUTE FUNCTION audit_change({key})""",
        )
