"""A start that would endanger the data does not happen, and one clear sentence says why."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, text

import cli
from core import config, db
from core.config import CannotStart
from tests.engine import make_tables

from .kernel import REVISION, close_all, execute, fill, kernel

LOCAL = "/dev/sda1 / ext4 rw 0 0\n"


@pytest.fixture(autouse=True)
def closed_at_the_end():
    yield
    close_all()


@pytest.fixture
def folder(tmp_path):
    """A data folder in use: a database, its key, somebody's rows."""
    fill(kernel(tmp_path / "data"))
    close_all()
    return tmp_path / "data"


def refused(folder, start=None):
    """The sentence of a start that was refused: one, short, without a trace of our insides."""
    with pytest.raises(CannotStart) as caught:
        app = kernel(folder)
        execute(app, start or cli.prepare, app)
    sentence = caught.value.message
    assert "\n" not in sentence and sentence.endswith(".") and "Traceback" not in sentence
    return sentence


def ready(folder, revision=None):
    """The whole schema at `revision` (the newest when None)."""
    from alembic.script import ScriptDirectory

    app = kernel(folder)
    with app.app_context(), db.transaction("write", "test"):
        head = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config()).get_current_head()
        make_tables()
        with db.db.engine.begin() as connection:
            REVISION.create(connection)
            connection.execute(insert(REVISION), {"version_num": revision or head})
    return app


def program(code, *arguments, **pipes):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | pipes
    code = "import sys; from pathlib import Path; from core import db; from tests.core.kernel import *\n" + code
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], cwd=config.ROOT, **pipes)


# --- the key ---------------------------------------------------------------------------------------------------------


def test_a_new_folder_gets_a_key_for_its_owner_only(tmp_path):
    kernel(tmp_path / "data")
    key = tmp_path / "data/staffetta.key"
    assert re.fullmatch("[0-9a-f]{64}", key.read_text()) and key.stat().st_mode & 0o777 == 0o600


def test_a_database_without_its_key(folder):
    (folder / "staffetta.key").unlink()
    assert "Manca la chiave" in refused(folder)
    assert not (folder / "staffetta.key").exists()  # a new one would only hide the loss


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read(folder, mode):
    (folder / "staffetta.key").chmod(mode)
    assert "può essere letta da altri" in refused(folder)


@pytest.mark.parametrize("content", [b"", b"abc", b"g" * 64, b"a" * 63, b"a" * 65, b"\xff\xfe" * 32])
def test_a_damaged_key(folder, content):
    (folder / "staffetta.key").write_bytes(content)
    assert "è rovinata" in refused(folder)


def test_the_key_of_another_database(folder):
    (folder / "staffetta.key").write_text("ab" * 32)
    assert "non si apre con questa chiave" in refused(folder)


def test_a_file_that_is_no_database(folder):
    (folder / "staffetta.db").write_bytes(os.urandom(8192))
    assert "non si apre con questa chiave" in refused(folder)


# --- where and with what ---------------------------------------------------------------------------------------------


@pytest.fixture
def mounts(monkeypatch):
    """`mounts(table)`: what the system says is mounted where."""
    real = Path.read_text

    def say(table):
        monkeypatch.setattr(
            Path, "read_text", lambda p, *a, **k: table if str(p) == "/proc/self/mounts" else real(p, *a, **k)
        )

    return say


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs"])
def test_a_network_share(folder, mounts, kind):
    mounts(f"{LOCAL}server:/dati {folder.parent} {kind} rw 0 0\n")
    assert "disco di rete" in refused(folder)


def test_a_network_share_with_a_space_in_its_name(tmp_path, mounts):
    folder = tmp_path / "Dati comuni" / "data"
    folder.mkdir(parents=True)
    mounts(f"{LOCAL}//nas/x {tmp_path}/Dati\\040comuni cifs rw 0 0\n")
    assert "disco di rete" in refused(folder)


def test_a_disk_of_this_computer_is_fine_though_a_share_is_mounted_elsewhere(folder, mounts):
    mounts(
        f"{LOCAL}server:/dati {folder.parent} nfs4 rw 0 0\n/dev/sdb1 {folder} ext4 rw 0 0\nnas:/y {folder}2 nfs rw 0 0\n"
    )
    kernel(folder)


