"""The plan: drafted, agreed, changed by a new version; what was agreed stays as it was."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import db
from models.case import Case
from models.plan import Action, Goal, Plan

from .. import people
from .makers import GOAL, actions_of, goal_of, make_need, make_plan, writing

TYPED = {name: str(value) for name, value in GOAL.items()}
STEP = {"what": "Iscriversi alla scuola guida", "who": "person", "owner_name": "", "due_on": "2030-11-30"}


def plans():
    return db.session.scalars(select(Plan).order_by(Plan.number).execution_options(populate_existing=True)).all()


def agreeing(browser, plan_id, **fields):
    """What the page of the agreement would send."""
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(f"/plans/{plan_id}/agree").text)[1]
    return {"agreed_on": clock.today().isoformat(), "agreed_how": "spoken", "seen": seen, **fields}


def test_from_an_empty_leaf_to_an_agreed_plan(as_giulia, giulia, case):
    assert "Apri il piano" in as_giulia.get(f"/cases/{case}/plan").text
    assert (
        as_giulia.post(f"/cases/{case}/plan/draft", {"purpose": "Lavorare vicino"}).location == f"/cases/{case}/plan/1"
    )
    assert "Bozza, non ancora concordata" in as_giulia.get(f"/cases/{case}/plan").text
    [plan] = plans()
    as_giulia.post(f"/plans/{plan.id}/goals/new", TYPED)
    goal = goal_of(plan.id)
    as_giulia.post(f"/goals/{goal.id}/actions/new", STEP)
    as_giulia.post(f"/plans/{plan.id}/agree", agreeing(as_giulia, plan.id, agreed_with="Amina", review_on="2031-01-10"))
    [plan] = plans()
    assert (plan.current, plan.agreed_how, plan.agreed_with, plan.review_on) == (
        True,
        "spoken",
        "Amina",
        date(2031, 1, 10),
    )
    page = as_giulia.get(f"/cases/{case}/plan").text
    for words in ("Piano, versione 1", "a voce", "Voglio cucinare", "Lo vuole Amina", "31 marzo 2031", "scuola guida"):
        assert words in page
    assert "Modifica<" not in page


def test_the_leaf_is_a_page_and_a_fragment(as_giulia, giulia, case):
    make_plan(case, giulia)
    block = as_giulia.swap("plan_leaf", f"/cases/{case}/plan").text
    assert block.strip().startswith('<div id="plan_leaf">') and "<html" not in block
    assert "Corso HACCP" in block


def test_a_goal_says_what_is_missing_and_is_not_agreed_until_then(as_giulia, giulia, case):
    plan = make_plan(case, giulia, agreed=False, goal={"title": "Trovare lavoro"})
    words = "chi lo vuole, come si vede, da dove si parte, dove si arriva, entro quando"
    assert f"Prima di concordarlo manca: {words}." in as_giulia.get(f"/cases/{case}/plan").text
    assert f"Manca: {words}." in as_giulia.get(f"/plans/{plan}/agree").text
    page = as_giulia.swap("agree_form", f"/plans/{plan}/agree", agreeing(as_giulia, plan), expect=422)
    assert f"All&#39;obiettivo «Trovare lavoro» manca: {words}." in page.text
    assert not plans()[0].agreed_on


def test_a_plan_without_goals_is_not_agreed(as_giulia, giulia, case):
    plan = make_plan(case, giulia, agreed=False, goal=None)
    page = as_giulia.post(f"/plans/{plan}/agree", agreeing(as_giulia, plan), expect=422)
    assert "Un piano concordato ha almeno un obiettivo" in page.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agreed_on": ""}, "Serve una risposta qui."),
        ({"agreed_on": (clock.today() + timedelta(days=2)).isoformat()}, "oggi o un giorno passato"),
        ({"agreed_how": ""}, "Serve una risposta qui."),
        ({"review_on": "2020-01-01"}, "dopo il giorno dell&#39;accordo"),
        ({"review_on": "domani"}, "Questa data non esiste"),
    ],
)
def test_an_agreement_needs_a_day_and_a_way(as_giulia, giulia, case, wrong, said):
    plan = make_plan(case, giulia, agreed=False)
    form = agreeing(as_giulia, plan, agreed_with="Amina e sua zia") | wrong
    page = as_giulia.post(f"/plans/{plan}/agree", form, expect=422)
    assert said in page.text and "Amina e sua zia" in page.text
    assert not plans()[0].agreed_on


def test_nobody_agrees_to_what_a_colleague_changed_meanwhile(as_giulia, as_marco, giulia, case):
    plan = make_plan(case, giulia, agreed=False)
    form = agreeing(as_giulia, plan)
    goal = goal_of(plan).id
    as_marco.post(f"/goals/{goal}/edit", TYPED | {"target": "40 ore", "version": "1"})
    page = as_giulia.post(f"/plans/{plan}/agree", form, expect=422)
    assert "un collega ha cambiato la bozza" in page.text and "40 ore" in page.text
    as_giulia.post(f"/plans/{plan}/agree", agreeing(as_giulia, plan))
    assert plans()[0].agreed_on


def test_a_change_asks_why_and_starts_the_next_version(as_giulia, giulia, case):
    make_plan(case, giulia)
    page = as_giulia.swap(
        "plan_draft_form", f"/cases/{case}/plan/draft", {"reason": "", "purpose": "Scritto"}, expect=422
    )
    assert "Scrivi perché il piano cambia" in page.text and "Scritto" in page.text
    as_giulia.post(f"/cases/{case}/plan/draft", {"reason": "Corso serale", "purpose": "Scritto"})
    first, second = plans()
    assert (first.current, second.agreed_on, second.reason, second.purpose) == (True, None, "Corso serale", "Scritto")
    assert [a.what for a in actions_of(second.id)] == ["Corso HACCP", "Chiedere le rate", "Prova in mensa"]


def test_while_there_is_a_draft_the_agreed_version_still_holds(as_giulia, giulia, case):
    make_plan(case, giulia)
    make_plan(case, giulia, agreed=False, reason="Corso serale")
    page = as_giulia.get(f"/cases/{case}/plan").text
    assert "Piano, versione 1" in page and "una bozza della versione 2" in page and "Continua la bozza" in page
    draft = as_giulia.get(f"/cases/{case}/plan/2").text
    assert "vale la versione 1" in draft and "Concorda il piano" in draft
    assert as_giulia.get(f"/cases/{case}/plan/draft", 303).location == f"/cases/{case}/plan/2"


def test_every_version_can_be_read_for_ever(as_giulia, giulia, case):
    make_plan(case, giulia)
    second = make_plan(case, giulia, agreed=False, reason="Corso serale")
    goal = goal_of(second).id
    as_giulia.post(f"/goals/{goal}/edit", TYPED | {"title": "Lavorare in mensa", "version": "1"})
    as_giulia.post(f"/plans/{second}/agree", agreeing(as_giulia, second))
    old, new = (as_giulia.get(f"/cases/{case}/plan/{n}").text for n in (1, 2))
    assert "Lavorare in cucina" in old and "Superata" in old and "Lavorare in mensa" not in old
    assert "Lavorare in mensa" in new and "Corso serale" in new
    assert "Lavorare in mensa" in as_giulia.get(f"/cases/{case}/plan").text
    as_giulia.get(f"/cases/{case}/plan/3", 404)


def test_what_was_agreed_does_not_change(as_giulia, giulia, case):
    plan = make_plan(case, giulia)
    goal, action = goal_of(plan).id, actions_of(plan)[0].id
    said = "Questa versione è concordata e non si cambia più"
    for url, form in [
        (f"/plans/{plan}/edit", {"purpose": "Altro", "version": str(plans()[0].version)}),
        (f"/plans/{plan}/goals/new", TYPED),
        (f"/goals/{goal}/edit", TYPED | {"version": "1", "title": "Altro"}),
        (f"/goals/{goal}/actions/new", STEP),
        (f"/actions/{action}/edit", STEP | {"version": "1"}),
    ]:
        assert said in as_giulia.post(url, form, expect=422).text
    for url in (f"/goals/{goal}/removal", f"/actions/{action}/removal"):
        assert said in as_giulia.post(url, expect=409).text
    assert goal_of(plan).title == "Lavorare in cucina" and len(actions_of(plan)) == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "Serve una risposta"),
        ({"due_on": "31/02/2031"}, "Questa data non esiste"),
        ({"need_id": "99"}, "Scegli una"),
    ],
)
def test_a_goal_that_is_wrong_keeps_what_was_typed(as_giulia, giulia, case, wrong, said):
    plan = make_plan(case, giulia, agreed=False, goal=None)
    page = as_giulia.swap("goal_form", f"/plans/{plan}/goals/new", TYPED | wrong, expect=422)
    assert said in page.text and "Voglio cucinare" in page.text
    assert goal_of(plan) is None


def test_a_goal_answers_to_a_need_of_its_own_case_only(as_giulia, giulia, case):
    mine = make_need(case, giulia)
    other = make_need(people.make_case(giulia, first="Omar", last="Saïd"), giulia, "Casa")
    plan = make_plan(case, giulia, agreed=False, goal=None)
    as_giulia.post(f"/plans/{plan}/goals/new", TYPED | {"need_id": str(other)}, expect=422)
    as_giulia.post(f"/plans/{plan}/goals/new", TYPED | {"need_id": str(mine)})
    assert goal_of(plan).need_id == mine


def test_two_who_change_the_same_goal_see_both_texts(as_giulia, as_marco, giulia, case):
    goal = goal_of(make_plan(case, giulia, agreed=False)).id
    as_marco.post(f"/goals/{goal}/edit", TYPED | {"target": "Di Marco", "version": "1"})
    page = as_giulia.swap(
        "goal_form", f"/goals/{goal}/edit", TYPED | {"target": "Di Giulia", "version": "1"}, expect=409
    )
    assert "Marco</ins>" in page.text and "Di Giulia" in page.text
    assert db.session.scalar(select(Goal.target)) == "Di Marco"


def test_a_goal_leaves_the_draft_and_stays_in_what_was_agreed(as_giulia, giulia, case):
    first = make_plan(case, giulia)
    second = make_plan(case, giulia, agreed=False, reason="Altro")
    goal = goal_of(second).id
    assert "Lavorare in cucina" in as_giulia.get(f"/goals/{goal}/removal").text
    as_giulia.post(f"/goals/{goal}/removal")
    assert goal_of(second) is None and not actions_of(second)
    assert goal_of(first) is not None and len(actions_of(first)) == 3


@pytest.mark.parametrize(
    ("who", "name", "kind"),
    [("person", "", "person"), ("user:{marco}", "", "user"), ("other", "Paola Neri, Comune", "other")],
)
def test_an_action_has_exactly_one_owner(as_giulia, giulia, marco, case, who, name, kind):
    plan = make_plan(case, giulia, agreed=False, goal={"title": "Lavoro"})
    url = f"/goals/{goal_of(plan).id}/actions/new"
    as_giulia.post(url, STEP | {"who": who.format(marco=marco.id), "owner_name": name or "scritto per sbaglio"})
    action = actions_of(plan)[-1]
    assert action.owner_kind == kind
    assert (action.owner_id, action.owner_name) == ((marco.id if kind == "user" else None), name or None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"who": ""}, "Ogni azione ha una persona che se ne occupa"),
        ({"who": "other", "owner_name": " "}, "Scrivi chi se ne occupa."),
        ({"who": "user:{sara}"}, "Scegli una delle voci."),
        ({"who": "user:"}, "Scegli una delle voci."),
        ({"what": ""}, "Serve una risposta qui."),
    ],
)
def test_an_action_without_its_owner_is_not_saved(as_giulia, giulia, sara, case, wrong, said):
    plan = make_plan(case, giulia, agreed=False)
    form = {k: v.format(sara=sara.id) for k, v in (STEP | {"due_on": "2030-11-29"} | wrong).items()}
    page = as_giulia.swap("action_form", f"/goals/{goal_of(plan).id}/actions/new", form, expect=422)
    assert said in page.text and "2030-11-29" in page.text
    assert len(actions_of(plan)) == 3


def test_an_action_of_the_draft_is_changed_and_taken_out(as_giulia, giulia, case):
    plan = make_plan(case, giulia, agreed=False)
    first, second, third = (a.id for a in actions_of(plan))
    assert 'value="Corso HACCP"' in as_giulia.get(f"/actions/{first}/edit").text
    assert 'value="other" selected' in as_giulia.get(f"/actions/{third}/edit").text
    as_giulia.post(f"/actions/{first}/edit", STEP | {"who": "other", "owner_name": "ENAIP", "version": "1"})
    as_giulia.post(f"/actions/{second}/removal")
    assert [(a.what, a.owner_name) for a in actions_of(plan)] == [
        (STEP["what"], "ENAIP"),
        ("Prova in mensa", "Paola Neri"),
    ]


def test_two_who_change_the_same_action_see_both_texts(as_giulia, as_marco, giulia, case):
    action = actions_of(make_plan(case, giulia, agreed=False))[2].id
    form = STEP | {"who": "other", "version": "1"}
    as_marco.post(f"/actions/{action}/edit", form | {"owner_name": "Di Marco"})
    page = as_giulia.post(f"/actions/{action}/edit", form | {"owner_name": "Di Giulia"}, expect=409)
    assert "Marco</ins>" in page.text and "Di Giulia" in page.text


def test_what_was_done_is_marked_on_the_agreed_plan(as_giulia, giulia, case):
    action = actions_of(make_plan(case, giulia))[0].id
    page = as_giulia.swap("plan_leaf", f"/actions/{action}/state", {"state": "done", "version": "1"})
    assert 'id="plan_leaf"' in page.text and "fatta il" in page.text and "Azione aggiornata." in page.text
    assert "case-changed" in page.headers["HX-Trigger"]
    for version, state in (("2", "open"), ("3", "dropped")):
        as_giulia.post(f"/actions/{action}/state", {"state": state, "version": version})
        assert db.session.get(Action, action, populate_existing=True).state == state


def test_marking_with_an_old_page_or_a_wrong_word_changes_nothing(as_giulia, giulia, case):
    action = actions_of(make_plan(case, giulia))[0].id
    as_giulia.post(f"/actions/{action}/state", {"state": "exploded", "version": "1"}, 400)
    as_giulia.post(f"/actions/{action}/state", {"state": "done", "version": "1"})
    page = as_giulia.post(f"/actions/{action}/state", {"state": "dropped", "version": "1"}, 409)
    assert "Fatta" in page.text and "Annullata" in page.text
    assert db.session.get(Action, action, populate_existing=True).state == "done"


def test_what_happens_while_a_draft_is_open_is_not_forgotten_by_it(as_giulia, giulia, case):
    first = make_plan(case, giulia)
    second = make_plan(case, giulia, agreed=False, reason="Altro")
    as_giulia.post(f"/actions/{actions_of(first)[0].id}/state", {"state": "done", "version": "1"})
    as_giulia.post(f"/actions/{actions_of(second)[1].id}/state", {"state": "done", "version": "1"})
    as_giulia.post(f"/actions/{actions_of(second)[2].id}/state", {"state": "dropped", "version": "1"})
    assert [a.state for a in actions_of(second)] == ["done", "done", "dropped"]
    assert [a.state for a in actions_of(first)] == ["done", "done", "open"], "dropping in a draft is not agreed yet"


def test_a_superseded_version_stays_as_it_was(as_giulia, giulia, case):
    action = actions_of(make_plan(case, giulia))[0].id
    make_plan(case, giulia, reason="Altro")
    page = as_giulia.post(f"/actions/{action}/state", {"state": "done", "version": "1"}, 409)
    assert "resta com&#39;era" in page.text
    assert "Segna fatta" not in as_giulia.get(f"/cases/{case}/plan/1").text


def test_the_next_step_of_the_case_follows_the_plan(as_giulia, giulia, case):
    action = actions_of(make_plan(case, giulia))[0].id
    assert db.session.get(Case, case).next_text == "Corso HACCP"
    as_giulia.post(f"/actions/{action}/state", {"state": "done", "version": "1"})
    assert db.session.get(Case, case, populate_existing=True).next_text is None


def test_what_is_late_waits_for_a_hand(as_giulia, giulia, case):
    plan = make_plan(case, giulia)
    with writing(giulia):
        db.session.get(Plan, plan).review_on = clock.today()
        actions_of(plan)[0].due_on = clock.today() - timedelta(days=3)
        db.session.commit()
    page = as_giulia.swap("plan_leaf", f"/cases/{case}/plan").text
    assert page.count('class="baton"') == 2 and "Verifica: scade oggi" in page and "scaduta il" in page


def test_the_glance_tells_three_needs_and_the_next_action_of_each_goal(as_giulia, giulia, case):
    for n in range(4):
        make_need(case, giulia, f"Bisogno {n}", priority=min(n + 1, 3))
    make_need(case, giulia, "Già soddisfatto", state="met")
    make_plan(case, giulia)
    block = as_giulia.swap("plan_glance", f"/cases/{case}/plan/glance").text
    assert block.strip().startswith('<div id="plan_glance"')
    assert re.findall(r"Bisogno \d", block) == ["Bisogno 0", "Bisogno 1", "Bisogno 2"] and "soddisfatto" not in block
    assert "Ora: Corso HACCP" in block and "rate" not in block
    assert "<h1>" in as_giulia.get(f"/cases/{case}/plan/glance").text


def test_the_glance_of_a_new_case_is_not_empty_handed(as_giulia, case):
    block = as_giulia.swap("plan_glance", f"/cases/{case}/plan/glance").text
    assert "Nessun bisogno aperto." in block and "Ancora nessun obiettivo." in block


def pages_of(case, plan):
    goal, action = goal_of(plan).id, actions_of(plan)[0].id
    reads = [f"/cases/{case}/plan", f"/cases/{case}/plan/1", f"/cases/{case}/plan/glance"]
    forms = [
        (f"/cases/{case}/plan/draft", {"purpose": "x"}),
        (f"/plans/{plan}/edit", {"purpose": "x", "version": "1"}),
        (f"/plans/{plan}/agree", {"agreed_on": "2026-01-01", "agreed_how": "spoken"}),
        (f"/plans/{plan}/goals/new", TYPED),
        (f"/goals/{goal}/edit", TYPED | {"version": "1"}),
        (f"/goals/{goal}/removal", {}),
        (f"/goals/{goal}/actions/new", STEP),
        (f"/actions/{action}/edit", STEP | {"version": "1"}),
    ]
    buttons = [(f"/actions/{action}/removal", {}), (f"/actions/{action}/state", {"state": "done", "version": "1"})]
    return reads, forms, buttons


@pytest.mark.parametrize(("who", "reads", "writes"), [("sara", 404, 404), ("ada", 403, 403), ("rita", 200, 403)])
def test_who_may_not_is_refused_everywhere(request, giulia, case, who, reads, writes):
    plan, browser = make_plan(case, giulia, agreed=False), request.getfixturevalue(f"as_{who}")
    pages, forms, buttons = pages_of(case, plan)
    for url in pages:
        browser.get(url, reads)
    for url, form in forms:
        browser.get(url, writes)
        browser.post(url, form, writes)
    for url, form in buttons:
        browser.post(url, form, writes)
    [untouched] = plans()
    assert not untouched.agreed_on and untouched.version == 1
    assert [a.state for a in actions_of(plan)] == ["open"] * 3 and goal_of(plan).version == 1


def test_a_stranger_is_asked_to_sign_in(as_nobody, giulia, case):
    pages, forms, buttons = pages_of(case, make_plan(case, giulia, agreed=False))
    for url in [*pages, *(url for url, _form in forms)]:
        assert "/sign-in" in as_nobody.get(url, 303).location
    for url, form in [*forms, *buttons]:
        as_nobody.post(url, form, 401)


def test_a_reader_sees_the_plan_and_nothing_to_press(as_rita, giulia, case):
    make_plan(case, giulia, agreed=False)
    page = as_rita.get(f"/cases/{case}/plan").text
    assert "Lavorare in cucina" in page
    for words in ("Segna fatta", "Aggiungi", "Concorda il piano", "Modifica<"):
        assert words not in page


def test_a_closed_case_keeps_its_plan_as_it_is(as_giulia, giulia):
    closed = people.make_case(giulia, first="Omar", last="Saïd", state="active")
    plan = make_plan(closed, giulia)
    with writing(giulia):
        case = db.session.get(Case, closed)
        for action in actions_of(plan):
            action.set_state(case, "done")
        case.begin_closing(by=giulia, outcome="other", note="prova")
        case.approve_closing(by=giulia)
        db.session.commit()
    assert "Lavorare in cucina" in as_giulia.get(f"/cases/{closed}/plan").text
    for url, form in pages_of(closed, plan)[1] + pages_of(closed, plan)[2]:
        as_giulia.post(url, form, 403)


def test_the_leaf_costs_the_same_for_one_action_and_for_thirty(as_giulia, giulia, case, queries):
    plan = make_plan(case, giulia)

    def cost():
        db.session.rollback()
        db.session.expunge_all()
        with queries() as count:
            as_giulia.get(f"/cases/{case}/plan")
        return count()

    before = cost()
    with writing(giulia):
        for n in range(30):
            goal = Goal(plan_id=plan, position=n + 2, title=f"Obiettivo {n}")
            db.session.add(goal)
            db.session.flush()
            db.session.add(Action(goal_id=goal.id, what="x", owner_kind="user", owner_id=giulia.id))
        db.session.commit()
    assert cost() == before


def test_hostile_words_come_out_as_words(as_giulia, giulia, case):
    hostile = '"><script>x</script>{{ 7*7 }}<i hx-get="/x">'
    plan = make_plan(
        case, giulia, agreed=False, goal=GOAL | {name: hostile for name in ("title", "own_words", "indicator")}
    )
    with writing(giulia):
        db.session.get(Plan, plan).edit(purpose=hostile)
        for action in actions_of(plan):
            action.what = hostile
        actions_of(plan)[2].owner_name = hostile
        db.session.commit()
    pages, forms, _buttons = pages_of(case, plan)
    for url in pages + [url for url, _form in forms[1:]]:
        page = as_giulia.get(url).text
        assert (
            "<script>x" not in page and '<i hx-get="/x"' not in page and "49" not in re.findall(r"&gt;(\d+)&lt;", page)
        )
    assert "&lt;script&gt;x&lt;/script&gt;{{ 7*7 }}" in as_giulia.get(pages[0]).text


def test_hostile_words_come_out_as_words_in_a_refusal_too(as_giulia, giulia, case):
    plan = make_plan(case, giulia, agreed=False, goal={"title": "<script>x</script>"})
    page = as_giulia.post(f"/plans/{plan}/agree", agreeing(as_giulia, plan), expect=422).text
    assert "«&lt;script&gt;x&lt;/script&gt;» manca" in page and "<script>x" not in page
