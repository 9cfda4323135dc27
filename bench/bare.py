"""The yardstick: Flask and Jinja alone, on the same server, in the same run. `python bench/bare.py PORT`."""

import sys
from datetime import date, timedelta

import waitress
from flask import Flask

ROWS = [
    {
        "id": i,
        "name": f"Persona {i}",
        "number": f"2026-{i:04}",
        "state": "In corso",
        "next": "Colloquio",
        "last": date(2026, 1, 1) + timedelta(i),
    }
    for i in range(50)
]
PAGE = """<!doctype html><title>Casi</title><table>{% for r in rows %}<tr><td><a href="/cases/{{ r.id }}">{{ r.name }}</a>
{{ r.number }}</td><td>{{ r.state }}</td><td>{{ r.next }}</td><td>{{ r.last }}</td></tr>{% endfor %}</table>"""

app = Flask(__name__)
page = app.jinja_env.from_string(PAGE)


@app.get("/hello")
def hello():
    return "hello"


@app.get("/rows")
def rows():
    return page.render(rows=ROWS)


if __name__ == "__main__":
    waitress.serve(
        app, host="127.0.0.1", port=int(sys.argv[1]), threads=16, connection_limit=400, ident="", _quiet=True
    )
