"""The first start: nobody without the code, then a cooperative in one page."""

import io
import logging
from datetime import timedelta

import pytest
import time_machine
from PIL import Image
from sqlalchemy import func, select

import demo
from access import passwords
from core import clock
from core.audit import Audit
from core.db import db
from core.files import StoredFile
from models.account import Team, User
from models.organisation import Organisation, Service
from models.session import identity_of

from ..conftest import Browser

HOUSE = {
    "name": "Cooperativa Il Filo",
    "address": "Via Roma 1",
    "town": "40100 Bologna",
    "phone": "051 000",
    "email": "ciao@ilfilo.example",
    "admin_name": "Ada Conti",
    "admin_username": "Ada.Conti",
    "admin_password": "tre gatti sul tetto",
    "services": "Inserimento lavorativo\n\n  Sportello casa \nSPORTELLO CASA",
    "team": "Équipe Centro",
    "worker_name": "Giulia Ferraris",
    "worker_username": "giulia",
    "worker_password": "quattro cani in cortile",
    "coordinates": "y",
}
SECRETS = [value for name, value in HOUSE.items() if name.endswith("password")]


def picture(kind="PNG", size=(1600, 400), **more):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def send(browser, expect=303, logo=None, **changes):
    data = {**HOUSE, **changes}
    data = {k: v for k, v in data.items() if v is not None}
    if logo is not None:
        data["logo"] = (io.BytesIO(logo), "il-nostro-logo.png")
    return browser.post("/setup", data, expect, content_type="multipart/form-data")


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize("url", ["/", "/sign-in", "/me", "/cases", "/logo", "/setup"])
def test_every_page_leads_to_the_code(starter, url):
    location = starter.client.get(url).location
    assert location in ("/setup", "/setup/code") or starter.client.get(url).status_code == 404
    assert "Il codice" in starter.get("/setup", follow_redirects=True).text


def test_fragments_and_forms_lead_there_too(starter):
    assert starter.client.get("/me", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/setup"
    assert starter.post("/sign-in", {"username": "x", "password": "y"}).location == "/setup"


def test_nobody_reaches_the_wizard_without_the_code(starter):
    starter.client.set_cookie("first-start", "guessed", path="/setup")
    assert starter.get("/setup", 303).location == "/setup/code"
    assert starter.get("/setup/done", 303).location == "/setup/code"
    assert send(starter).location == "/setup/code"
    assert starter.post("/setup/demo").location == "/setup/code"
    assert starter.post("/setup/done").location == "/setup/code"
    assert count(Organisation) == 0


def test_without_a_printed_code_no_code_is_right(starter):
    for typed in ("", "None", "nobody"):
        starter.post("/setup/code", {"code": typed}, 422)


def test_code_is_readable_and_taken_however_it_is_typed(starter):
    code = starter.app.extensions["setup_code"]()
    assert len(code) == 9 and not set(code) & set("0O1I5S2Z")
    response = starter.post("/setup/code", {"code": f" {code.lower().replace('-', ' ')} "})
    assert response.location == "/setup"
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/setup" in cookie
    assert "La vostra cooperativa" in starter.get("/setup").text


def test_new_code_replaces_the_old_one(starter):
    old = starter.app.extensions["setup_code"]()
    new = starter.app.extensions["setup_code"]()
    assert "Non è questo" in starter.post("/setup/code", {"code": old}, 422).text
    starter.post("/setup/code", {"code": new})


def test_thirty_wrong_codes_cost_five_hashes_a_minute(starter):
    code = starter.app.extensions["setup_code"]()
    before = passwords.hashed
    statuses = [starter.client.post("/setup/code", data={"code": f"WRONG{n}"}).status_code for n in range(30)]
    assert passwords.hashed - before == 5 and statuses == [422] * 5 + [429] * 25
    starter.post("/setup/code", {"code": code}, 429)
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=True):
        starter.post("/setup/code", {"code": code})


