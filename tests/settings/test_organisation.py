import io

import pytest
from PIL import Image
from sqlalchemy import select

from core.db import db, transaction
from core.files import StoredFile
from models.case import Case
from tests import people

GOOD = {
    "name": "La Spola",
    "address": "Via del Telaio 3",
    "town": "47121 Forlì",
    "phone": "0543 1",
    "email": "info@laspola.it",
    "letterhead_note": "P. IVA 1",
    "privacy_notice": "Trattiamo i tuoi dati\nper aiutarti.",
    "privacy_notice_version": "2",
}


@pytest.fixture
def organisation(row):
    return row("Organisation")


def sent(organisation, **values):
    return {**GOOD, "version": str(organisation.version), **values}


@pytest.mark.parametrize("url", ["/settings", "/settings/organisation", "/settings/logo/edit"])
@pytest.mark.parametrize("who", ["giulia", "sara", "rita"])
def test_only_who_manages_the_cooperative_opens_its_pages(request, url, who):
    request.getfixturevalue(f"as_{who}").get(url, 403)


@pytest.mark.parametrize("url", ["/settings", "/settings/organisation", "/settings/logo/edit"])
def test_a_stranger_signs_in_first(as_nobody, url):
    assert as_nobody.get(url, 303).location.startswith("/sign-in")


@pytest.mark.parametrize("who", ["elena", "ada"])
def test_the_first_page_says_how_many_and_leads_everywhere(request, who):
    html = request.getfixturevalue(f"as_{who}").get("/settings").text
    assert "2 servizi attivi" in html and "2 équipe attive" in html and "6 persone possono entrare" in html
    for url in ("organisation", "logo/edit", "services", "accounts", "teams", "audit"):
        assert f'href="/settings/{url}"' in html


def test_the_data_of_the_cooperative_are_saved(as_ada, organisation, row):
    assert as_ada.post("/settings/organisation", sent(organisation)).location == "/settings"
    saved = row("Organisation")
    assert {name: getattr(saved, name) for name in GOOD} == GOOD
    assert "Dati della cooperativa salvati" in as_ada.get("/settings").text


