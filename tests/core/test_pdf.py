"""What a print promises: every word, readable, from this machine's own files only, and never a hang."""

import base64
import io
import json
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
import unicodedata
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from jinja2 import StrictUndefined
from PIL import Image
from pypdf import PdfReader
from reportlab.pdfbase.ttfonts import TTFontFile

from core import pdf

ROOT = Path(__file__).resolve().parents[2]
A4 = (595.28, 841.89)
MARGIN = 16 / 25.4 * 72
HEAD = (
    '<html lang="it"><head><link rel="stylesheet" href="pdf.css"><style>@page { size: a4; margin: 16mm }</style></head>'
)
PAGE = """{% extends "base_pdf.html" %}{% from "_pdf.html" import paragraphs, entry, words, state, todo, signatures %}
{% block content %}CONTENT{% endblock %}"""


@pytest.fixture(autouse=True)
def app():
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.testing = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(lambda m: m, lambda one, many, n: one if n == 1 else many, newstyle=True)
    pdf.init_app(app)
    with app.app_context(), app.test_request_context():
        yield app


@pytest.fixture(scope="module", autouse=True)
def shared_worker():
    yield
    pdf.stop()


@pytest.fixture
def engine(monkeypatch):
    """An engine of its own, whose worker the test may break."""
    engine = pdf.Engine()
    monkeypatch.setattr(pdf, "ENGINE", engine)
    yield engine
    engine.stop()


def draw(body, **options):
    """The reader of a bare document."""
    return PdfReader(io.BytesIO(pdf.render(f"{HEAD}<body>{body}</body></html>", **options)))


def print_page(content, template=PAGE, **values):
    """The reader of a document made with base_pdf.html, as a feature makes it."""
    house = SimpleNamespace(name="Cooperativa La Spola", address_lines=["Via dei Filatoi 8", "Forlì"], logo_data=None)
    given = {
        "organisation": house,
        "printed_by": "Giulia",
        "printed_at": "oggi",
        "lang": "it",
        "document_title": "Prova",
    }
    html = render_template_string(template.replace("CONTENT", content), **given | values)
    return PdfReader(io.BytesIO(pdf.render(html)))


def text_of(reader):
    return "\n".join(page.extract_text() for page in reader.pages)


def squeeze(text):
    return re.sub(r"\s+", "", text)


def pieces(page):
    """Each drawn piece of text with its place from the left and its real size on paper, shrinking included."""
    found = []

    def visit(text, ctm, tm, _font, size):
        if text.strip():
            across = tm[4] * ctm[0] + ctm[4]
            found.append((text.strip(), across, size * abs(tm[3] * ctm[3])))

    page.extract_text(visitor_text=visit)
    return found


def fonts_of(reader):
    """Name and embedded file of each face that a document names."""
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object()
            descriptor = font.get("/FontDescriptor")
            fonts[font["/BaseFont"]] = bool(descriptor and "/FontFile2" in descriptor.get_object())
    return fonts


def svg(inside):
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="60">{inside}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()


# Nothing is fetched


def payloads(secret):
    """Ways in which a document can ask for what is not its own; `secret` has no ending, files of many kinds lie there."""
    web = "http://127.0.0.1:9"
    file_in_svg = svg(f'<image width="9" height="9" xlink:href="file://{secret}.png"/>')
    web_in_svg = svg(f'<image width="9" height="9" xlink:href="{web}/b.png"/>')
    face_in_svg = svg(f'<text x="1" y="9" font-family="{secret}">a</text>')
    system_face = svg('<text x="1" y="9" font-family="Verdana">a</text>')
    return [
        f'<img src="{web}/a.png">',
        '<img src="https://example.org/a.png">',
        '<img src="//example.org/a.png">',
        '<img src="ftp://example.org/a.png">',
        '<img src="http://169.254.169.254/latest/meta-data/">',
        f'<img src="file://{secret}.png">',
        f'<img src="{secret}.png">',
        f'<img src="{os.path.relpath(secret, ROOT / "static")}.png">',
        '<img src="vendor/../../core/pdf.py">',
        '<img src="/etc/passwd">',
        *(f'<img src="{picture}">' for picture in (file_in_svg, web_in_svg, face_in_svg, system_face)),
        f'<link rel="stylesheet" href="{web}/a.css">',
        f'<link rel="stylesheet" href="{secret}.css">',
        f"<style>@import url({web}/b.css);</style>",
        f"<style>@import url(file://{secret}.css);</style>",
        f"<style>@font-face {{ font-family: X; src: url({secret}.ttf) }} p {{ font-family: X, Stampa }}</style><p>a</p>",
        f"<style>@font-face {{ font-family: Y; src: url({web}/a.ttf) }} p {{ font-family: Y, Stampa }}</style><p>a</p>",
        f'<p style="background-image: url({secret}.png)">a</p>',
        f'<div style="background-image: url({web}/c.png)">a</div>',
        f'<ul style="list-style-image: url({secret}.png)"><li>a</li></ul>',
        f"<style>@page {{ background-image: url({secret}.png) }}</style><p>a</p>",
        f'<pdf:font src="{secret}.ttf" name="Z"><p>a</p>',
        f'<pdf:insertpdf src="{secret}.pdf">',
        f'<pdf:pdfinsert src="file://{secret}.pdf">',
        f'<object data="{web}/d.svg"></object><iframe src="{web}/e"></iframe><embed src="{secret}.svg">',
        f'<a href="file://{secret}.png">a</a>',
    ]


