"""The features, in the order of the menu."""

from flask import g, request, url_for

from core.i18n import lazy

from . import accounts, caseload, home, jobs, search, settings, setup

FEATURES = [home, caseload, search, settings, accounts, jobs, setup]
# endpoint, word, icon, who sees it
TABS = [
    ("home.today_show", lazy("Oggi"), "sun", lambda me: bool(me.scope["me"])),
    ("caseload.case_index", lazy("Casi"), "folder2-open", lambda me: bool(me.scope["me"])),
    ("settings.settings_show", lazy("Cooperativa"), "house-gear", lambda me: me.is_coordinator or me.is_administrator),
]


def init_app(app):
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.jinja_env.globals["tabs"] = _tabs
    setup.init_app(app)


def _tabs():
    me, here = g.me, request.blueprint
    return [
        {
            "name": name.partition(".")[0],
            "url": url_for(name),
            "label": label,
            "icon": icon,
            "here": name.startswith(f"{here}."),
        }
        for name, label, icon, sees in TABS
        if me.is_authenticated and sees(me)
    ]
