"""Words: everything people read goes through the catalogue, both languages are whole, dates are those of Italy."""

import ast
import gettext
import json
import re
import subprocess
import sys
from datetime import date, datetime, time
from html import unescape
from io import BytesIO

import pytest
import wtforms
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from werkzeug.datastructures import MultiDict

from core import clock, i18n
from core.config import ROOT
from core.errors import SENTENCES
from core.forms import Choice, Clock, Day, Form, Minutes, Required, Text, instant
from tools.lint_templates import covered, tags

from . import people
from .conftest import Browser

ENGLISH = ROOT / "translations/en/LC_MESSAGES/messages.po"
MAKEFILE = (ROOT / "Makefile").read_text()
CODE = [
    *ROOT.glob("*.py"),
    *(path for folder in ("core", "access", "models", "blueprints") for path in (ROOT / folder).rglob("*.py")),
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CALLS = ("_", "lazy", "gettext", "ngettext", "N_")  # what marks a message, as the Makefile and Babel know it

# The terminal speaks to whoever installs, in Italian; what refuses to start is said there.
TERMINAL = {"cli.py", "serve.py", "core/config.py", "core/db.py", "access/__init__.py"}
# Kept in the database as the cooperative's own words, whatever language the colleague reads.
DATA = {
    "il titolare non lavora più qui",
    "Inserimento lavorativo\nSportello di ascolto\nAccompagnamento all'abitare",
}
BARE_WORDS = {
    "Staffetta",
    "min",
    "kB",
    "Ctrl",
    "Esc",
    "Tab",
}  # a name, two units and three keys: the same in every language


def placeholders(text):
    return set(re.findall(r"%\(\w+\)[sd]|%[sd]", text))


@pytest.fixture(scope="module")
def english():
    return read_po(BytesIO(ENGLISH.read_bytes()))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """The messages of the code, collected with the keywords and the mapping of the Makefile."""
    pot = tmp_path_factory.mktemp("words") / "messages.pot"
    recipe = re.search(r"pybabel -q extract (.*?) -o ", MAKEFILE.replace("\\\n", " "))[1]
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *recipe.split(), "-o", str(pot), "."]
    subprocess.run(babel, cwd=ROOT, check=True)
    return read_po(BytesIO(pot.read_bytes()))


def forms(text):
    """The singular and the plural, or the one form there is."""
    return (text,) if isinstance(text, str) else tuple(text)


# The catalogue


def test_every_message_has_its_english_words(extracted, english):
    missing = [m.id for m in extracted if m.id and (m.id not in english or not english[m.id].string)]
    assert not missing, "run make translations and fill translations/en: " + "; ".join(map(str, missing))


def test_nothing_is_left_over_or_unsure(extracted, english):
    assert not english.obsolete
    assert not [m.id for m in english if m.fuzzy and m.id]
    assert not [m.id for m in english if m.id and m.id not in extracted], "run make translations"


def test_plural_forms_are_filled(english):
    plurals = [m for m in english if isinstance(m.id, tuple)]
    assert plurals and english.num_plurals == 2
    assert not [m.id for m in plurals if len(m.string) != 2 or not all(m.string)]


def test_placeholders_are_the_same(english):
    """A singular may say "one" where the plural counts; nothing else may differ."""
    for message in filter(lambda m: m.id, english):
        for ours, theirs in zip(forms(message.id), forms(message.string), strict=True):
            assert placeholders(ours) == placeholders(theirs), ours
            assert ours.count("%%") == theirs.count("%%"), ours
            assert (ours[:1].isspace(), ours[-1:].isspace()) == (theirs[:1].isspace(), theirs[-1:].isspace()), ours
            for sign in "<>&":  # messages are HTML in templates: no markup comes in by the catalogue
                assert sign not in theirs, theirs


def test_an_emptied_translation_would_be_seen(extracted):
    emptied = read_po(BytesIO(ENGLISH.read_bytes()))
    emptied["Salva la nota"].string = ""
    with pytest.raises(AssertionError, match="Salva la nota"):
        test_every_message_has_its_english_words(extracted, emptied)