# Renders each payload with the doors of the worker open, so that only the policy holds, and notes what it touches.
# The last one is rendered without the policy: it shows that the notes would have told.
SPY = """
import json, sys, runpy
sys.argv = ["worker", "", ""]
space = runpy.run_path(WORKER, run_name="worker")
static, payloads = json.loads(sys.stdin.read())
places, noted, on = (static, OWN, *sys.path), [], []
def watch(event, args):
    if on and (event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "urllib.")) or event == "open"
               and isinstance(args[0], str) and not args[0].startswith(places)):
        noted.append(f"{event} {args[0]}")
main = space["make_renderer"].__globals__
main["close_the_doors"] = lambda *a: main["mimetypes"].init([])
sys.addaudithook(watch)
import tempfile
tempfile.tempdir = OWN
render = space["make_renderer"](static, ".")
head = '<html><head><link rel="stylesheet" href="pdf.css"></head><body>'
render(head + "<p>warm</p>", 20)
answers = []
for number, payload in enumerate(payloads):
    if number == len(payloads) - 1:
        from xhtml2pdf.config import resources
        resources.ResourceAccessPolicy.server = classmethod(lambda *a, **k: resources.PERMISSIVE_POLICY)
    noted.clear(); on.append(1)
    render(head + payload, 20)
    on.clear()
    answers.append([payload, list(noted)])
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    folder = tmp_path_factory.mktemp("other")
    Image.new("RGB", (20, 20), "red").save(folder / "secret.png")
    (folder / "secret.css").write_text("p { color: red }")
    (folder / "secret.pdf").write_bytes(b"%PDF-1.4")
    (folder / "secret.svg").write_text("<svg/>")
    (folder / "secret.ttf").write_bytes((ROOT / "static/vendor/dejavu/DejaVuSans-Bold.ttf").read_bytes())
    return str(folder / "secret")


def test_no_document_reaches_network_or_files_of_others(secret, tmp_path):
    asked = [*payloads(secret), f'<img src="{secret}.png">']
    spy = SPY.replace("WORKER", repr(str(pdf.WORKER))).replace("OWN", repr(str(tmp_path)))
    out = subprocess.run(
        [sys.executable, "-I", "-B", "-c", spy], input=json.dumps([str(pdf.STATIC), asked]),
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    *answers, control = json.loads(out.splitlines()[-1])
    assert {payload: noted for payload, noted in answers if noted} == {}
    assert any("secret.png" in note for note in control[1]), "the spy sees nothing"


def test_what_is_refused_is_not_in_the_document(secret, app):
    app.testing = False  # a refused file is a complaint, which fails prints of tests
    made = 0
    for payload in payloads(secret):
        try:
            reader = draw(payload)
        except pdf.PdfError:
            continue
        made += 1
        assert not reader.pages[0].images
        assert all("DejaVuSans" in name for name in fonts_of(reader))
    assert made > 20


def test_worker_refuses_what_a_library_would_forget(tmp_path):
    """The second wall, for the day on which a library reads a file without asking the policy."""
    tries = textwrap.dedent(f"""
        import runpy, socket, subprocess, sys
        space = runpy.run_path({str(pdf.WORKER)!r}, run_name="worker")
        space["close_the_doors"]({str(pdf.STATIC)!r}, {str(tmp_path)!r})
        open({str(tmp_path / "mine")!r}, "w").close(); open({str(pdf.STATIC / "pdf.css")!r}).close()
        for attempt in (lambda: open("/etc/passwd"), lambda: open({str(ROOT / "core" / "pdf.py")!r}),
                        lambda: open({str(pdf.STATIC / "new")!r}, "w"), lambda: socket.socket(),
                        lambda: subprocess.run(["true"]), lambda: socket.getaddrinfo("localhost", 80)):
            try:
                attempt()
            except PermissionError:
                print("refused")
    """)
    out = subprocess.run([sys.executable, "-I", "-B", "-c", tries], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["refused"] * 6


def test_user_text_is_never_markup():
    bad = '<img src="/etc/passwd"> <pdf:nextpage> {{ 7 * 7 }} </p><table>'
    reader = print_page("{{ paragraphs(bad) }}<p>{{ bad|pdf_text }}</p>", bad=bad)
    assert squeeze(text_of(reader)).count(squeeze(bad)) == 2
    assert len(reader.pages) == 1


# The worker


# Says who it is in the place of the problems; then does as the request says.
STUB = """
import json, os, stat, struct, sys, time
def frame(data): sys.stdout.buffer.write(struct.pack(">I", len(data)) + data); sys.stdout.buffer.flush()
def read(): return json.loads(sys.stdin.buffer.read(struct.unpack(">I", sys.stdin.buffer.read(4))[0]))
frame(b'{"error": null, "problems": []}'); frame(b"")
order = read()["html"]
if order == "who":
    try: import core; found = "the app"
    except ImportError: found = "no app"
    frame(json.dumps({"error": None, "problems": [json.dumps(dict(os.environ)), found, os.getcwd(),
          oct(stat.S_IMODE(os.stat(".").st_mode)), *os.listdir("/proc/self/fd")]}).encode()); frame(b"%PDF")
