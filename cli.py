"""Commands: `flask --app app serve | demo | backup | restore | audit-verify | new-password`."""

import logging
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from core import audit, derived
from core.config import CannotStart
from core.db import claim, db, transaction


def init_app(app):
    for command in (serve, migrate, demo, backup, restore, audit_verify, new_password):
        app.cli.add_command(command)


@click.command()
def serve():
    """Migrate the database and serve."""
    from serve import serve as run

    app = current_app._get_current_object()
    prepare(app)
    if code := app.extensions["setup_code"]():
        click.echo(f"\n  Primo avvio. Apri la pagina e scrivi questo codice:  {code}")
    run(app)


@click.command()
def migrate():
    """Bring the database to this version of the program (serve does it too)."""
    prepare(current_app._get_current_object())
    click.echo("La banca dati è aggiornata.")


def prepare(app):
    """Claim the database, refuse a newer one, migrate an older one after a backup, check the generated objects."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from flask_migrate import upgrade

    logging.getLogger("alembic").setLevel(logging.WARNING)
    claim(app)
    script = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
    with transaction("read"), db.engine.connect() as connection:
        now = MigrationContext.configure(connection).get_current_revision()
    if now is not None and now not in {r.revision for r in script.walk_revisions()}:
        raise CannotStart(
            "La banca dati è di una versione più nuova di Staffetta: installa quella versione, questa la rovinerebbe."
        )
    if now != script.get_current_head():
        if now is not None:
            from core import backup as copies

            tell_recovery_key()
            copies.make()
        with transaction("write", "system"):
            upgrade(directory=app.extensions["migrate"].directory)
    with transaction("read"), db.engine.connect() as connection:
        gone = derived.missing(connection)
    if gone:
        raise CannotStart(
            f"Nella banca dati mancano protezioni che dovrebbero esserci ({', '.join(gone[:3])}…): rimetti una copia di sicurezza o chiedi aiuto."
        )


def tell_recovery_key():
    """Print the recovery key the one time it can be seen."""
    from core import backup as copies

    if key := copies.recovery_key_once():
        click.echo("\n  Chiave di recupero. Scrivila su carta e tienila lontano da qui: non si vede mai più.")
        click.echo(f"\n  {key}\n")


@click.command()
@click.option(
    "--size",
    type=click.Choice(["S", "M", "L"]),
    help="Load the volumes of a typical, a large cooperative, or a network.",
)
def demo(size):
    """Load the demonstration cooperative; users and passwords are printed."""
    import demo as data

    prepare(current_app._get_current_object())
    tell_recovery_key()
    for line in data.load_size(size) if size else data.load():
        click.echo(line)


@click.command()
@click.option(
    "--to", "folder", type=click.Path(file_okay=False), help="Where to write it (default: the backup folder)."
)
def backup(folder):
    """Copy everything, encrypted, and prove the copy by opening it."""
    from core import backup as copies

    tell_recovery_key()
    click.echo(copies.make(folder))


@click.command()
@click.argument("copy", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--key",
    "key_file",
    type=click.Path(exists=True, dir_okay=False),
    help="File with the recovery key (else it is asked for).",
)
def restore(copy, key_file):
    """Put a backup into an empty data folder, on this or on a new machine."""
    from core import backup as copies

    key = Path(key_file).read_text() if key_file else click.prompt("Chiave di recupero", hide_input=True)
    claim(current_app._get_current_object())
    click.echo(copies.restore(copy, key.strip()))


@click.command("audit-verify")
def audit_verify():
    """Recompute the chain of the audit; exit status 1 when a row does not fit."""
    with transaction("read"):
        verdict = audit.verify()
    if verdict.broken_at is None:
        click.echo(f"Il registro è integro: {verdict.rows} righe, ultima impronta {verdict.head[:16]}.")
    else:
        raise click.ClickException(
            f"Il registro è stato alterato alla riga {verdict.broken_at}: le righe prima sono integre ({verdict.rows})."
        )


@click.command("new-password")
@click.argument("username")
def new_password(username):
    """Give an account a new first password, to be changed at sign-in (when nobody can sign in any more)."""
    import secrets

    from access.passwords import hash_password
    from models.account import User
    from models.session import Session

    password = "-".join(secrets.token_hex(2) for _ in range(3))
    with transaction("write", "cli"):
        user = db.session.scalar(select(User).where(User.username == username.casefold()))
        if user is None:
            raise click.ClickException("Non c'è nessun account con questo nome utente.")
        user.password, user.must_change_password, user.active = hash_password(password), True, True
        Session.revoke_all(user.id)
        db.session.commit()
    click.echo(f"Nuova password per {user.username}: {password}")