def test_make_finds_the_keywords_and_compiles_the_catalogue(tmp_path, english):
    recipe = MAKEFILE.partition("\ntranslations:")[2].partition("\n\n")[0]
    assert "-F babel.cfg" in recipe and "-k lazy " in recipe and "--ignore-obsolete" in recipe
    assert "pybabel -q compile -i $< -o $@" in MAKEFILE
    made = tmp_path / "messages.mo"
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q", "compile", "-i", str(ENGLISH), "-o", str(made)]
    subprocess.run(babel, cwd=ROOT, check=True)
    words = gettext.GNUTranslations(BytesIO(made.read_bytes()))
    assert words.gettext("Salva la nota") == english["Salva la nota"].string == "Save the note"
    assert words.ngettext("%(num)s caso", "%(num)s casi", 2) == "%(num)s cases"


def test_the_compiled_catalogue_is_the_one_written(english):
    """`make run` and `make test` compile it; by hand, `make catalogues`."""
    compiled = read_mo(BytesIO(ENGLISH.with_suffix(".mo").read_bytes()))
    words = [{forms(m.id): forms(m.string) for m in side if m.id} for side in (compiled, english)]
    assert words[0] == words[1]


# What people read comes from the catalogue


def marked(tree):
    """The strings that stand in `_()`, `lazy()` and their like."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in CALLS:
            yield from (arg for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def test_every_marked_message_is_found_by_the_extraction(extracted):
    """Babel does not look into f-strings: a message in there would stay Italian for ever."""
    known = {text for m in extracted if m.id for text in forms(m.id)}
    lost = {f"{path.name}: {a.value}" for path in CODE for a in marked(ast.parse(path.read_text())) if a.value}
    assert not {line for line in lost if line.partition(": ")[2] not in known}


ITALIAN = re.compile(
    r"[àèéìòù]|\b(il|lo|gli|le|un|una|di|del|della|dei|che|non|per|con|da|sono|questo|questa|tra|dal|nel)\b", re.I
)


def italian_outside(source):
    """Italian sentences of Python code that no catalogue would translate."""
    tree = ast.parse(source)
    fine = {id(arg) for arg in marked(tree)}
    fine |= {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in fine else ""
        if isinstance(text, str) and len(re.findall(r"[^\W\d_]{2,}", text)) > 1 and ITALIAN.search(text):
            yield text


def test_code_says_nothing_in_italian_outside_the_catalogue():
    found = {}
    for path in CODE:
        name = str(path.relative_to(ROOT))
        if name not in TERMINAL:
            said = {text for text in italian_outside(path.read_text()) if text not in DATA and "<html" not in text}
            if said:
                found[name] = said
    assert not found


def test_a_forgotten_sentence_in_code_is_found():
    assert list(italian_outside('x = "Non si può salvare"')) == ["Non si può salvare"]
    assert not list(italian_outside('"""Una frase."""\nx = _("Non si può salvare")\ny = "case-changed"'))


SHOWN = ("aria-label", "aria-description", "title", "placeholder", "alt", "data-offline", "data-online", "label")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
ENTITY = re.compile(r"&\w+;")


def said_outside(source):
    """Words of a template that stand outside `{{ _() }}`: text, attributes that are read out, strings in expressions."""
    bare = covered(re.sub(r"\{% block body_class %\}[^{]*", "", source))
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", bare, flags=re.S)
    text = re.sub(r"""[\w-]+="[^"]*"|\brequired\b""", " ", re.sub(r"""<(?:"[^"]*"|'[^']*'|[^'">])*>""", " ", text))
    text = ENTITY.sub(" ", text).replace("\ue000", " ")
    for tag in tags(source):
        for name in SHOWN:
            text += " " + JINJA.sub(" ", tag.attributes.get(name) or "")
    yield from (word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in BARE_WORDS)
    yield from italian_strings(source)


