"""The one list of what a case file holds forgets no table."""

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, select
from sqlalchemy.orm import selectinload

from core import clock
from core.db import db
from models import dossier
from models.case import Case
from models.household import HouseholdMember
from models.note import Note
from models.plan import Action, Goal, Need, Plan
from models.todo import Todo


def test_every_table_about_people_is_in_a_section_or_outside_for_a_reason():
    assert not dossier.forgotten(db.metadata)


def copy_with(*tables):
    """The schema of today with more tables, apart from the one in use."""
    metadata = MetaData()
    for table in db.metadata.sorted_tables:
        table.to_metadata(metadata)
    for name, points_at in tables:
        Table(
            name, metadata, Column("id", Integer, primary_key=True), Column("x", Integer, ForeignKey(f"{points_at}.id"))
        )
    return metadata


@pytest.mark.parametrize("points_at", ["person", "case_file", "note", "plan_action"])
def test_a_new_table_that_points_at_a_person_or_a_case_is_missed_at_once(points_at):
    assert dossier.forgotten(copy_with(("secret", points_at))) == {"secret"}


def test_a_table_two_steps_away_is_missed_too():
    assert dossier.forgotten(copy_with(("first", "goal"), ("second", "first"))) == {"first", "second"}


def test_a_table_about_nobody_is_not_asked_for():
    assert not dossier.forgotten(copy_with(("weather", "service")))


def test_what_stands_outside_exists_and_says_why():
    assert dossier.OUTSIDE.keys() <= db.metadata.tables.keys()
    assert all(len(why) > 15 for why in dossier.OUTSIDE.values())


def test_names_of_sections_and_tables_occur_once():
    names = [s.name for s in dossier.SECTIONS]
    tables = [t.__tablename__ for s in dossier.SECTIONS for t in s.tables]
    assert len(names) == len(set(names)) and len(tables) == len(set(tables))


def test_every_table_of_a_section_is_read_by_it(app):
    """Else an export that walks the list would leave rows behind."""
    for section in dossier.SECTIONS:
        case = Case(id=1, person_id=1)
        selects = [section.rows(case), *(read(case) for read in section.also.values())]
        read = {d["entity"] for s in selects for d in s.column_descriptions}
        with_goals = {Goal, Action} if section.name == "plan" else set()
        assert set(section.tables) == read | with_goals, section.name


def test_erasure_knows_what_to_do_with_every_section():
    assert {s.erase for s in dossier.SECTIONS} <= {"delete", "blank", "keep"}


def test_accesses_are_for_who_coordinates(giulia, elena):
    names = {s.name for s in dossier.for_user(giulia)}
    assert "accesses" not in names
    assert {s.name for s in dossier.for_user(elena)} == names | {"accesses"}


def test_each_section_reads_the_rows_of_its_case_and_of_no_other(giulia, case):
    from tests import people

    other = people.make_case(giulia, first="Omar", last="Saïd")
    from core.db import transaction

    with transaction("write", str(giulia.id)):
        for file in map(lambda i: db.session.get(Case, i), (case, other)):
            fill(file, giulia)
        db.session.commit()
    file = db.session.get(Case, case)
    for section in dossier.SECTIONS:
        for read in (section.rows, *section.also.values()):
            for row in db.session.scalars(read(file)).all():
                assert getattr(row, "case_id", case) == case
                assert getattr(row, "person_id", file.person_id) == file.person_id
    assert len(db.session.scalars(dossier.section("contacts").rows(file)).all()) == 1


def fill(file, by):
    db.session.add(HouseholdMember(person_id=file.person_id, name="Lina", relation="child"))
    Need.find_out(file, by=by, category="work", description="Lavorare")
    plan = Plan.draft(file, by=by)
    goal = Goal.add(plan, title="Lavoro")
    Action.add(plan, goal, what="Scrivere", owner_kind="person")
    Note.write(file, by=by, kind="phone", text="Ha chiamato.")
    Todo.promise(file, by=by, what="Richiamare", due_on=clock.today(), owner_id=by.id)


def test_the_plan_comes_with_goals_actions_and_owners(giulia, case):
    file = db.session.get(Case, case)
    fill(file, giulia)
    plan = db.session.scalars(dossier.section("plan").rows(file)).one()
    assert [a.what for g in plan.goals for a in g.actions] == ["Scrivere"]
    assert plan.goals[0].actions[0].owner is None
    assert db.session.scalars(select(Plan).options(selectinload(Plan.goals))).one() is plan