def test_they_are_saved_from_a_fragment_too(as_elena, organisation, row):
    answer = as_elena.swap("organisation_form", "/settings/organisation", sent(organisation), expect=204)
    assert answer.headers["HX-Redirect"] == "/settings"
    assert row("Organisation").name == "La Spola"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": " "}, "Serve una risposta"),
        ({"email": "info"}, "Controlla l&#39;indirizzo"),
        ({"phone": "1" * 61}, "troppo lungo"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(as_ada, organisation, row, values, sentence):
    for html in (
        as_ada.post("/settings/organisation", sent(organisation, town="Cesena", **values), expect=422).text,
        as_ada.swap(
            "organisation_form", "/settings/organisation", sent(organisation, town="Cesena", **values), expect=422
        ).text,
    ):
        assert sentence in html and "Cesena" in html
    assert row("Organisation").town == "47121 Forlì"


@pytest.mark.parametrize("who", ["giulia", "rita"])
def test_others_cannot_save_them(request, organisation, row, who):
    request.getfixturevalue(f"as_{who}").post("/settings/organisation", sent(organisation), expect=403)
    assert row("Organisation").name == organisation.name


def test_a_stale_save_shows_both_texts(as_ada, organisation, change, row):
    change("Organisation", {}, town="Ravenna")
    html = as_ada.post("/settings/organisation", sent(organisation, town="Cesena"), expect=409).text
    assert "Ravenna" in html and "Cesena" in html
    assert row("Organisation").town == "Ravenna"


def test_a_stale_save_in_a_fragment_shows_both_texts(as_ada, organisation, change):
    change("Organisation", {}, town="Ravenna")
    html = as_ada.swap(
        "organisation_form", "/settings/organisation", sent(organisation, town="Cesena"), expect=409
    ).text
    assert "Ravenna" in html and "Cesena" in html


def test_a_notice_that_was_given_changes_only_with_a_new_version(as_ada, giulia, change, row):
    change("Organisation", {}, privacy_notice="Prima", privacy_notice_version="1")
    people.make_case(giulia, state="received")
    first = row("Organisation")
    html = as_ada.post(
        "/settings/organisation", sent(first, privacy_notice="Dopo", privacy_notice_version="1"), expect=422
    ).text
    assert "nuovo numero di versione" in html and "Dopo" in html
    as_ada.post("/settings/organisation", sent(row("Organisation"), privacy_notice="Dopo", privacy_notice_version="2"))
    assert row("Organisation").privacy_notice == "Dopo"


def test_a_notice_nobody_was_given_may_be_corrected(as_ada, change, row):
    change("Organisation", {}, privacy_notice="Prima", privacy_notice_version="1")
    as_ada.post(
        "/settings/organisation", sent(row("Organisation"), privacy_notice="Corretta", privacy_notice_version="1")
    )
    assert row("Organisation").privacy_notice == "Corretta"


def test_markup_in_the_name_is_text(as_ada, organisation):
    as_ada.post("/settings/organisation", sent(organisation, name="<script>alert(1)</script>"))
    html = as_ada.get("/settings").text
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


# The logo


def upload(content, name="logo.png"):
    return {"logo": (io.BytesIO(content), name)}


def test_a_logo_is_drawn_again_and_shown(as_ada, as_giulia, a_picture, row):
    as_ada.post("/settings/logo/edit", upload(a_picture("JPEG", (2000, 1000)), "foto di Amina.jpg"))
    answer = as_giulia.get("/logo")
    assert answer.mimetype == "image/png"
    with Image.open(io.BytesIO(answer.data)) as image:
        assert image.format == "PNG" and image.size == (800, 400)
    assert "/logo?v=" in as_ada.get("/settings/logo/edit").text


def test_what_hides_in_a_picture_does_not_stay(as_ada, a_picture):
    exif = Image.Exif()
    exif[0x010E] = "Via Segreta 1"
    content = a_picture("JPEG", exif=exif) + b"<?php evil() ?>"
    assert b"Via Segreta" in content
    as_ada.post("/settings/logo/edit", upload(content))
    kept = as_ada.get("/logo").data
    assert b"Via Segreta" not in kept and b"php" not in kept


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"\x89PNG\r\n\x1a\n broken",
    ],
    ids=["empty", "text", "svg", "gif", "broken"],
)
def test_what_is_not_a_picture_is_refused_in_words(as_ada, row, content):
    html = as_ada.post("/settings/logo/edit", upload(content), expect=422).text
    assert "PNG o JPEG" in html
    assert row("Organisation").logo_id is None


def test_a_picture_with_too_many_points_is_refused(as_ada, a_picture, monkeypatch):
    monkeypatch.setattr("core.files.PICTURE_PIXELS", 100)
    assert "troppo grande" in as_ada.post("/settings/logo/edit", upload(a_picture()), expect=422).text


def test_no_file_is_said(as_ada):
    html = as_ada.post("/settings/logo/edit", {"logo": (io.BytesIO(b""), "")}, expect=422).text
    assert "Scegli un file" in html


def test_a_new_logo_takes_the_place_of_the_old_one(as_ada, a_picture):
    for size in ((100, 50), (60, 30)):
        as_ada.post("/settings/logo/edit", upload(a_picture(size=size)))
    db.session.rollback()
    assert len(db.session.scalars(select(StoredFile.id)).all()) == 1


def test_the_logo_can_be_taken_away(as_ada, a_picture, row):
    as_ada.post("/settings/logo/edit", upload(a_picture()))
    as_ada.post("/settings/logo/deletion")
    assert row("Organisation").logo_id is None
    as_ada.get("/settings/logo", 404)


@pytest.mark.parametrize("who", ["giulia", "rita"])
def test_others_do_not_change_the_logo(request, a_picture, row, who):
    browser = request.getfixturevalue(f"as_{who}")
    browser.post("/settings/logo/edit", upload(a_picture()), expect=403)
    browser.post("/settings/logo/deletion", expect=403)
    assert row("Organisation").logo_id is None


def test_the_logo_form_answers_with_its_block(as_ada, a_picture):
    html = as_ada.swap("logo_form", "/settings/logo/edit", upload(a_picture())).text
    assert "<html" not in html and "/logo?v=" in html


# Services and teams


LISTS = {"services": ("Service", "Sportello casa"), "teams": ("Team", "Sud")}


@pytest.fixture(params=LISTS)
def kind(request):
    return request.param