def italian_strings(source):
    tree = Environment(trim_blocks=True, lstrip_blocks=True).parse(source)
    fine = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in CALLS:
            fine |= {id(arg) for arg in call.args}
    for node in tree.find_all(nodes.Const):
        text = node.value if isinstance(node.value, str) and id(node) not in fine else ""
        if " " in text.strip() and ITALIAN.search(text):
            yield text


def test_templates_say_nothing_outside_the_catalogue():
    found = {str(path.relative_to(ROOT)): set(said_outside(path.read_text())) for path in TEMPLATES}
    assert not {name: words for name, words in found.items() if words}


@pytest.mark.parametrize(
    "source",
    [
        "<p>Salva</p>",
        "<a>{{ x }} giorni</a>",
        '<button aria-label="Chiudi">x</button>',
        '<img alt="Il logo {{ x }}">',
        '{{ x or "niente da dire" }}',
        '<input placeholder="Nome">',
    ],
)
def test_a_forgotten_word_in_a_template_is_found(source):
    assert list(said_outside(source))


@pytest.mark.parametrize(
    "source",
    [
        '<p class="soft">{{ _("Salva") }}</p>',
        "<title>{% block title %}{% endblock %} · Staffetta</title>",
        "{# Why: because #}<img alt=\"{{ _('Il logo') }}\">",
        '{% set a = "row-go d-flex" %}<hr>',
    ],
)
def test_words_of_the_catalogue_pass(source):
    assert not list(said_outside(source))


# Dates

UTC_AND_WALL = [  # the two nights of 2026 in which the clocks change, and the midnights around them
    ("2026-03-28T23:30", "29/03/2026", "0:30"),
    ("2026-03-29T00:59", "29/03/2026", "1:59"),
    ("2026-03-29T01:00", "29/03/2026", "3:00"),
    ("2026-03-29T21:59", "29/03/2026", "23:59"),
    ("2026-03-29T22:00", "30/03/2026", "0:00"),
    ("2026-10-24T21:59", "24/10/2026", "23:59"),
    ("2026-10-24T22:00", "25/10/2026", "0:00"),
    ("2026-10-25T00:30", "25/10/2026", "2:30"),
    ("2026-10-25T01:30", "25/10/2026", "2:30"),
    ("2026-10-25T22:59", "25/10/2026", "23:59"),
    ("2026-10-25T23:00", "26/10/2026", "0:00"),
    ("2026-12-31T23:00", "01/01/2027", "0:00"),
]


@pytest.mark.parametrize("stored, day, hour", UTC_AND_WALL)
@pytest.mark.parametrize("locale", ["it", "en"])
def test_instants_are_shown_by_the_italian_clock(stored, day, hour, locale):
    instant_ = datetime.fromisoformat(stored)
    with i18n.speaking(locale):
        assert i18n.date_text(instant_) == day
        assert i18n.time_text(instant_) == hour
        assert i18n.datetime_text(instant_) == f"{day} {hour}"


@pytest.mark.parametrize("day, hours", [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 11, 23), 24)])
def test_a_day_of_the_clock_change_has_its_hours(day, hours):
    first, after = clock.day_bounds(date(*day))
    assert (after - first).total_seconds() == hours * 3600
    assert i18n.date_text(first) == i18n.date_text(date(*day)) != i18n.date_text(after)


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25), date(2026, 10, 26)])
@pytest.mark.parametrize("hour", [time(0, 5), time(1, 30), time(3, 15), time(9, 30), time(23, 55)])
def test_what_is_typed_comes_back_as_it_was(day, hour):
    stored = instant(day, hour)
    assert i18n.datetime_text(stored) == f"{day:%d/%m/%Y} {hour.hour}:{hour.minute:02}"


