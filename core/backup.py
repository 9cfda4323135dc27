"""Backups: one encrypted file that holds everything, proven by opening it, and the way back.

A backup is a tar stream (manifest, database, key) encrypted with age to two recipients. The recovery key is on the
cooperative's paper and never on this computer; the check key is in the data folder, lets a backup be proven at once,
and is changed every month so that it opens no older one. The standard `age` and `tar` open a backup without us:
`age -d -i key staffetta-….age | tar x`. Nothing plain touches a disk: the SQLite copy stays encrypted with its own
key, a dump of PostgreSQL is encrypted to a key that lives in memory, and what is decrypted goes through a pipe.
"""

import errno
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pyrage
from click import ClickException
from filelock import FileLock, Timeout
from flask import current_app
from pyrage.x25519 import Identity, Recipient

from . import clock
from .audit import PARTS
from .config import read_key
from .db import claim, configure_connection, db
from .i18n import datetime_text
from .i18n import gettext as _

FORMAT = 1
KEEP = (("%Y-%m-%d", 7), ("%G-%V", 5), ("%Y-%m", 12))  # the newest of each of the last 7 days, 5 weeks, 12 months
NAME = re.compile(r"staffetta-(\d{4}-\d\d-\d\d-\d{4})\.age")
STAMP = "%Y-%m-%d-%H%M"
MANIFEST = "manifest.json"
WORK = ".staffetta-"
PIECE = 1 << 20


class BackupError(ClickException):
    """A backup that could not be made, or must not be put back: one clear sentence, and nothing is left half done."""


@dataclass(frozen=True)
class Member:
    """One file inside a backup; `open` gives a context with its plain bytes."""

    name: str
    size: int
    sha256: str
    open: Callable


# --- what the rest of the program calls ------------------------------------------------------------------------------


def make(folder=None, app=current_app) -> str:
    """Write a proven backup into `folder` (default: BACKUP_DIR), delete those too many, and say where and how big.

    Only reads the database, so a second process may call it while Staffetta serves. Raises BackupError.
    """
    with _told(_("La copia di sicurezza non è riuscita")), app.app_context():
        folder = Path(folder or app.config["BACKUP_DIR"])
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with FileLock(Path(app.instance_path) / "copia.lock", timeout=0):
                return _make(app, folder)
        except Timeout:
            raise BackupError(_("Una copia di sicurezza è già in corso: aspetta che finisca.")) from None


def restore(copy, key: str, app=current_app) -> str:
    """Put a backup into a database without data, prove it and say so. Raises BackupError with nothing changed."""
    with _told(_("La copia non è stata rimessa al suo posto")), app.app_context():
        claim(app)  # nobody may be serving meanwhile
        identity, store = _identity(key), _store(app)
        store.refuse_if_used()
        manifest = _read(copy, identity)  # all of it is authentic before anything is touched
        if manifest["engine"] != store.engine:
            raise BackupError(
                _(
                    "Questa copia è di una banca dati %(theirs)s e qui è impostata %(ours)s: cambia l'impostazione e riprova.",
                    theirs=manifest["engine"],
                    ours=store.engine,
                )
            )
        if manifest["revision"] is not None and manifest["revision"] not in _known_revisions(app):
            raise BackupError(
                _("Questa copia è di una versione più nuova di Staffetta: installa quella versione e riprova.")
            )
        db.engine.dispose()
        aside = store.put(copy, identity, manifest)
        _keep_recovery(Path(app.instance_path) / "recovery.pub", manifest["recovery"], identity)
        said = _(
            "La copia del %(made)s è al suo posto ed è stata provata: %(rows)s righe, registro integro. Ora avvia Staffetta.",
            made=datetime_text(datetime.fromisoformat(manifest["made"].rstrip("Z"))),
            rows=_rows(manifest),
        )
        return said + (" " + _("La chiave che c'era prima è conservata in %(file)s.", file=aside) if aside else "")


def recovery_key_once(app=current_app) -> str | None:
    """The cooperative's recovery key, the first time only: whoever calls shows it, so that it is written on paper.

    Only its public half is kept. Who has lost the paper deletes `recovery.pub`, and the next backups get a new key.
    """
    identity = Identity.generate()
    try:
        _create(Path(app.instance_path) / "recovery.pub", f"{identity.to_public()}\n")
    except FileExistsError:
        return None
    return str(identity)