def test_one_page_founds_the_cooperative(inside):
    assert send(inside).location == "/setup/done"
    house = db.session.scalar(select(Organisation))
    assert (house.name, house.town, house.logo_id) == ("Cooperativa Il Filo", "40100 Bologna", None)
    assert db.session.scalars(select(Service.name).order_by(Service.name)).all() == [
        "Inserimento lavorativo",
        "Sportello casa",
    ]
    ada, giulia = (db.session.scalar(select(User).where(User.username == name)) for name in ("ada.conti", "giulia"))
    team = db.session.scalar(select(Team))
    assert identity_of(ada.id).roles == {"administrator"} and not identity_of(ada.id).team_ids
    assert identity_of(giulia.id).roles == {"worker", "coordinator"}
    assert identity_of(giulia.id).team_ids == (team.id,)
    assert giulia.must_change_password and not ada.must_change_password


def test_first_worker_may_be_only_a_worker(inside):
    send(inside, coordinates=None)
    giulia = db.session.scalar(select(User).where(User.username == "giulia"))
    assert identity_of(giulia.id).roles == {"worker"}


def test_founding_stands_in_the_audit_as_such(inside):
    send(inside)
    rows = db.session.execute(select(Audit.actor, Audit.verb).where(Audit.tbl == "organisation", Audit.actor != "test"))
    assert {tuple(row) for row in rows} == {("setup", "insert")}


def test_recovery_key_is_shown_until_it_is_taken_and_never_again(inside):
    send(inside)
    first, second = inside.get("/setup/done").text, inside.get("/setup/done").text
    assert "AGE-SECRET-KEY-" in first and "AGE-SECRET-KEY-" in second and "data-print" in first
    Browser(inside.app).get("/setup/done", 404)
    assert inside.post("/setup/done").location == "/sign-in"
    inside.get("/setup/done", 404)
    Browser(inside.app).get("/setup/done", 404)
    assert inside.app.extensions["first_start"].recovery_key is None


def test_code_dies_when_all_is_ready(empty, inside):
    send(inside)
    assert empty.extensions["setup_code"]() is None and empty.extensions["first_start"].code is None
    stranger = Browser(empty)
    for url in ("/setup", "/setup/code", "/setup/done"):
        stranger.get(url, 404)
    stranger.post("/setup/demo", expect=404)
    assert inside.get("/setup", 303).location == "/setup/done"
    assert inside.post("/setup/code", {"code": "x"}).location == "/setup/done"


def test_who_was_created_can_sign_in(inside):
    send(inside)
    inside.post("/setup/done")
    for username, password in (("ada.conti", SECRETS[0]), ("giulia", SECRETS[1])):
        Browser(inside.app).post("/sign-in", {"username": username, "password": password})


def test_second_tap_founds_nothing_twice(inside):
    keys = inside.keys(HOUSE)
    inside.post("/setup", keys)
    assert inside.post("/setup", keys).location == "/setup/done"
    assert send(inside).location == "/setup/done"
    assert count(Organisation) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Serve una risposta qui."),
        ({"services": "\n \n"}, "Serve una risposta qui."),
        ({"services": "a" * 81}, "al massimo 80 caratteri"),
        ({"email": "nessuna"}, "Controlla l"),
        ({"admin_username": "ada conti"}, "Solo lettere, numeri, punto e trattino"),
        ({"worker_username": "ADA.CONTI"}, "Servono due nomi utente diversi"),
        ({"admin_password": "corta"}, "La password è corta"),
        ({"worker_password": "giulia"}, "La password è corta"),
        ({"worker_password": "cooperativa"}, "scegline una meno comune"),
        ({"logo": b"<svg></svg>"}, "PNG o JPEG"),
        ({"logo": b"GIF89a" + b"0" * 100}, "PNG o JPEG"),
    ],
)
def test_mistakes_are_told_and_what_was_typed_stays(inside, changes, sentence):
    text = send(inside, 422, **changes).text
    assert sentence in text and "Équipe Centro" in text and "051 000" in text and "Via Roma 1" in text
    assert not [secret for secret in SECRETS if secret in text]
    assert count(Organisation) == count(User) == count(StoredFile) == 0
    data = {**HOUSE, **changes}
    logo = data.pop("logo", None)
    fragment = inside.swap(
        "house_form", "/setup", {**data, **({"logo": (io.BytesIO(logo), "x.png")} if logo else {})}, 422,
        content_type="multipart/form-data",
    ).text  # fmt: skip
    assert fragment.lstrip().startswith('<form id="house_form"') and sentence in fragment