def test_days_ago_counts_italian_days():
    """Half an hour after midnight, an evening call was yesterday; the short and the long night count as one."""
    for night, call in (("2026-03-28T23:30", "2026-03-28T20:00"), ("2026-10-25T23:10", "2026-10-25T22:50")):
        with clock.at(datetime.fromisoformat(night)), i18n.speaking("it"):
            assert i18n.days_ago(datetime.fromisoformat(call)) == "ieri"
    with clock.at(datetime(2026, 3, 30, 8)):
        for locale, said in (("it", ["oggi", "ieri", "2 giorni fa", "mai"]), ("en", ["today", "yesterday", "2 days ago", "never"])):  # fmt: skip
            with i18n.speaking(locale):
                days = [date(2026, 3, 30), date(2026, 3, 29), date(2026, 3, 28), None]
                assert [i18n.days_ago(day) for day in days] == said


MONDAYS = [date(2026, month, next(d for d in range(1, 8) if date(2026, month, d).weekday() == 0)) for month in range(1, 13)]  # fmt: skip
IT_MONTHS = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
EN_MONTHS = "January February March April May June July August September October November December".split()


@pytest.mark.parametrize("locale, monday, months", [("it", "lunedì", IT_MONTHS), ("en", "Monday", EN_MONTHS)])
def test_months_have_their_names(locale, monday, months):
    with clock.at(datetime(2026, 6, 1)), i18n.speaking(locale):
        for day, month in zip(MONDAYS, months, strict=True):
            assert i18n.long_date(day) == f"{monday} {day.day} {month}"
            assert i18n.full_date(day) == f"{day.day} {month} 2026"
            assert i18n.short_date(day) == f"{day.day} {month[:3]}"
        assert i18n.long_date(date(2027, 2, 1)) == f"{monday} 1 {months[1]} 2027"
        assert i18n.short_date(date(2025, 2, 3)) == f"3 {months[1][:3]} 2025"


def test_weekdays_have_their_names():
    week = [date(2026, 11, 23 + n) for n in range(7)]
    for locale, names in (
        ("it", "lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        ("en", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    ):
        with i18n.speaking(locale):
            assert " ".join(map(i18n.weekday, week)) == names
    with i18n.speaking("it"):
        assert i18n.weekday(datetime(2026, 10, 25, 22, 59)) == "domenica"
        assert i18n.weekday(datetime(2026, 10, 25, 23, 0)) == "lunedì"


def test_dates_of_a_page_are_italian(as_giulia, case):
    """Ten past midnight of the day the clocks change is still the evening before in UTC: the page says Sunday."""
    form = {"kind": "phone", "text": "Ha chiamato la notte.", "on": "2026-10-25", "hour": "00:10"}
    with clock.at(datetime(2026, 10, 28, 9)):
        as_giulia.post(f"/cases/{case}/notes/new", form)
        page = as_giulia.get(f"/cases/{case}").text
    assert "<b>25 ott</b>domenica" in page and "24 ott" not in page


# Pages in the language of who reads


def words_of(html):
    """What a page says: text and read-out attributes, without the sheets for the person, which are always Italian."""
    html = re.sub(r'<article class="a4.*?</article>', " ", html, flags=re.S)
    html = re.sub(r"<(script|style|option)\b.*?</\1>", " ", html, flags=re.S)
    read_out = " ".join(re.findall(r'(?:aria-label|title|placeholder|alt|data-offline|data-online)="([^"]*)"', html))
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " | ", html) + " | " + read_out))


def sentences(catalogue, side):
    """The whole messages of one side that could not be taken for data or for the other language."""
    for message in catalogue:
        if message.id and isinstance(message.id, str) and "%" not in message.id:
            ours = getattr(message, side)
            if ours != getattr(message, "string" if side == "id" else "id") and len(ours) > 11 and " " in ours:
                yield " ".join(ours.split())


@pytest.fixture
def as_english(app):
    """The browser of somebody who chose English."""

    def chosen(me):
        browser = Browser(app, me)
        browser.post("/me", {"locale": "en", "theme": "auto"})
        return browser

    return chosen