def last_good() -> datetime | None:
    """When the newest backup in BACKUP_DIR was made (UTC); a file gets its name only after it has been proven."""
    # A name from the future is of a clock that was wrong: it must not silence the warning.
    times = [clock.utc(made) for made, _file in _copies(Path(current_app.config["BACKUP_DIR"]))]
    return max((t for t in times if t <= clock.now()), default=None)


def due(hours: float) -> bool:
    """Whether the newest backup is older than `hours`, or there is none."""
    last = last_good()
    return last is None or clock.now() - last >= timedelta(hours=hours)


# --- making ----------------------------------------------------------------------------------------------------------


def _make(app, folder):
    store = _store(app)
    store.refuse_if_absent()
    recovery, check = _recovery_recipient(app), _check_identity(app)
    now = clock.now()
    for left in folder.glob(WORK + "*"):  # of a run that was killed
        if now.timestamp() - left.stat().st_mtime > 86400:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=WORK, dir=folder) as work:
        _refuse_if_full(folder, store.size())
        facts, members = store.copy(Path(work))
        manifest = {
            "format": FORMAT,
            "app": app.config.get("VERSION", ""),
            "made": now.isoformat(timespec="seconds") + "Z",
            "engine": store.engine,
            "recovery": str(recovery),
            **facts,
            "members": {m.name: {"size": m.size, "sha256": m.sha256} for m in members},
        }
        fresh = Path(work) / "copy.age"
        with _private(fresh) as out:
            plain = io.BufferedReader(_Pieces(_tar(manifest, members)), PIECE)
            pyrage.encrypt_io(plain, out, [recovery, check.to_public()])
            out.flush()
            os.fsync(out.fileno())
        if _read(fresh, check) != manifest:
            raise BackupError(
                _(
                    "La copia appena fatta non è uguale a quello che doveva contenere: è stata buttata. Controlla il disco."
                )
            )
        file = folder / f"staffetta-{clock.local(now):{STAMP}}.age"
        size = fresh.stat().st_size
        os.replace(fresh, file)
        _sync(folder)
    _rotate(folder)
    return _(
        "Copia fatta e provata: %(file)s, %(size)s, %(rows)s righe riaperte e contate.",
        file=file,
        size=_size(size),
        rows=_rows(manifest),
    )