def test_sqlite_that_can_ruin_the_file(folder, monkeypatch):
    from sqlcipher3 import dbapi2

    monkeypatch.setattr(dbapi2, "sqlite_version_info", (3, 40, 1))
    assert "può rovinare i dati" in refused(folder)


@pytest.mark.parametrize(
    "version, safe",
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_which_sqlite_is_safe(version, safe):
    assert config.safe_sqlite(version) is safe


# --- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["host = ", "port = 'ottomila", b"\xff\xfe"])
def test_settings_that_cannot_be_read(folder, written):
    (folder / "config.toml").write_bytes(written if isinstance(written, bytes) else written.encode())
    assert "config.toml" in refused(folder)


@pytest.mark.parametrize("name", ["port", "session_idle_minutes", "session_hours"])
def test_a_number_that_is_none(folder, name):
    (folder / "config.toml").write_text(f"{name} = 'otto'\n")
    assert name.upper() in refused(folder)


def test_a_relative_database_is_in_the_data_folder_with_its_lock(folder, monkeypatch):
    """Else two programs started from two places would both think that the file is theirs."""
    (folder / "config.toml").write_text("database_url = 'sqlite:///altra.db'\n")
    monkeypatch.delenv("STAFFETTA_DATABASE_URL", raising=False)
    app = Flask("relative", instance_path=str(folder))
    config.load(app)
    db.init_app(app)
    assert app.extensions["process_lock"].lock_file == f"{folder / 'altra.db'}.lock"
    assert execute(app, lambda: db.db.engine.url.database) == str(folder / "altra.db")


# --- the database ----------------------------------------------------------------------------------------------------


def test_a_database_of_a_newer_version(tmp_path):
    ready(tmp_path / "data", "ffffffffffff")
    close_all()
    assert "versione più nuova" in refused(tmp_path / "data")


def test_a_database_of_this_version_starts(tmp_path):
    """The control of the tests around it."""
    app = ready(tmp_path / "data")
    execute(app, cli.prepare, app)


@pytest.mark.parametrize(
    "statement", ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_person_update", "DROP VIEW audit_entry"]
)
def test_a_database_without_its_protections(tmp_path, statement):
    app = ready(tmp_path / "data")
    with app.app_context(), db.transaction("write", "test"), db.db.engine.begin() as connection:
        connection.execute(text(statement))
    close_all()
    assert "mancano protezioni" in refused(tmp_path / "data")


# --- one program at a time -------------------------------------------------------------------------------------------


def test_a_second_program_on_the_same_file(folder):
    hold = "app = kernel(Path(sys.argv[1])); db.claim(app); print('mine', flush=True); sys.stdin.read()"
    first = program(hold, folder, stdin=subprocess.PIPE)
    try:
        assert first.stdout.readline() == "mine\n"
        assert "è già aperta" in refused(folder)
        app = kernel(folder)
        with app.app_context(), db.transaction("read"), db.db.engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM person"))  # to read is allowed
        with pytest.raises(CannotStart), app.app_context(), db.transaction("write", "test"):
            db.db.engine.connect().execute(text("DELETE FROM person"))
    finally:
        first.kill()  # as in a power cut: the lock dies with its program
        first.communicate()
    db.claim(app)


def test_the_sentence_is_all_that_is_shown(folder):
    """Of the real command: no trace, exit status 1."""
    (folder / "staffetta.key").chmod(0o644)
    environment = os.environ | {"STAFFETTA_INSTANCE": str(folder)}
    environment.pop("STAFFETTA_DATABASE_URL", None)
    command = [sys.executable, "-m", "flask", "--app", "app", "migrate"]
    done = subprocess.run(command, cwd=config.ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and not done.stdout
    assert [
        line for line in done.stderr.splitlines() if "RuntimeDirWarning" not in line and "user_runtime_dir" not in line
    ] == [
        f"Error: La chiave della banca dati ({folder / 'staffetta.key'}) può essere letta da altri: esegui chmod 600 e riprova."
    ]
