"""PDF from HTML, made by a warm sub-process that is killed when it takes too long; the next print starts another.

Rules for whoever writes a PDF template:
  - user text passes `pdf_text` and stands in <p> or <div>, best through `paragraphs()` of _pdf.html, never in a table
    cell or a <pre>: where there is no room it is drawn smaller, and below half of its size the print is refused;
  - pictures, SVG too, are <img> with a data: URI: an inline <svg> is not drawn and leaks its words;
  - a long table has a <thead> and repeat="1", and no -pdf-keep-with-next before it;
  - what the renderer complains of fails the test that prints it.
"""

import atexit
import json
import logging
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import unicodedata
from contextlib import suppress
from functools import cache
from itertools import groupby
from pathlib import Path

from flask import Flask, current_app
from markupsafe import Markup
from text_unidecode import unidecode

STATIC = Path(__file__).resolve().parent.parent / "static"
FONT = STATIC / "vendor" / "dejavu" / "DejaVuSans.ttf"
WORKER = Path(__file__).with_name("pdf_worker.py")
START_SECONDS = 40
LARGEST_ANSWER = 200 << 20

log = logging.getLogger(__name__)


def N_(message: str) -> str:
    """Mark a sentence for the translators; whoever shows it translates it."""
    return message


REASONS = {
    "slow": N_(
        "La stampa ha richiesto troppo tempo ed è stata interrotta. Prova con meno sezioni o un periodo più breve."
    ),
    "busy": N_("Altre stampe sono in corso. Riprova tra poco."),
    "memory": N_("Il documento è troppo grande per essere stampato. Prova con meno sezioni o un periodo più breve."),
    "layout": N_("Una parte del documento non sta nella pagina. Avvisa chi amministra il sistema."),
    "empty": N_("La stampa non ha prodotto pagine. Avvisa chi amministra il sistema."),
    "crash": N_("La stampa si è interrotta. Riprova; se succede ancora, avvisa chi amministra il sistema."),
    "start": N_("La stampa non è pronta su questo server: mancano i caratteri o una libreria."),
    "problems": N_("Il documento stampato ha un difetto."),
}


class PdfError(Exception):
    """A print that did not succeed; `reason` is a key of REASONS and str() its sentence, without any text of the document."""

    def __init__(self, reason: str, problems: list[str] | None = None):
        self.reason = reason if reason in REASONS else "crash"
        self.problems = problems or []
        super().__init__(REASONS[self.reason])