def test_logo_is_drawn_again_small_and_without_what_else_was_in_it(inside):
    exif = Image.Exif()
    exif[0x010E] = "canarino"
    original = picture("JPEG", exif=exif)
    assert b"canarino" in original
    send(inside, logo=original)
    response = Browser(inside.app).get("/logo")
    assert response.mimetype == "image/png" and response.headers["X-Content-Type-Options"] == "nosniff"
    drawn = Image.open(io.BytesIO(response.data))
    assert drawn.format == "PNG" and drawn.width <= 800 and drawn.height <= 400
    assert b"canarino" not in response.data and not drawn.getexif()
    assert 'src="/logo?v=' in Browser(inside.app).get("/sign-in").text


def test_logo_survives_an_error_elsewhere(inside):
    assert "il-nostro-logo.png è già arrivato" in send(inside, 422, logo=picture(), name="").text
    send(inside)
    assert Browser(inside.app).get("/logo").data.startswith(b"\x89PNG")


def test_bad_logo_is_forgotten(inside):
    assert "già arrivato" not in send(inside, 422, logo=b"no picture").text
    send(inside)
    Browser(inside.app).get("/logo", 404)


def test_picture_that_would_fill_the_memory_is_refused(inside):
    assert "troppo grande" in send(inside, 422, logo=picture(size=(6000, 5000))).text


def test_demonstration_shows_who_can_sign_in(inside, monkeypatch):
    def load():
        from core.db import transaction

        with transaction("write", "system"):
            db.session.add(Organisation(name="Cooperativa di prova", demo=True))
            db.session.commit()
        return ["giulia · tre parole facili", "<b>marco</b> · altre parole"]

    monkeypatch.setattr(demo, "load", load, raising=False)
    assert inside.post("/setup/demo").location == "/setup/done"
    text = inside.get("/setup/done").text
    assert "giulia · tre parole facili" in text and "&lt;b&gt;marco&lt;/b&gt;" in text and "AGE-SECRET-KEY-" in text
    assert inside.post("/setup/demo").location == "/setup/done"
    assert count(Organisation) == 1


def test_hostile_names_come_out_as_text(inside):
    evil = '"><img src=x onerror=alert(1)>{{ 7*7 }}'
    text = send(inside, 422, name=evil, team=evil, worker_username=evil, services=f"</textarea>{evil}").text
    assert "<img src=x" not in text and "</textarea>&" not in text.replace("&lt;/textarea&gt;", "")
    send(inside, name=evil, team=evil, services=evil)
    assert "<img src=x" not in Browser(inside.app).get("/sign-in").text


def test_passwords_and_code_stand_nowhere(inside, caplog):
    caplog.set_level(logging.DEBUG)
    send(inside, 422, name="")
    send(inside)
    pages = inside.get("/setup/done").text + caplog.text
    for table in db.metadata.sorted_tables:
        pages += str(db.session.execute(select(table)).all())
    assert not [secret for secret in SECRETS if secret in pages]
    assert inside.app.extensions["first_start"].code is None


def test_get_founds_nothing_and_writes_no_cookie(inside):
    for url in ("/setup", "/setup/code"):
        assert "Set-Cookie" not in inside.get(url).headers
    assert count(Organisation) == 0
    send(inside)
    before = count(Audit)
    inside.get("/setup/done")
    assert count(Audit) == before


def test_restart_after_the_first_start_asks_for_nothing(app, as_nobody):
    app.extensions["set_up"] = False
    assert app.extensions["setup_code"]() is None
    as_nobody.get("/sign-in")
    as_nobody.get("/setup", 404)