def pages(app, case):
    """Every page that opens without an address of its own, or with that of a case."""
    for rule in app.url_map.iter_rules():
        own = rule.arguments <= {"case_id"} and rule.endpoint.partition(".")[0] not in ("setup", "static")
        if "GET" in rule.methods and own and not rule.rule.endswith((".pdf", "/logo")):
            yield rule.rule.replace("<int:case_id>", str(case))


@pytest.mark.parametrize("who", ["giulia", "elena", "ada", "rita"])
@pytest.mark.parametrize("locale", ["it", "en"])
def test_pages_speak_one_language(app, as_english, english, request, case, who, locale):
    me = request.getfixturevalue(who)
    browser = as_english(me) if locale == "en" else Browser(app, me)
    wrong = [s for s in sentences(english, "id" if locale == "en" else "string")]
    seen = 0
    for url in pages(app, case):
        response = browser.client.get(url)
        if response.mimetype != "text/html" or response.status_code >= 300:
            continue
        seen += 1
        if "<html" in response.text:
            assert f'<html lang="{locale}"' in response.text, url
        said = words_of(response.text)
        assert not [s for s in wrong if f"| {s} |" in said or (len(s) > 24 and s in said)], url
    assert seen >= 8


def test_the_language_is_the_account_s_and_not_the_browser_s(as_english, as_giulia, as_elena, giulia, case):
    assert "Buon" in as_elena.get("/").text
    page = as_english(giulia).get(f"/cases/{case}").text
    assert "Write a note" in page and "Scrivi una nota" not in page and "Reported" in page
    page = as_elena.get(f"/cases/{case}", headers={"Accept-Language": "en"}).text
    assert '<html lang="it"' in page and "Scrivi una nota" in page and "Segnalato" in page


def test_a_fragment_has_the_language_of_its_page(as_english, giulia, case):
    text = as_english(giulia).swap("appointments_glance", f"/cases/{case}/appointments").text
    assert "<html" not in text and "None planned." in text


def test_whoever_is_not_signed_in_reads_the_language_chosen_at_the_door(as_nobody):
    assert "Entra" in as_nobody.get("/sign-in").text
    as_nobody.post("/language", {"locale": "en"})
    page = as_nobody.get("/sign-in").text
    assert '<html lang="en"' in page and "Sign in" in page and "Username" in page
    page = as_nobody.post("/sign-in", {"username": "giulia", "password": "no"}, 422).text
    assert "Username and password do not match." in page


def test_what_was_saved_is_said_in_english(as_english, giulia, case):
    browser = as_english(giulia)
    browser.post(f"/cases/{case}/todos/new", {"what": "Telefonare", "due_on": clock.today().isoformat(), "owner_id": giulia.id})  # fmt: skip
    assert "Reminder added." in browser.get(f"/cases/{case}").text


def test_a_refusal_of_the_domain_is_said_in_english(as_english, giulia, case):
    page = as_english(giulia).post(f"/cases/{case}/moves/receive", {"language": "Italiano"}, 422).text
    assert "Write when you gave the privacy notice" in unescape(page)


# Errors


@pytest.mark.parametrize("status, url", [(404, "/cases/999999"), (404, "/non-esiste"), (405, "/sign-out")])
def test_error_pages_speak_both_languages(as_english, as_elena, giulia, english, status, url):
    with i18n.speaking("it"):
        title = str(SENTENCES[status][0])
    assert title in unescape(as_elena.get(url, status).text)
    page = unescape(as_english(giulia).get(url, status).text)
    assert '<html lang="en"' in page and english[title].string in page and title not in page


def test_refusals_speak_english(as_english, giulia, rita, case):
    page = unescape(as_english(rita).get(f"/cases/{case}/notes/new", 403).text)
    assert "This is not something you can do" in page and "talk to a coordinator" in page
    page = unescape(as_english(giulia).client.post(f"/cases/{case}/take", data={}).text)
    assert "This request is incomplete" in page