elif order == "empty": frame(b'{"error": null, "problems": []}'); frame(b"")
elif order == "no pdf": frame(b'{"error": null, "problems": []}'); frame(b"<html>")
elif order == "pickle": import pickle; frame(pickle.dumps({"error": None, "problems": []})); frame(b"%PDF")
elif order == "odd": frame(b'[[[["error"]]]]'); frame(b"%PDF")
elif order == "odd error": frame(b'{"error": {"a": []}, "problems": []}'); frame(b"%PDF")
elif order == "huge": sys.stdout.buffer.write(struct.pack(">I", 0xFFFFFFFF)); sys.stdout.buffer.flush(); time.sleep(30)
elif order == "half": sys.stdout.buffer.write(struct.pack(">I", 99) + b"{"); sys.stdout.buffer.flush()
elif order == "dies": os._exit(3)
"""


@pytest.fixture
def stub(engine, tmp_path, monkeypatch):
    script = tmp_path / "stub.py"
    script.write_text(STUB)
    (tmp_path / "core.py").touch()  # as the app lies beside the worker
    monkeypatch.setattr(pdf, "WORKER", script)
    return engine


def test_worker_knows_nothing_of_the_app(stub, monkeypatch):
    monkeypatch.setenv("STAFFETTA_DATABASE_URL", "postgresql://user:secret@host/db")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(ROOT)
    _, (environment, app, folder, mode, *files) = stub.render("who", 20)
    assert set(json.loads(environment)) <= {"LC_CTYPE", "SYSTEMROOT"}  # Python sets the first itself
    assert app == "no app"
    assert folder == stub.temp != str(ROOT)
    assert mode == oct(0o700)
    assert len(files) <= 4  # the three pipes and the listing itself: no file, no socket of the server


def test_real_worker_starts_with_an_empty_environment():
    draw("<p>a</p>")
    assert Path(f"/proc/{pdf.ENGINE.process.pid}/environ").read_bytes() == b""


@pytest.mark.parametrize(
    ("order", "reason"),
    [("empty", "empty"), ("no pdf", "empty"), ("pickle", "crash"), ("odd", "crash"), ("odd error", "crash"),
     ("huge", "crash"), ("half", "crash"), ("dies", "crash")],
)  # fmt: skip
def test_bad_answers_become_errors(stub, order, reason):
    with pytest.raises(pdf.PdfError) as caught:
        stub.render(order, 10)
    assert caught.value.reason == reason
    assert stub.process is None


def test_missing_library_or_fonts_are_said_at_start(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "STATIC", tmp_path)
    with pytest.raises(pdf.PdfError) as caught:
        pdf.render("<p>a</p>")
    assert caught.value.reason == "start"
    monkeypatch.setattr(pdf, "WORKER", tmp_path / "none.py")
    with pytest.raises(pdf.PdfError) as caught:
        pdf.render("<p>a</p>")
    assert caught.value.reason == "start"


def test_missing_stylesheet_is_said_at_start(engine, tmp_path, monkeypatch):
    (tmp_path / "vendor").symlink_to(ROOT / "static" / "vendor")
    monkeypatch.setattr(pdf, "STATIC", tmp_path)
    with pytest.raises(pdf.PdfError) as caught:
        pdf.render("<p>a</p>")
    assert caught.value.reason == "start"


def test_hang_is_killed_and_the_next_print_works(engine):
    draw("<p>a</p>")
    hung = engine.process
    os.kill(hung.pid, signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(pdf.PdfError) as caught:
        draw("<p>b</p>", seconds=0.5)
    assert caught.value.reason == "slow"
    assert time.monotonic() - start < 10
    assert hung.returncode is not None
    assert "c" in text_of(draw("<p>c</p>"))


def test_endless_work_is_stopped_and_the_next_print_works(engine):
    start = time.monotonic()
    with pytest.raises(pdf.PdfError) as caught:
        draw("<p>" + "parola lunga " * 80_000 + "</p>", seconds=1)
    assert caught.value.reason == "slow"
    assert time.monotonic() - start < 10
    assert "c" in text_of(draw("<p>c</p>"))


def test_crash_is_told_and_the_next_print_works(engine):
    draw("<p>a</p>")
    os.kill(engine.process.pid, signal.SIGSTOP)
    threading.Timer(0.2, engine.process.kill).start()
    with pytest.raises(pdf.PdfError) as caught:
        draw("<p>b</p>", seconds=10)
    assert caught.value.reason == "crash"
    assert "c" in text_of(draw("<p>c</p>"))


def test_stop_does_not_wait_for_a_page_that_hangs(engine):
    draw("<p>a</p>")
    os.kill(engine.process.pid, signal.SIGSTOP)
    reasons = []

    def hang():
        try:
            engine.render("<p>b</p>", 30)
        except pdf.PdfError as error:
            reasons.append(error.reason)

    thread = threading.Thread(target=hang)
    thread.start()
    while not engine.lock.locked():
        time.sleep(0.01)
    pdf.stop()
    thread.join(10)
    assert reasons == ["crash"]


def test_worker_that_died_unseen_is_replaced(engine):
    draw("<p>a</p>")
    engine.process.kill()
    engine.process.wait()
    assert "b" in text_of(draw("<p>b</p>"))


@pytest.mark.parametrize(
    "bomb",
    [
        "<table><tr><td rowspan='99999999'>x</td><td colspan='9999999'>y</td></tr><tr><td>z</td></tr></table>",
        "<table>" + "<tr><td rowspan='5000' colspan='50'>x</td><td rowspan='5000'>y</td></tr>" * 5 + "</table>",
        "<div>" * 900 + "x",
        '<img src="{}">'.format(svg('<rect width="9e9" height="9e9"/>' * 5000)),
    ],
)
def test_bombs_end_and_the_next_print_works(bomb):
    start = time.monotonic()
    try:
        draw(bomb, seconds=5)
    except pdf.PdfError as error:
        assert error.reason in pdf.REASONS
    assert time.monotonic() - start < 20
    assert "c" in text_of(draw("<p>c</p>"))


def test_memory_and_time_of_the_worker_are_limited(engine):
    draw("<p>a</p>")
    assert resource.prlimit(engine.process.pid, resource.RLIMIT_AS)[0] == 768 << 20
    assert 0 < resource.prlimit(engine.process.pid, resource.RLIMIT_CPU)[0] < 60
    assert resource.prlimit(engine.process.pid, resource.RLIMIT_CORE)[0] == 0


def test_two_at_once_wait_for_each_other():
    texts = {}
    threads = [
        threading.Thread(target=lambda n=n: texts.update({n: pdf.ENGINE.render(f"{HEAD}<p>numero {n}</p>", 20)[0]}))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"numero {n}" in text_of(PdfReader(io.BytesIO(texts[n]))) for n in range(8))


def test_who_waits_too_long_is_told(engine):
    with engine.lock, pytest.raises(pdf.PdfError) as caught:
        draw("<p>a</p>", seconds=0.1)
    assert caught.value.reason == "busy"


def test_folder_of_the_worker_is_private_and_removed(engine):
    draw("<p>a</p>")
    folder = Path(engine.temp)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not list(folder.iterdir())  # nothing of a document stays
    pdf.stop()
    assert not folder.exists()


def test_worker_and_folder_go_with_a_server_that_dies():
    code = "from core import pdf; import os; pdf.ENGINE.warm(); print(pdf.ENGINE.temp, flush=True); os._exit(1)"
    folder = Path(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout.strip())
    assert folder.name.startswith("pdf-")
    for _ in range(50):
        if not folder.exists():
            return
        time.sleep(0.1)
    pytest.fail("the folder is still there")


def test_warm_starts_in_the_background(engine):
    pdf.warm()
    for _ in range(100):
        if engine.process:
            break
        time.sleep(0.05)
    draw("<p>a</p>")
    assert engine.process.poll() is None


def test_error_has_a_reason_and_a_sentence_but_nothing_of_the_document(engine):
    with pytest.raises(pdf.PdfError) as caught:
        draw("<table><tr><td style='-pdf-keep-in-frame-mode: error'>" + "Amina<br>" * 300 + "</td></tr></table>")
    assert caught.value.reason == "layout"
    assert str(caught.value) == pdf.REASONS["layout"]
    assert "Amina" not in str(caught.value) + str(caught.value.problems)


# Complaints of the renderer


@pytest.mark.parametrize(
    "body",
    [
        "<p>王伟</p>",
        "<p style='display: grid; grid-area: a'>a</p>",
        "<p style='font-family: Nowhere'>a</p>",
        '<img src="vendor/none.png">',
        '<img src="/etc/passwd">',
        "<div style='width: 100pt'><svg width='9' height='9'><text>segreto</text></svg></div>",
    ],
)
def test_complaints_fail_a_test(body):
    with pytest.raises(pdf.PdfError) as caught:
        draw(body)
    assert caught.value.reason == "problems"
    assert caught.value.problems


def test_complaints_are_counted_in_service_without_their_words(app, caplog):
    app.testing = False
    draw("<p>王伟</p>")
    assert "2 complaints" in caplog.text
    assert "王" not in caplog.text


# Every word, large enough


NOTE = " ".join(f"parola{n} perché così" for n in range(2500))


@pytest.mark.parametrize(
    "around",
    ["{{ paragraphs(text) }}", "<p>{{ text|pdf_text }}</p>", "{{ entry('2 nov', 'Nota', text) }}", "{{ words(text) }}",
     # Against the rule, and still every word.
     "<table class='grid'><tr><td>Nota</td><td>{{ text|pdf_text }}</td></tr></table>"],
)  # fmt: skip
def test_long_text_keeps_its_size_and_every_word(around):
    reader = print_page(around, text=NOTE)
    assert len(reader.pages) > 5
    assert min(size for page in reader.pages for _, _, size in pieces(page)) >= 9
    assert Counter(re.findall(r"\bparola\d+\b", text_of(reader))) == Counter(re.findall(r"\bparola\d+\b", NOTE))


def small_frame(height):
    """A document whose header does not fit its frame."""
    frames = f"@frame h {{ -pdf-frame-content: h; left: 9mm; top: 9mm; width: 20mm; height: {height}mm }} @frame b {{ left: 9mm; top: 40mm; width: 90mm; height: 90mm }}"
    head = HEAD.replace("size: a4; margin: 16mm", frames)
    return f"{head}<body><div id='h'><p style='font-size: 10pt'>parola parola parola</p></div><p>a</p></body></html>"


def test_size_is_measured_with_shrinking(app):
    """The control of the test above: what is shrunk is seen as small print, and fails a test."""
    with pytest.raises(pdf.PdfError) as caught:
        pdf.render(small_frame(11))
    assert any("shrunk" in problem for problem in caught.value.problems)
    app.testing = False
    reader = PdfReader(io.BytesIO(pdf.render(small_frame(11))))
    assert min(size for _, _, size in pieces(reader.pages[0])) < 9


def test_specks_are_refused_in_service_too(app):
    app.testing = False
    with pytest.raises(pdf.PdfError) as caught:
        pdf.render(small_frame(4))
    assert caught.value.reason == "layout"


@pytest.mark.parametrize("letter", ["a", "م", "q\u0301"])
@pytest.mark.parametrize(
    "around",
    [
        "{{ paragraphs(text) }}",
        "<p>{{ text|pdf_text }}</p>",
        "<table class='grid'><tr><td>{{ text|pdf_text }}</td></tr></table>",
    ],
)
def test_word_without_end_stays_inside_the_page(letter, around):
    word = letter * 6000
    reader = print_page(around, text=word)
    widths = TTFontFile(str(pdf.FONT)).charWidths
    for page in reader.pages:
        for text, left, size in pieces(page):
            right = left + sum(widths.get(ord(c), 0) for c in text) * size / 1000
            assert left >= MARGIN - 1 and right <= A4[0] - MARGIN + 1
    drawn = unicodedata.normalize("NFKC", squeeze(text_of(reader)))
    assert drawn.count(letter[0]) >= 6000


def test_word_of_200_000_letters_and_text_of_500_000_are_printed_in_time():
    assert squeeze(text_of(print_page("{{ paragraphs(text) }}", text="xq" * 100_000))).count("xq") >= 99_900
    print_page("{{ paragraphs(text) }}", text="parola lunga " * 38_000)


# Faces


def test_every_face_is_embedded():
    reader = print_page(
        "<p>a <b>b</b> <i>c</i> <b><i>d</i></b> <code>e</code></p><pre>f</pre><ul><li>g<ul><li>h</li></ul></li></ul><ol><li>i</li></ol>"
        "<table><tr><td>l</td></tr></table><p>☐ ☑ ✓ ≥ € « » – …</p>"
        '<img src="{}">'.format(svg('<text x="9" y="20" font-family="sans-serif">m</text><text x="50" y="20">n</text>'))
    )
    fonts = fonts_of(reader)
    assert len(fonts) == 4
    assert all(fonts.values())
    assert all(re.fullmatch(r"/[A-Z]{6}\+DejaVuSans(-Bold)?(-?Oblique)?", name) for name in fonts)


@pytest.mark.parametrize("family", ["Stampa", "stampa_10", "StampaDritta", "Arial", "Noto Sans"])
def test_picture_does_not_take_our_face_away(family):
    picture = svg(
        f"<text x='9' y='20' font-family='{family}'>a</text><text x='9' y='40' font-family='{family}' font-weight='bold'>b</text>"
    )
    bold = "<p>normale <b>forte</b> <i>storto</i></p>"
    with_picture, without = draw(f'<img src="{picture}">{bold}'), draw(bold)
    assert set(fonts_of(with_picture)) == set(fonts_of(without))
    assert all(fonts_of(with_picture).values())
    assert "normale forte storto" in text_of(draw(bold))


NAMES = [
    "Nicolò Degl’Innocenti", "Łukasz Wiśniewski", "Ștefania Țîrlea", "Ioana Brânză", "Þórður Ásgeirsson", "Željko Đorđević",
    "Gábor Szőllősi", "Nguyễn Thị Hồng Phượng", "Oluwaṣẹ́gun Adébáyọ̀", "Mehmet Işık Güneş", "Søren Kjærgård", "Ewelina Żółć",
    "Ольга Щербаченко", "Їжакевич Ґалина", "Жељко Љубичић", "Γεώργιος Παπαδόπουλος", "Արամ Խաչատրյան", "გიორგი ბერიძე",
    "أمينة حداد", "محمد عبد الله", "فاطمة الزهراء", "زهرا می‌خواهم", "ٹھاکر خان", "שרה לוי", "Aïcha N’Diaye-Ouédraogo",
]  # fmt: skip


def letters(text):
    """The letters of a text in no order, shapes and marks put aside: right-to-left is drawn from the left."""
    return Counter(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] == "L")


@pytest.mark.parametrize("tag", ["p", "b", "i", "h2"])
def test_names_in_many_scripts_come_out(tag):
    """25 names, upright, bold and slanted; a glyph that lacks would be a complaint, and fail."""
    content = "{% for name in names %}<TAG>{{ name|pdf_text }}</TAG><p>--</p>{% endfor %}".replace("TAG", tag)
    lines = text_of(print_page(content, names=NAMES)).split("--")
    assert len(NAMES) == 25 and len(lines) == 26
    for name, line in zip(NAMES, lines, strict=False):
        assert not letters(name) - letters(line), (name, line)
        if not re.search("[\u0590-\u06ff]", name):
            assert unicodedata.normalize("NFC", name) in unicodedata.normalize("NFC", line)


def test_arabic_letters_are_joined():
    drawn = text_of(print_page("<p>{{ name|pdf_text }}</p><p><i>{{ name|pdf_text }}</i></p>", name="محمد لا"))
    assert drawn.count("\ufee3\ufea4\ufee4\ufeaa") == 2  # mim initial, ha and mim medial, dal final
    assert drawn.count("\ufefb") == 2  # lam and alif in one


def test_arabic_runs_from_the_right():
    """Glyphs are drawn from the left, so the last letter of the word comes first."""
    page = draw("<p>{}</p>".format("\u0644\u0628")).pages[0]  # lam, ba
    (font,) = page["/Resources"]["/Font"].values()
    meaning = dict(re.findall(rb"<(\w\w)> <(\w{4})>", font.get_object()["/ToUnicode"].get_data()))
    assert rb"(\001\002) Tj" in page.get_contents().get_data()
    assert (meaning[b"01"], meaning[b"02"]) == (b"FE90", b"FEDF")  # ba final, lam initial


@pytest.mark.parametrize(
    ("text", "shown"),
    [("王伟", "□[Wang Wei]"), ("Li 王伟, qui", "Li □[Wang Wei], qui"), ("রহিম", "□[rhim]"), ("राम", "□[raam]"), ("ሰላም", "□[salaame]"), ("عائشہ خان", "□[y'shh] خان"), ("🧿", "□"), ("\ue000\ud800", "□")],
)  # fmt: skip
def test_script_that_the_face_lacks_is_shown_as_such(text, shown):
    assert pdf.clean(text).casefold() == shown.casefold()


def test_page_explains_the_box():
    explained = "in una scrittura che questa stampa non ha"
    reader = print_page("{{ paragraphs(name) }}", name="王伟")
    assert "□[Wang Wei]" in text_of(reader)
    assert explained in " ".join(text_of(reader).split())
    assert explained not in " ".join(text_of(print_page("<p>Wang Wei</p>")).split())


# Text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (None, ""),
        (7, "7"),
        ("perche\u0301", "perché"),
        ("a\u202egnp.exe\u2066b\u2069\u200f\u061c", "agnp.exeb"),
        ("a\u200bb\u2060c\ufeffd\u00ade\u200df", "abcdef"),
        ("\x00a\x07\x1bb\x7f\u0085c", "ab\nc"),
        ("a\r\nb\rc\u2028d\x0be\tf", "a\nb\nc\nd\ne\tf"),
        ("می‌خواهم", "می‌خواهم"),
        ("a\u200cb", "ab"),
        ("❤\ufe0f", "❤"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("a\u00a0b\u3000c", "a\u00a0b c"),
        ("١٢٣ ½ €", "١٢٣ ½ €"),
    ],
)
def test_clean(text, cleaned):
    assert pdf.clean(text) == cleaned


def test_clean_text_is_still_escaped(app):
    assert render_template_string("{{ '<b>\u202e'|pdf_text }}") == "&lt;b&gt;"
    from markupsafe import Markup

    assert render_template_string("{{ m|pdf_text }}", m=Markup("<i>")) == "&lt;i&gt;"


def test_each_line_is_a_paragraph_and_nothing_is_cut():
    assert pdf.paragraphs("uno\n\n  due \r\ntre") == ["uno", "due", "tre"]
    assert pdf.paragraphs("") == []
    text = " ".join(f"p{n}" for n in range(20_000))
    assert " ".join(pdf.paragraphs(text)) == text
    assert "".join(pdf.paragraphs("x" * 9001)) == "x" * 9001
    assert max(map(len, pdf.paragraphs(text))) <= pdf.LONGEST_PARAGRAPH


# The page


def test_page_number_letterhead_and_who_printed_are_on_paper():
    reader = print_page(
        "{{ paragraphs(text) }}",
        text=NOTE,
        document_title="Sintesi 7",
        printed_by="Giulia Ferraris",
        printed_at="23 novembre 2026 alle 10:42",
    )
    pages = [page.extract_text() for page in reader.pages]
    for number, text in enumerate(pages, 1):
        assert f"Pagina {number} di {len(pages)}" in text
        assert "Stampato da Giulia Ferraris il 23 novembre 2026 alle 10:42" in text
        assert "Riservato. Non lasciare incustodito." in text
        assert "Cooperativa La Spola" in text and "Sintesi 7" in text
        assert ("Via dei Filatoi 8" in text) == (number == 1)
        assert min(size for _, _, size in pieces(reader.pages[number - 1])) >= 9


def test_table_head_is_repeated():
    rows = "{% for n in range(150) %}<tr><td>riga{{ n }}</td><td>b</td></tr>{% endfor %}"
    reader = print_page(
        f'<h2>Elenco</h2><table class="grid" repeat="1"><thead><tr><th>Colonna</th><th>B</th></tr></thead><tbody>{rows}</tbody></table>'
    )
    assert len(reader.pages) > 2
    assert all("Colonna" in page.extract_text() for page in reader.pages)
    assert "riga0\n" in reader.pages[0].extract_text()  # the table starts under its title
    assert len(re.findall(r"riga\d+", text_of(reader))) == 150


def test_heading_of_an_entry_stays_with_its_text():
    reader = print_page("{% for n in range(60) %}{{ entry('2 nov', 'Capo' ~ n, 'testo' ~ n) }}{% endfor %}")
    assert len(reader.pages) > 2
    for page in reader.pages:
        found = page.extract_text()
        assert re.findall(r"Capo(\d+)", found) == re.findall(r"testo(\d+)", found)


def test_sheet_for_the_person_is_large_and_says_whose_it_is():
    large = PAGE.replace("{% block", "{% set large = true %}{% block", 1)
    content = '<table class="grid"><tr><td>{{ todo("Vado al corso") }}</td><td>Io</td></tr></table><p>Ci rivediamo</p>{{ signatures("Amina", "Giulia") }}'
    page = print_page(content, large).pages[0]
    sizes = {text: size for text, _, size in pieces(page)}
    assert "Questo foglio è tuo." in page.extract_text() and "Riservato" not in page.extract_text()
    assert sizes["Ci rivediamo"] == pytest.approx(15) and sizes["Io"] == pytest.approx(15)
    assert sizes["Questo foglio è tuo."] == pytest.approx(11)


def test_landscape_is_wide_and_footer_can_be_said_otherwise():
    wide = PAGE.replace(
        "{% block", "{% set landscape = true %}{% block footer_note %}Per il verbale{% endblock %}{% block", 1
    )
    page = print_page("<p>a</p>", wide).pages[0]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((A4[1], A4[0]), abs=0.1)
    assert "Per il verbale" in page.extract_text() and "Riservato" not in page.extract_text()


def test_logo_and_state_are_drawn():
    box = io.BytesIO()
    Image.new("RGB", (300, 100), "black").save(box, "PNG")
    logo = "data:image/png;base64," + base64.b64encode(box.getvalue()).decode()
    house = SimpleNamespace(name="La Spola", address_lines=[], logo_data=logo)
    page = print_page('<p>{{ state("In corso") }}</p>', organisation=house).pages[0]
    assert len(page.images) == 1
    assert "In corso" in page.extract_text()


def test_house_with_a_very_long_name_still_prints():
    house = SimpleNamespace(name="Cooperativa sociale " * 12, address_lines=["Via " * 40] * 3, logo_data=None)
    reader = print_page(
        "{{ paragraphs(text) }}",
        text=NOTE[:9000],
        organisation=house,
        document_title="Titolo " * 12,
        printed_by="Giulia " * 12,
    )
    assert min(size for page in reader.pages for _, _, size in pieces(page)) >= 9


def test_document_says_title_author_and_language_and_nothing_of_this_machine():
    reader = print_page("<p>a</p>", document_title="Sintesi 7", lang="en")
    assert reader.metadata.title == "Sintesi 7"
    assert reader.metadata.author == "Cooperativa La Spola"
    assert reader.root_object["/Lang"] == "en"
    raw = reader.stream.getvalue() + b"".join(page.get_contents().get_data() for page in reader.pages)
    for path in (str(ROOT), str(Path.home()), pdf.ENGINE.temp, sys.prefix):
        assert path.encode() not in raw