def test_a_list_shows_the_active_first(as_ada, kind, change):
    model, name = LISTS[kind]
    first = {"services": "Inserimento lavorativo", "teams": "Nord"}[kind]
    change(model, {"name": first}, active=False)
    html = as_ada.get(f"/settings/{kind}").text
    assert html.index(name) < html.index(first)
    assert "non più attivo" in html


def test_a_new_one_is_added(as_elena, kind, row):
    as_elena.post(f"/settings/{kind}/new", {"name": "Nuovo <b>"})
    assert row(LISTS[kind][0], name="Nuovo <b>").active
    assert "Nuovo &lt;b&gt;" in as_elena.get(f"/settings/{kind}").text


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_is_needed(as_elena, kind, row, name):
    target = f"{kind.removesuffix('s')}_form"
    assert "field-error" in as_elena.post(f"/settings/{kind}/new", {"name": name}, expect=422).text
    fragment = as_elena.swap(target, f"/settings/{kind}/new", {"name": name}, expect=422).text
    assert "<html" not in fragment and "field-error" in fragment


def test_two_do_not_have_the_same_name(as_elena, kind, row):
    name = LISTS[kind][1]
    html = as_elena.post(f"/settings/{kind}/new", {"name": name.upper()}, expect=422).text
    assert "già" in html and name.upper() in html


def test_it_is_renamed_and_a_stale_save_is_not(as_ada, kind, row):
    model, name = LISTS[kind]
    found = row(model, name=name)
    url = f"/settings/{kind}/{found.id}"
    as_ada.post(url, {"name": "Altro", "version": found.version})
    assert row(model, id=found.id).name == "Altro"
    html = as_ada.post(url, {"name": "Terzo", "version": found.version}, expect=409).text
    assert "Altro" in html and "Terzo" in html
    assert row(model, id=found.id).name == "Altro"


def test_it_is_not_put_away_while_cases_are_open(as_ada, giulia, sara, kind, row):
    model, name = LISTS[kind]
    by = sara if kind == "teams" else giulia
    people.make_case(by, service=LISTS["services"][1])
    db.session.rollback()
    found = row(model, name=name)
    html = as_ada.post(f"/settings/{kind}/{found.id}/deactivation", expect=422).text
    assert "un caso aperto" in html
    people.make_case(by, first="Bruna", last="Sala", service=LISTS["services"][1])
    db.session.rollback()
    fragment = as_ada.swap(
        f"{kind.removesuffix('s')}_form", f"/settings/{kind}/{found.id}/deactivation", {}, expect=422
    ).text
    assert "2 casi aperti" in fragment and "<html" not in fragment
    assert row(model, id=found.id).active


def test_it_is_put_away_and_taken_back_and_old_cases_keep_it(as_ada, giulia, sara, kind, row):
    model, name = LISTS[kind]
    by = sara if kind == "teams" else giulia
    case_id = people.make_case(by, service=LISTS["services"][1])
    with transaction("write", str(by.id)):
        db.session.rollback()
        db.session.get(Case, case_id).refuse(by=by, reason="non serve")
        db.session.commit()
    db.session.rollback()
    found = row(model, name=name)
    url = f"/settings/{kind}/{found.id}"
    as_ada.post(f"{url}/deactivation")
    assert not row(model, id=found.id).active
    db.session.rollback()
    old = db.session.get(Case, case_id)
    assert found.id == (old.team_id if kind == "teams" else old.service_id)
    assert "non più attivo" in as_ada.get(f"/settings/{kind}").text
    as_ada.get(url)
    as_ada.post(f"{url}/activation")
    assert row(model, id=found.id).active


@pytest.mark.parametrize("who", ["giulia", "rita"])
def test_others_do_not_touch_the_lists(request, kind, row, who):
    browser, found = request.getfixturevalue(f"as_{who}"), row(*LISTS[kind][:1], name=LISTS[kind][1])
    for path in ("", "/new", f"/{found.id}"):
        browser.get(f"/settings/{kind}{path}", 403)
    for path in ("/new", f"/{found.id}", f"/{found.id}/deactivation", f"/{found.id}/activation"):
        browser.post(f"/settings/{kind}{path}", {"name": "X"}, expect=403)
    assert row(LISTS[kind][0], id=found.id).name == found.name


def test_what_is_not_there_is_not_found(as_ada, kind):
    as_ada.get(f"/settings/{kind}/999", 404)
    as_ada.post(f"/settings/{kind}/999/deactivation", expect=404)
