"""Turns HTML into PDF in a process of its own; started by core.pdf as a plain script, it imports nothing of the app.

Usage: python -I -B -X utf8 pdf_worker.py STATIC_FOLDER TEMP_FOLDER

A message is a four-byte big-endian length and that many bytes. A request is one JSON message,
{"html": ..., "seconds": ...}. An answer is a JSON message, {"error": code or null, "problems": [...]},
then a message with the PDF (empty after an error). JSON and not pickle: a renderer taken over by
a document must not be able to run code in the parent.
"""

import io
import json
import logging
import mimetypes
import os
import re
import shutil
import signal
import struct
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

MEMORY = 768 << 20
LONG_CELL = 200  # characters
# Helvetica, Symbol (bullets) and the like are what these libraries fall back to and do not embed. stampa_.. are the names that
# xhtml2pdf gives to the @font-face of pdf.css: who registers first keeps the name.
FACES = {
    "": ("stampa_00", "Helvetica", "Symbol", "ZapfDingbats"),
    "-Bold": ("stampa_10", "Helvetica-Bold"),
    "-Oblique": ("stampa_01", "Helvetica-Oblique"),
    "-BoldOblique": ("stampa_11", "Helvetica-BoldOblique"),
}
WARM_UP = '<html><head><link rel="stylesheet" href="pdf.css"></head><body><p>à <b>b</b> <i>c</i> <b><i>d</i></b></p></body></html>'
INLINE_SVG = re.compile("<svg[ >]", re.I)
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.startfile", "ctypes.")

# A document with one of these is not given out: it would lack words. (An exception would not do: those that arise in
# a header or a footer are swallowed, and it is left out.)
FATAL = ("Text too small", "Could not paint the static frame")

problems: list[str] = []


def tell(problem: str) -> None:
    """Keep a problem for the answer, the fatal ones first; a hundred say enough."""
    if problem.startswith(FATAL):
        problems.insert(0, problem[:300])
    elif len(problems) < 100:
        problems.append(problem[:300])


class KeepProblems(logging.Handler):
    """Collects what the libraries only log: a missing font, a refused file, CSS they do not know."""

    def emit(self, record: logging.LogRecord) -> None:
        tell(record.getMessage())


def lower_rights(temp: str) -> None:
    """Give up memory, priority and shared places before any document is read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    tempfile.tempdir = temp
    os.chdir(temp)
    os.environ.clear()
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold a person's papers
    os.nice(5)


def limit_cpu(seconds: float) -> None:
    """Allow so much more CPU from now on: the kernel's limit counts the whole life of a process."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def forbid_small_print() -> None:
    """Let long cells go on to the next page, tell of any other shrinking, and refuse what nobody could read.

    xhtml2pdf scales what is too large for its place without a word, down to specks.
    """
    from reportlab.platypus.flowables import KeepInFrame
    from xhtml2pdf import tables
    from xhtml2pdf.xhtml2pdf_reportlab import PmlFlowingCell, PmlKeepInFrame

    def cell(maxWidth, maxHeight, mode, content):
        length = sum(len(frag.text) for part in content for frag in getattr(part, "frags", ()))
        if mode == "shrink" and (length > LONG_CELL or len(content) > 5):
            return PmlFlowingCell(content)  # not for all: a table of 3,000 rows takes five times as long
        return PmlKeepInFrame(maxWidth, maxHeight, mode=mode, content=content)

    draw = KeepInFrame.drawOn

    def draw_and_tell(self, *args, **kwargs):
        scale = 1 / getattr(self, "_scale", 1)
        if scale < 0.99:
            tell(f"Text {'too small' if scale < 0.5 else 'shrunk'}: {scale:.0%}")
        return draw(self, *args, **kwargs)

    tables.PmlKeepInFrame = cell
    KeepInFrame.drawOn = draw_and_tell


