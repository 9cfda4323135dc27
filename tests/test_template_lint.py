"""Each rule of the template lint lets the good pass and finds the bad."""

import pytest

from tools.lint_templates import check

ACTING = '<a href="/x" hx-get="/x" hx-nonce="{{ nonce }}"{}>x</a>'

RULES = {
    "attributes are quoted": ('<input name="{{ n }}" required>', "<input name={{ n }}>", "not quoted"),
    "no scripts in hx-on": ('<p id="on">x</p>', '<p hx-on:click="go()" hx-nonce="n">x</p>', "runs a script"),
    "no scripts in onclick": ('<p class="on">x</p>', '<p onclick="go()">x</p>', "runs a script"),
    "no js: values": (
        ACTING.replace("{}", """ hx-vals='{"a": 1}'"""),
        ACTING.replace("{}", ' hx-vals="js:{a: 1}"'),
        "runs a script",
    ),
    "no javascript: links": ('<a href="/js">x</a>', '<a href=" JavaScript:go()">x</a>', "runs a script"),
    "no trigger filters": (
        ACTING.replace("{}", ' hx-trigger="input delay:{{ waits[0] }}"'),
        ACTING.replace("{}", ' hx-trigger="click[ctrlKey]"'),
        "[filter]",
    ),
    "no hx-boost": ('<main id="m">x</main>', '<main hx-boost:inherited="true" hx-nonce="n">x</main>', "hx-boost"),
    "no style attribute": ('<p class="style">style="x"</p>', '<p style="color: red">x</p>', "style="),
    "no inline script": ('<script src="/a.js"></script>', "<script>go()</script>", "without src"),
    "htmx is not deferred": (
        '<script src="/vendor/htmx/htmx.min.js" nonce="n"></script><script src="/app.js" defer></script>',
        '<script src="/vendor/htmx/htmx.min.js" nonce="n" defer></script>',
        "before hx-csp",
    ),
    "no safe": ("{{ safe|title }} {# |safe #}", "{{ text | safe }}", "|safe"),
    "no autoescape false": ("{{ text }}", "{% autoescape false %}x{% endautoescape %}", "autoescape"),
    "tojson stands in single quotes": (
        "<p data-x='{{ x|tojson }}'>x</p>",
        '<p data-x="{{ x|tojson }}">x</p>',
        "tojson",
    ),
    "what acts has a nonce": (ACTING.replace("{}", ""), '<a href="/x" hx-get="/x">x</a>', "without hx-nonce"),
    "what is inherited has a nonce": (
        "<body hx-headers:inherited='{{ h|tojson }}' hx-nonce=\"{{ nonce }}\">",
        "<body hx-headers:inherited='{{ h|tojson }}'>",
        "without hx-nonce",
    ),
    "a nonce is not inherited": ('<p hx-nonce="n">x</p>', '<p hx-nonce:inherited="n">x</p>', "vouch"),
    "hx- is written short": ('<p data-x="1">x</p>', '<p data-hx-get="/x" hx-nonce="n">x</p>', "is written hx-get"),
    "a form that posts has its keys": (
        '<form method="post" action="/x">\n{{ form_keys() }}</form>',
        '<form method="post" action="/x">{# form_keys() #}</form>{{ form_keys() }}',
        "form_keys",
    ),
    "target=_blank has rel": (
        '<a href="/x" target="_blank" rel="noopener">x</a>',
        '<a href="/x" target="_blank">x</a>',
        "without rel",
    ),
}


@pytest.mark.parametrize(("good", "bad", "message"), RULES.values(), ids=RULES)
def test_rule_passes_the_good_and_finds_the_bad(good, bad, message):
    assert check("home/day_show.html", good) == []
    assert [line for line, text in check("home/day_show.html", f"<p>\n</p>{bad}") if message in text] == [2]


def test_partials_of_features_say_what_they_take():
    assert not check("caseload/_case_row.html", "{# takes: case #}\n<tr></tr>")
    assert check("caseload/_case_row.html", "<tr></tr>") == [(1, "a partial opens with {# takes: ... #}")]
    assert not check("_forms.html", "<p></p>")


def test_jinja_inside_a_tag_is_understood():
    source = (
        '<option value="{{ url_for("x", a=b) }}"{% if a > b %} selected{% endif %} {{ field_attributes }}>\n'
        '{# <a style="x"> #}<!-- <a style="x"> -->'
    )
    assert not check("home/day_show.html", source)