def test_errors_inside_a_fragment_speak_english(as_english, rita, case):
    response = as_english(rita).swap("note_form", f"/cases/{case}/notes/new", expect=403)
    assert "This is not something you can do" in json.loads(response.headers["HX-Trigger"])["staffetta:said"]["text"]


def test_two_texts_are_shown_in_english(as_english, giulia, case):
    browser = as_english(giulia)
    browser.post("/me", {"locale": "en", "theme": "light"})
    page = unescape(browser.post("/me", {"locale": "en", "theme": "dark", "version": "1"}, 409).text)
    assert "Two texts, neither lost" in page and "Saved just now" in page


class EveryField(Form):
    """One of each, with the rules of the library as they come."""

    needed = wtforms.StringField(validators=[wtforms.validators.DataRequired()])
    whole = wtforms.IntegerField()
    number = wtforms.DecimalField()
    long = wtforms.StringField(validators=[wtforms.validators.Length(max=3)])
    between = wtforms.IntegerField(validators=[wtforms.validators.NumberRange(1, 5)])
    same = wtforms.StringField(validators=[wtforms.validators.EqualTo("long")])
    ours = Text(validators=[Required()])
    longer = Text(most=3)
    day = Day()
    hour = Clock()
    minutes = Minutes()
    choice = Choice(choices=[("a", "A")])


TYPED = {"whole": "x", "number": "x", "long": "four", "between": "9", "same": "z", "ours": "  ", "longer": "quattro"}
TYPED |= {"day": "31/02/2026", "hour": "25:70", "minutes": "x", "choice": "b"}
SAID = {
    "it": {
        "needed": "Questo campo è obbligatorio.",
        "ours": "Serve una risposta qui.",
        "longer": "È troppo lungo: al massimo 3 caratteri.",
        "day": "Questa data non esiste: scrivila così, 23/11/2026.",
        "minutes": "Scrivi i minuti con le cifre, per esempio 40.",
    },
    "en": {
        "needed": "This field is required.",
        "ours": "An answer is needed here.",
        "longer": "Too long: 3 characters at most.",
        "day": "This date does not exist: write it like this, 23/11/2026.",
        "minutes": "Write the minutes in digits, for example 40.",
    },
}


def test_form_errors_speak_the_language_of_who_types():
    said = {}
    for locale in ("it", "en", "it"):  # back again: what the library keeps is not another colleague's language
        with i18n.speaking(locale):
            form = EveryField(MultiDict(TYPED))
            assert not form.validate()
            said[locale] = {name: str(errors[0]) for name, errors in form.errors.items()}
        assert {name: said[locale][name] for name in SAID[locale]} == SAID[locale]
    assert said["it"].keys() == said["en"].keys() == TYPED.keys() | {"needed"}
    assert not set(said["it"].values()) & set(said["en"].values())


def test_form_errors_of_a_page_are_english(as_english, giulia, case):
    form = people.note_form(text="", on="31/02/2026")
    page = unescape(as_english(giulia).post(f"/cases/{case}/notes/new", form, 422).text)
    assert "This date does not exist" in page and "Not saved: check the marked fields." in page
    assert "non esiste" not in page and "Scrivi che cosa" not in page


# The handbook


def test_the_handbook_calls_things_as_the_screens_do(extracted):
    """What stands in bold in the workers' handbook is what a screen says, letter for letter."""
    said = {text for m in extracted if m.id for text in forms(m.id)} | set(i18n.LANGUAGES.values())
    bold = set(re.findall(r"\*\*(.+?)\*\*", (ROOT / "docs/manuale.md").read_text())) - {"grassetto"}
    assert len(bold) > 100
    assert not {words for words in bold if words not in said and words.removesuffix("…") not in said}


def test_the_help_page_calls_things_as_the_screens_do(extracted):
    said = {text for m in extracted if m.id for text in forms(m.id)}
    page = (ROOT / "templates/accounts/help_show.html").read_text()
    assert not set(re.findall(r"«(.+?)»", page)) - said