def use_our_faces(static: str) -> None:
    """Make the embedded faces the only ones, under every name that these libraries take by themselves."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from svglib.fonts import FontMap

    for style, names in FACES.items():
        file = Path(static, "vendor", "dejavu", f"DejaVuSans{style}.ttf")
        for name in names:
            registerFont(TTFont(name, str(file)))
    for bold, slanted, name in (
        (1, 1, "Helvetica-BoldOblique"),
        (0, 1, "Helvetica-Oblique"),
        (1, 0, "Helvetica-Bold"),
        (0, 0, "Helvetica"),
    ):
        addMapping("helvetica", bold, slanted, name)

    # An SVG may name a file as its face, which is opened without asking the policy, or make svglib run fc-match;
    # and a face it names like ours would replace ours for the rest of the document.
    def find_font(self, font_name, weight="normal", style="normal"):
        bold = weight == "bold" or (str(weight).isdigit() and int(weight) >= 600)
        return f"stampa_{int(bold)}{int(style in ('italic', 'oblique'))}", True

    FontMap.find_font = find_font


def join_arabic_as_our_faces_can() -> None:
    """Keep the vowel signs, and leave the one ligature that the face lacks (xhtml2pdf would give up all, or draw a box)."""
    import arabic_reshaper
    from xhtml2pdf import util

    reshaper = arabic_reshaper.ArabicReshaper({"delete_harakat": False, "ARABIC LIGATURE ALLAH": False})
    util.arabic_reshaper = SimpleNamespace(reshape=reshaper.reshape)


def close_the_doors(static: str, temp: str) -> None:
    """Refuse network, programs and files of others, should a library forget to ask the policy."""
    own = Path(temp).resolve()
    roots = [Path(place).resolve() for place in (static, *sys.path)]  # modules may still be loaded
    mimetypes.init([])  # or it reads the system's list at its first use

    def guard(event: str, args: tuple) -> None:
        if event == "open":
            if isinstance(args[0], int):
                return  # what is open already
            place = Path(os.fsdecode(args[0])).resolve()
            writes = args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if place.is_relative_to(own) or (not writes and any(place.is_relative_to(root) for root in roots)):
                return
        elif not event.startswith(FORBIDDEN):
            return
        tell(f"Refused by the worker: {event}")
        raise PermissionError(event)

    sys.addaudithook(guard)


def make_renderer(static: str, temp: str):
    """The function that renders, after the libraries are loaded and locked down."""
    from reportlab import rl_settings

    # Before anything else of reportlab, which copies its settings when it is loaded.
    rl_settings.trustedHosts, rl_settings.trustedSchemes = [], ["data"]
    use_our_faces(static)
    from reportlab.platypus.doctemplate import LayoutError
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import RenderLimitError, ResourceAccessPolicy

    forbid_small_print()
    join_arabic_as_our_faces_can()
    keeper = KeepProblems(level=logging.WARNING)
    for name in ("xhtml2pdf", "reportlab", "svglib", "PIL"):
        logger = logging.getLogger(name)
        logger.addHandler(keeper)
        logger.propagate = False
    close_the_doors(static, temp)

    def render(html: str, seconds: float) -> tuple[bytes, str | None]:
        problems.clear()
        limit_cpu(seconds)
        policy = ResourceAccessPolicy.server(static, allow_remote=False, max_render_seconds=seconds)
        box = io.BytesIO()
        if INLINE_SVG.search(html):
            tell("An inline <svg> is not drawn and its words leak: use <img>")
        try:
            status = pisa.CreatePDF(
                html, dest=box, path=str(Path(static) / "document.html"), resource_policy=policy, encoding="utf-8"
            )
        except RenderLimitError:
            return b"", "slow"
        except (LayoutError, RecursionError):
            return b"", "layout"
        except MemoryError:
            return b"", "memory"
        except Exception as error:  # only its kind: messages of these libraries quote the document
            tell(type(error).__name__)
            return b"", "crash"
        if status.err or any(problem.startswith(FATAL) for problem in problems):
            return b"", "layout"
        pdf = box.getvalue()
        return (pdf, None) if pdf.startswith(b"%PDF") else (b"", "empty")

    return render


def main(static: str, temp: str) -> None:
    """Answer requests until the parent closes the pipe."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not print into our messages

    def send(pdf: bytes, error: str | None) -> None:
        head = json.dumps({"error": error, "problems": problems}).encode()
        out.write(struct.pack(">I", len(head)) + head + struct.pack(">I", len(pdf)) + pdf)
        out.flush()

    try:
        lower_rights(temp)
        try:
            render = make_renderer(static, temp)
        except Exception as failure:  # no library, no fonts
            tell(type(failure).__name__)
            return send(b"", "start")
        # The first page loads fonts and styles; a warning here means that they are missing.
        _, error = render(WARM_UP, 20)
        send(b"", error or ("start" if problems else None))
        while head := sys.stdin.buffer.read(4):
            request = json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))
            send(*render(request["html"], request["seconds"]))
    finally:
        shutil.rmtree(temp, ignore_errors=True)  # the parent does it too, unless it died first


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
