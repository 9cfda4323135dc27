"""What every response says to the browser: what it may load, frame, sniff and tell others."""

from flask import request

from .htmx import nonce

CSP = (
    "default-src 'none'; script-src 'nonce-{}'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx"
)
VARY = "HX-Request, HX-Target, HX-Request-Type, HX-Boosted, Cookie"
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def init_app(app):
    app.after_request(_add)
    app.jinja_env.globals["insecure"] = insecure
    if app.config["HTTPS"]:
        FIXED.setdefault("Strict-Transport-Security", "max-age=86400")


def insecure() -> bool:
    """Whether this page crosses the network in the clear."""
    return not request.is_secure and request.remote_addr not in ("127.0.0.1", "::1")


def _add(response):
    headers = response.headers
    headers.extend(FIXED)
    if request.endpoint == "static":
        return response
    # Set, not merged: nothing else says these, and this runs for every answer.
    headers["Cache-Control"] = "no-store"
    if response.mimetype == "text/html":
        headers["Vary"] = VARY
        headers["Content-Security-Policy"] = CSP.format(nonce())
    else:
        headers.setdefault("Content-Security-Policy", "default-src 'none'; sandbox")
    return response