def _tar(manifest, members):
    """The pieces of the tar: the manifest first, so that a reader knows what to expect."""
    text = json.dumps(manifest, indent=1).encode()
    first = Member(MANIFEST, len(text), "", lambda: io.BytesIO(text))
    for member in (first, *members):
        info = tarfile.TarInfo(member.name)
        info.size, info.mode, info.mtime = member.size, 0o600, int(clock.now().timestamp())
        yield info.tobuf(tarfile.PAX_FORMAT)  # the one that can say sizes over 8 GB
        read = 0
        with member.open() as stream:
            while piece := stream.read(PIECE):
                read += len(piece)
                yield piece
        if read != member.size:
            raise OSError(errno.EIO, "the staged copy changed")
        yield bytes(-read % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


class _Pieces(io.RawIOBase):
    """An iterator of bytes as a file to read."""

    def __init__(self, pieces):
        self._pieces, self._rest = pieces, memoryview(b"")

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _rotate(folder):
    """Keep the newest of 7 days, 5 weeks and 12 months, and all of the last day: a second copy never deletes the one
    made before an upgrade. Counted among the files there are, never by their age: a wrong clock deletes nothing."""
    now = clock.local(clock.now()).replace(tzinfo=None)
    copies = sorted(((made, file) for made, file in _copies(folder) if made <= now), reverse=True)
    keep = {file for made, file in copies if made.date() == copies[0][0].date()}
    for period, count in KEEP:
        newest = {}
        for made, file in copies:
            newest.setdefault(made.strftime(period), file)
        keep.update(list(newest.values())[:count])
    for _made, file in copies:
        if file not in keep:
            file.unlink(missing_ok=True)


def _copies(folder):
    """(Italian date and time, file) of every backup in `folder`."""
    for file in folder.glob("staffetta-*.age") if folder.is_dir() else ():
        if found := NAME.fullmatch(file.name):
            with suppress(ValueError):
                yield datetime.strptime(found[1], STAMP), file


def _refuse_if_full(folder, size):
    needed, free = 2 * size + (16 << 20), shutil.disk_usage(folder).free
    if free < needed:
        raise BackupError(
            _(
                "Per la copia di sicurezza servono %(needed)s liberi in %(folder)s e ce ne sono %(free)s: libera spazio o scegli un altro disco.",
                needed=_size(needed),
                free=_size(free),
                folder=folder,
            )
        )


# --- reading ---------------------------------------------------------------------------------------------------------


def _read(file, identity, sinks=None) -> dict:
    """Decrypt all of a backup, compare every member with the manifest, give members named in `sinks` to their writer.

    Returns the manifest. Raises BackupError when a byte is missing, changed or too many.
    """
    try:
        with _decrypted(file, identity) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST:
                raise tarfile.ReadError("no manifest")
            manifest = json.load(tar.extractfile(first))
            if manifest["format"] > FORMAT:
                raise BackupError(
                    _("Questa copia è di una versione più nuova di Staffetta: installa quella versione e riprova.")
                )
            found = {}
            while (member := tar.next()) is not None:
                content, sum_, sink = tar.extractfile(member), hashlib.sha256(), (sinks or {}).get(member.name)
                while piece := content.read(PIECE):
                    sum_.update(piece)
                    if sink:
                        sink.write(piece)
                found[member.name] = {"size": member.size, "sha256": sum_.hexdigest()}
    except (tarfile.TarError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged() from error
    if found != manifest["members"]:
        raise _damaged()
    return manifest


@contextmanager
def _decrypted(file, identity):
    """The plain bytes of an age file, through a pipe. Leaving the context raises unless every byte was authentic."""
    failed, (out, in_) = [], os.pipe()

    def pump():
        with suppress(OSError), os.fdopen(in_, "wb") as sink:
            try:
                with open(file, "rb") as source:
                    pyrage.decrypt_io(source, sink, [identity])
            except BaseException as error:  # whatever it was, the reader must not take the end for a good end
                failed.append(error)

    thread = threading.Thread(target=pump, name="decrypt", daemon=True)
    thread.start()
    own, first = None, []
    try:
        with os.fdopen(out, "rb") as stream:
            try:
                yield stream
                while stream.read(PIECE):  # the last piece carries the proof that nothing was cut
                    pass
            except Exception as error:
                own = error
            first = list(failed)  # before the pipe breaks: what the reader met may be the consequence
    finally:
        thread.join()
    if first or (own is None and failed):
        raise _unreadable(failed[0])
    if own is not None:
        raise own


def _unreadable(error):
    if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
        return BackupError(
            _(
                "Questa chiave non apre questa copia: controlla che siano la chiave e la copia giuste. Se lo sono la copia è rovinata, usane un'altra."
            )
        )
    if isinstance(error, pyrage.DecryptError) or (isinstance(error, OSError) and error.errno is None):
        return _damaged()
    return error


def _damaged():
    return BackupError(_("Questa copia è rovinata o incompleta: usane un'altra."))


def _chain(rows):
    """Rows and last hash of the audit, each row recomputed; `rows` give PARTS, prev and hash, in about any order.

    A dump lists rows as they lie on the disk, so a row that comes early waits for the one before it.
    """
    head, count, waiting = "", 0, {}
    for *parts, prev, own in rows:
        if own != hashlib.sha256("|".join([prev, *parts]).encode()).hexdigest() or prev in waiting:
            raise _altered()
        waiting[prev] = own
        while head in waiting:
            head, count = waiting.pop(head), count + 1
    if waiting:
        raise _altered()
    return {"rows": count, "head": head}


def _altered():
    return BackupError(
        _(
            "Il registro degli accessi non è integro, quindi la copia non vale come prova: esegui «flask --app app audit-verify» e chiedi aiuto."
        )
    )


def _facts(execute, tables) -> dict:
    """What must be the same in the database and in its copy: revision, rows of each table, end of the audit."""
    counts = {t: execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in sorted(tables)}
    revision = execute("SELECT version_num FROM alembic_version").fetchone() if "alembic_version" in counts else None
    head = execute("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone() if "audit" in counts else None
    audit = {"rows": counts.get("audit", 0), "head": head[0] if head else ""}
    return {"revision": revision[0] if revision else None, "tables": counts, "audit": audit}


def _compare(facts, expected):
    if any(facts[k] != expected[k] for k in ("revision", "tables", "audit")):
        raise BackupError(
            _(
                "Il contenuto della copia non corrisponde a quello che dichiara: non è stata usata. Riprova; se succede ancora, controlla il disco."
            )
        )


AUDIT_ROWS = f"SELECT {', '.join(PARTS)}, prev, hash FROM audit ORDER BY seq"


# --- the two engines -------------------------------------------------------------------------------------------------


class Sqlite:
    engine, file_name, key_name = "sqlite", "staffetta.db", "staffetta.key"

    def __init__(self, app):
        self.file, self.key_file = Path(db.engine.url.database), Path(app.config["KEY_FILE"])

    def refuse_if_absent(self):
        if not self.file.exists() or not self.file.stat().st_size:
            raise BackupError(_("Non c'è ancora una banca dati da copiare."))

    def size(self):
        return sum(f.stat().st_size for f in (self.file, self._beside("-wal")) if f.exists())

    def copy(self, work):
        """An online copy, counted in the same snapshot, then opened afresh and compared."""
        from sqlcipher3 import dbapi2

        key, target = read_key(str(self.key_file), create=False), work / self.file_name
        _private(target).close()
        with (
            closing(self._open(self.file, key)) as source,
            closing(dbapi2.connect(str(target), isolation_level=None)) as out,
        ):
            source.execute("PRAGMA query_only = 1")
            source.execute("BEGIN")  # counts and copy see the same moment, whatever is written meanwhile
            facts = _facts(source.execute, self._tables(source))
            out.execute(f"PRAGMA key = \"x'{key}'\"")
            source.backup(out)
        self.prove(target, key, facts)
        content = (key + "\n").encode()
        file = Member(self.file_name, target.stat().st_size, _sum(target), partial(open, target, "rb"))
        return facts, [
            file,
            Member(self.key_name, len(content), hashlib.sha256(content).hexdigest(), lambda: io.BytesIO(content)),
        ]

    def prove(self, file, key, expected):
        """Open `file` as Staffetta would: every page authentic, structure whole, rows and audit as expected."""
        with closing(self._open(file, key)) as copy:
            copy.execute("PRAGMA query_only = 1")
            if list(copy.execute("PRAGMA cipher_integrity_check")) or list(copy.execute("PRAGMA integrity_check")) != [
                ("ok",)
            ]:
                raise BackupError(
                    _(
                        "La banca dati copiata non è integra: la copia è stata buttata. Chiedi aiuto e non cancellare le copie precedenti."
                    )
                )
            facts = _facts(copy.execute, self._tables(copy))
            _compare(facts, expected)
            if "audit" in facts["tables"]:
                _compare(facts | {"audit": _chain(copy.execute(AUDIT_ROWS))}, expected)

    def refuse_if_used(self):
        """Allow what a program that was only started has made: no file, or tables without rows."""
        from sqlcipher3 import dbapi2

        if not self.file.exists():
            for left in (self._beside("-wal"), self._beside("-journal")):
                if left.exists() and left.stat().st_size:  # SQLite would play it into the restored database
                    raise BackupError(
                        _(
                            "Accanto al posto della banca dati è rimasto %(file)s, di una banca dati che non c'è più: spostalo altrove e riprova.",
                            file=left.name,
                        )
                    )
            return
        db.engine.dispose()
        try:
            with closing(self._open(self.file, read_key(str(self.key_file), create=False))) as connection:
                if _used(connection.execute, self._tables(connection)):
                    raise _occupied()
        except dbapi2.DatabaseError:
            raise _occupied() from None

    def put(self, copy, identity, manifest):
        """Unpack beside the place, prove, then move in: first the key, so that a database is never without its own."""
        with tempfile.TemporaryDirectory(prefix=WORK, dir=self.file.parent) as work:
            staged, key = Path(work) / self.file_name, io.BytesIO()
            with _private(staged) as out:
                _read(copy, identity, {self.file_name: out, self.key_name: key})
                out.flush()
                os.fsync(out.fileno())
            key = key.getvalue().decode("ascii").strip()
            self.prove(staged, key, manifest)
            aside = self._set_aside(key)
            try:
                fresh = self.key_file.with_name(f"{self.key_file.name}.nuova")
                fresh.unlink(missing_ok=True)
                _create(fresh, key + "\n")
                os.replace(fresh, self.key_file)
                for left in ("-wal", "-shm"):
                    self._beside(left).unlink(missing_ok=True)
                os.replace(staged, self.file)
            except BaseException:
                if aside:
                    os.replace(aside, self.key_file)
                raise
        _sync(self.key_file.parent)
        _sync(self.file.parent)
        return aside

    def _set_aside(self, key):
        """Keep a different key that was there: a fresh one is worth nothing, but it may be of a database moved away."""
        self.key_file.parent.mkdir(parents=True, exist_ok=True)
        old = self.key_file.read_text(encoding="ascii", errors="replace") if self.key_file.exists() else key
        if old.strip() == key:
            return None
        aside = self.key_file.with_name(f"{self.key_file.name}.prima-{clock.now():%Y%m%d%H%M%S}")
        _create(aside, old)
        return aside

    def _beside(self, suffix):
        return self.file.with_name(self.file.name + suffix)

    @staticmethod
    def _open(file, key):
        from sqlcipher3 import dbapi2

        connection = dbapi2.connect(str(file), isolation_level=None)
        try:
            configure_connection(connection, key)
        except BaseException:
            connection.close()
            raise
        return connection

    @staticmethod
    def _tables(connection):
        """Real tables: those of the search are made of them."""
        rows = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        return [name for (name,) in rows]


class Postgres:
    engine, file_name = "postgresql", "staffetta.dump"

    def __init__(self, app):
        from psycopg.conninfo import make_conninfo

        options = db.engine.url.translate_connect_args(username="user", database="dbname") | dict(db.engine.url.query)
        password = options.pop("password", None)
        self.info = make_conninfo(**options)  # seen in the list of processes, so without the password
        self.environment = os.environ | ({"PGPASSWORD": password} if password else {})
        self.password = {"password": password} if password else {}

    def refuse_if_absent(self):
        with self._connect() as connection:
            if not self._tables(connection):
                raise BackupError(_("Non c'è ancora una banca dati da copiare."))

    def size(self):
        with self._connect() as connection:
            return connection.execute("SELECT pg_database_size(current_database())").fetchone()[0]

    def copy(self, work):
        """A dump of one snapshot, counted in it, then read back to the last row and compared."""
        from psycopg import IsolationLevel

        stage, target = Identity.generate(), work / self.file_name
        with self._connect() as connection:
            connection.isolation_level, connection.read_only = IsolationLevel.REPEATABLE_READ, True
            facts = _facts(connection.execute, self._tables(connection))
            snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
            with self._tool(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                "--dbname",
                self.info,
                stdout=subprocess.PIPE,
            ) as process:
                plain = _Tally(process.stdout)
                with _private(target) as out:
                    pyrage.encrypt_io(plain, out, [stage.to_public()])
        member = Member(self.file_name, plain.size, plain.sum.hexdigest(), lambda: _decrypted(target, stage))
        with member.open() as dump:
            _compare(self._read_back(dump), facts)
        return facts, [member]

    def _read_back(self, dump):
        """The facts as the dump tells them: no right to create a second database is needed for this proof."""
        counts, revision, audit = {}, None, {"rows": 0, "head": ""}
        with self._tool("pg_restore", "--data-only", "--file=-", stdin=dump, stdout=subprocess.PIPE) as process:
            for line in process.stdout:
                if not (found := re.fullmatch(rb'COPY (?:[^ ]+\.)?"?([^".]+)"? \((.*)\) FROM stdin;\n', line)):
                    continue
                table, columns = found[1].decode(), [c.strip('"') for c in found[2].decode().split(", ")]
                rows = _Counted(iter(process.stdout.readline, b"\\.\n"))
                if table == "audit":
                    places = [columns.index(c) for c in (*PARTS, "prev", "hash")]
                    audit = _chain(_fields(row, places) for row in rows)
                elif table == "alembic_version":
                    revision = next((_fields(row, [0])[0] for row in rows), None)
                for _row in rows:
                    pass
                counts[table] = rows.count
        return {"revision": revision, "tables": dict(sorted(counts.items())), "audit": audit}

    def refuse_if_used(self):
        with self._connect() as connection:
            if _used(connection.execute, self._tables(connection)):
                raise _occupied()

    def put(self, copy, identity, manifest):
        """Restore in one transaction; what does not match afterwards is taken out again."""
        with self._connect() as connection:
            self._empty(connection)
        arguments = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--dbname", self.info)
        with self._tool("pg_restore", *arguments, stdin=subprocess.PIPE) as process:
            _read(copy, identity, {self.file_name: process.stdin})
            process.stdin.close()
        with self._connect() as connection:
            try:
                facts = _facts(connection.execute, self._tables(connection))
                _compare(facts, manifest)
                with connection.cursor(name="audit") as cursor:
                    _compare(facts | {"audit": _chain(cursor.execute(AUDIT_ROWS))}, manifest)
            except BaseException:
                connection.rollback()
                self._empty(connection)
                connection.commit()
                raise

    def _empty(self, connection):
        for table in self._tables(connection):
            connection.execute(f'DROP TABLE "{table}" CASCADE')
        own = "SELECT p.oid::regprocedure FROM pg_proc p WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        for (function,) in connection.execute(own).fetchall():
            connection.execute(f"DROP FUNCTION {function} CASCADE")

    def _connect(self):
        import psycopg

        return psycopg.connect(self.info, **self.password)

    @contextmanager
    def _tool(self, name, *arguments, **pipes):
        """A running PostgreSQL program; leaving the context waits for it and raises when it failed."""
        folder = os.environ.get("STAFFETTA_PG_BIN")
        program = shutil.which(name, path=folder or None)
        if program is None:
            raise BackupError(
                _(
                    "Per copiare PostgreSQL serve il programma %(name)s: installa il pacchetto postgresql-client, o scrivi in STAFFETTA_PG_BIN la cartella dove sta.",
                    name=name,
                )
            )
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen([program, *arguments], env=self.environment, stderr=said, **pipes)
            try:
                yield process
            except BrokenPipeError:  # the program ended before its time: what it says is the cause
                pass
            except BaseException:
                process.kill()
                raise
            finally:
                for pipe in (process.stdin, process.stdout):
                    with suppress(OSError):
                        pipe and pipe.close()
                process.wait()
            if process.returncode:
                said.seek(0)
                line = said.readline(300).decode(errors="replace").strip()  # the first line names no row
                raise BackupError(_("%(name)s non ha finito il suo lavoro: %(line)s", name=name, line=line))

    @staticmethod
    def _tables(connection):
        rows = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        )
        return [name for (name,) in rows.fetchall()]


class _Tally:
    """A reader that counts and hashes what passes."""

    def __init__(self, stream):
        self.stream, self.size, self.sum = stream, 0, hashlib.sha256()

    def read(self, count=-1):
        piece = self.stream.read(count)
        self.size += len(piece)
        self.sum.update(piece)
        return piece


class _Counted:
    """An iterator that knows how many it gave."""

    def __init__(self, items):
        self.items, self.count = items, 0

    def __iter__(self):
        return self

    def __next__(self):
        item = next(self.items)
        if not item:  # the stream ended inside a table
            raise _damaged()
        self.count += 1
        return item


_ESCAPES = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def _fields(row, places):
    """Some fields of a row of COPY text, unescaped."""
    values = row.rstrip(b"\n").split(b"\t")
    return [re.sub(rb"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), values[p], flags=re.DOTALL).decode() for p in places]


def _store(app):
    return Postgres(app) if db.engine.dialect.name == "postgresql" else Sqlite(app)


def _used(execute, tables):
    return any(execute(f'SELECT 1 FROM "{t}" LIMIT 1').fetchone() for t in tables if t != "alembic_version")


def _occupied():
    return BackupError(
        _(
            "Qui c'è già una banca dati con dei dati, e non viene toccata: rimetti la copia in una cartella dei dati vuota (STAFFETTA_INSTANCE) o sposta altrove quella che c'è."
        )
    )


def _known_revisions(app):
    from alembic.script import ScriptDirectory

    return {
        r.revision for r in ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config()).walk_revisions()
    }


# --- keys ------------------------------------------------------------------------------------------------------------


def _recovery_recipient(app):
    file = Path(app.instance_path) / "recovery.pub"
    if not file.exists():
        raise BackupError(
            _(
                "Non c'è ancora una chiave di recupero, e senza nessuno potrebbe riaprire la copia: esegui «flask --app app backup» e conserva su carta la chiave che mostra."
            )
        )
    try:
        return Recipient.from_str(file.read_text(encoding="ascii").strip())
    except (pyrage.RecipientError, UnicodeDecodeError):
        raise BackupError(
            _(
                "Il file %(file)s è rovinato: cancellalo, esegui «flask --app app backup» e conserva su carta la chiave nuova.",
                file=file,
            )
        ) from None


def _keep_recovery(file, recipient, identity):
    """The key that has just been read from paper goes on being the recovery key; a check key changes nothing."""
    if str(identity.to_public()) == recipient:
        file.unlink(missing_ok=True)
    with suppress(FileExistsError):
        _create(file, f"{recipient}\n")


def _check_identity(app):
    """This month's check key. Whoever can read it can read the database beside it, and must not open older backups."""
    file, month = Path(app.instance_path) / "check.key", f"# {clock.now():%Y-%m}"
    with suppress(OSError, ValueError, pyrage.IdentityError):
        made, key = file.read_text(encoding="ascii").splitlines()
        if made == month:
            return Identity.from_str(key)
    identity, fresh = Identity.generate(), file.with_suffix(".nuova")
    fresh.unlink(missing_ok=True)
    _create(fresh, f"{month}\n{identity}\n")
    os.replace(fresh, file)
    return identity


def _identity(key):
    """The key as somebody copied it from paper, or the text of a key file with its comments."""
    lines = [line for line in key.splitlines() if not line.lstrip().startswith("#")]
    try:
        return Identity.from_str("".join("".join(lines).split()).upper())
    except pyrage.IdentityError:
        raise BackupError(
            _(
                "La chiave di recupero non è scritta giusta: comincia con AGE-SECRET-KEY-1 e ha 74 caratteri. Ricontrollala sul foglio."
            )
        ) from None


# --- small things ----------------------------------------------------------------------------------------------------


@contextmanager
def _told(failed):
    """Turn whatever goes wrong into one sentence without anything of the data in it."""
    try:
        yield
    except BackupError:
        raise
    except ClickException as error:
        raise BackupError(error.message) from error
    except Exception as error:
        raise BackupError(f"{failed}: {_why(error)}") from error


def _why(error):
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in str(error) or "No space" in str(error):
        return _("lo spazio sul disco è finito.")
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _("manca il permesso di leggere o scrivere %(file)s.", file=error.filename)
    return _(
        "errore %(kind)s. Riprova; se succede ancora, controlla il disco e chiedi aiuto.", kind=type(error).__name__
    )


def _private(file):
    """A new file for writing that only its owner may read."""
    return os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _create(file, text):
    with _private(file) as out:
        out.write(text.encode("ascii"))
        out.flush()
        os.fsync(out.fileno())


def _sync(folder):
    if os.name == "posix":  # elsewhere a folder cannot be opened, and a rename is kept by the file system
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sum(file):
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _rows(manifest):
    return f"{sum(manifest['tables'].values()):,}".replace(",", ".")


def _size(count):
    for unit in ("byte", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "byte" else f"{count:.1f} {unit}".replace(".", ",")
        count /= 1000