class Engine:
    """One worker process and the lock that gives it one document at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen | None = None
        self.temp: str | None = None

    def render(self, html: str, seconds: float) -> tuple[bytes, list[str]]:
        """The PDF of a page and what the renderer complained of; raises PdfError."""
        if not self.lock.acquire(timeout=seconds):
            raise PdfError("busy")
        try:
            if not self._alive():
                self._start()
            return self._ask({"html": html, "seconds": seconds}, seconds)
        finally:
            self.lock.release()

    def warm(self) -> None:
        """Start the worker unless it runs."""
        with self.lock:
            if not self._alive():
                self._start()

    def stop(self) -> None:
        """End the worker, also in the middle of a page, and remove its folder."""
        process = self.process
        if process:
            process.kill()  # before the lock: whoever waits for this worker now reads the end of its pipe
        with self.lock:
            self._stop()

    def _alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _start(self) -> None:
        self._stop()
        self.temp = tempfile.mkdtemp(prefix="pdf-")  # mode 0700
        # No address of the database, no key: an empty environment, but for what Windows needs to run at all.
        environment = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if os.name == "nt" else {}
        # -I: neither this folder nor the environment can add modules, so the worker cannot import the app.
        command = [sys.executable, "-I", "-B", "-X", "utf8", str(WORKER), str(STATIC), self.temp]
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # tracebacks of the renderer quote the document
                env=environment,
                cwd=self.temp,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            self._ask(None, START_SECONDS)
        except (OSError, PdfError) as error:
            self._stop()
            raise PdfError("start", getattr(error, "problems", None)) from None

    def _stop(self) -> None:
        process, self.process = self.process, None
        if process:
            process.kill()
            process.stdout.close()
            with suppress(OSError):  # it holds the rest of a message nobody will read
                process.stdin.close()
            process.wait(10)
        temp, self.temp = self.temp, None
        if temp:
            shutil.rmtree(temp, ignore_errors=True)

    def _ask(self, request: dict | None, seconds: float) -> tuple[bytes, list[str]]:
        process, late = self.process, threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()  # so the read below meets the end of the pipe

        timer = threading.Timer(seconds, give_up)
        timer.daemon = True
        timer.start()
        error, problems, pdf = "crash", [], b""
        try:
            if request is not None:
                body = json.dumps(request).encode()
                process.stdin.write(struct.pack(">I", len(body)) + body)
                process.stdin.flush()
            answer = json.loads(self._read())
            pdf = self._read()
            error, problems = answer["error"] and str(answer["error"]), [str(problem) for problem in answer["problems"]]
        except (OSError, EOFError, ValueError, KeyError, TypeError, RecursionError):
            error = "crash"
        finally:
            timer.cancel()
            timer.join()  # from here on `late` is final
        if late.is_set():
            error = "slow"
        if error is None and request is not None and not pdf.startswith(b"%PDF"):
            error = "empty"
        if error:
            self._stop()  # what it has in its memory is not to be trusted: the next print gets a fresh one
            raise PdfError(error, problems)
        return pdf, problems

    def _read(self) -> bytes:
        head = self.process.stdout.read(4)
        if len(head) < 4:
            raise EOFError
        length = struct.unpack(">I", head)[0]
        if length > LARGEST_ANSWER:
            raise ValueError("answer too long")
        body = self.process.stdout.read(length)
        if len(body) < length:
            raise EOFError
        return body


ENGINE = Engine()
atexit.register(ENGINE.stop)


def render(html: str, *, seconds: float = 30) -> bytes:
    """The PDF of a whole HTML page, made in at most `seconds`; raises PdfError."""
    pdf, problems = ENGINE.render(html, seconds)
    if problems:
        if current_app and current_app.testing:
            error = PdfError("problems", problems)
            error.add_note("\n".join(problems))
            raise error
        log.warning("PDF made, with %d complaints of the renderer", len(problems))  # they quote the document
    return pdf


def warm() -> None:
    """Start the worker in the background, so that the first print does not wait for it."""

    def start() -> None:
        try:
            ENGINE.warm()
        except PdfError as error:
            log.error("PDF worker: %s", error)

    threading.Thread(target=start, name="pdf-warm", daemon=True).start()


def stop() -> None:
    """End the worker; the next print would start another."""
    ENGINE.stop()


PLAIN = re.compile("[\n\t\x20-\x7e]*")
LINE_ENDS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
# Persian and Urdu need the non-joiner between two letters; everywhere else it only hides.
STRAY_NON_JOINER = re.compile("(?<![\u0620-\u06ff])\u200c|\u200c(?![\u0620-\u06ff])")
ARABIC_WORD = re.compile("[\u0620-\u065f\u066e-\u06ff\u0750-\u077f\u200c]+")
VISIBLE = frozenset("\n\t\u200c\u0600\u0601\u0602\u0603\u0604\u0605\u06dd")  # though Unicode calls them controls
EDGES = re.compile(r"^\W+|\W+$")
UNPRINTABLE = "□"
LONGEST_PARAGRAPH = 4000


def clean(text: object) -> str:
    """Any text made fit for print: composed, without invisible characters; plain text, so autoescape still applies.

    What the printed face lacks (Chinese, Devanagari, Bengali, Amharic...) becomes a box and its approximate sound in
    Latin letters, □[Wang Wei], so that a name is neither lost nor mistaken for the real spelling.
    Raises PdfError when the face is not installed.
    """
    # A translated sentence with a name in it is Markup, escaped already: escaped again it would print "&lt;".
    text = text.unescape() if isinstance(text, Markup) else "" if text is None else str(text)
    if PLAIN.fullmatch(text):
        return text
    text = STRAY_NON_JOINER.sub("", LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", "".join(c for c in text if not _invisible(c)))
    drawn = _drawable()
    # A word of joined letters is drawn or described as a whole.
    text = ARABIC_WORD.sub(lambda word: word[0] if drawn.issuperset(map(ord, word[0])) else _sound(word[0]), text)
    runs = groupby(text, lambda c: c in VISIBLE or ord(c) in drawn)
    return "".join("".join(run) if fits else _sound("".join(run)) for fits, run in runs)


def _invisible(c: str) -> bool:
    """Whether a character is a control, a direction mark, a joiner, a filler or a choice of shape."""
    if c in VISIBLE:
        return False
    return unicodedata.category(c) in ("Cc", "Cf") or "\ufe00" <= c <= "\ufe0f" or c == "\u034f"


def _sound(run: str) -> str:
    if run.isspace():
        return " "
    sound = EDGES.sub("", unidecode(run))
    return f"{UNPRINTABLE}[{sound}]" if sound else UNPRINTABLE


@cache
def _drawable() -> frozenset[int]:
    from reportlab.pdfbase.ttfonts import TTFontFile

    try:
        return frozenset(TTFontFile(str(FONT)).charToGlyph)
    except Exception:
        raise PdfError("start") from None


def paragraphs(text: object) -> list[str]:
    """`clean` text, a paragraph for each line; endless ones are divided, because their cost grows with the square."""
    found = []
    for line in clean(text).split("\n"):
        line = line.strip()
        while len(line) > LONGEST_PARAGRAPH:
            space = line.rfind(" ", LONGEST_PARAGRAPH // 2, LONGEST_PARAGRAPH)
            at = space if space > 0 else LONGEST_PARAGRAPH
            found.append(line[:at])
            line = line[at:].lstrip()
        if line:
            found.append(line)
    return found


def init_app(app: Flask) -> None:
    """Register the filters that PDF templates use."""
    app.add_template_filter(clean, "pdf_text")
    app.add_template_filter(paragraphs, "pdf_paragraphs")
