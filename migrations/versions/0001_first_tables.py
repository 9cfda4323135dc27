"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("tbl", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.String(length=80), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        info={"audit": "the audit itself"},
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_actor", ["actor", "seq", "verb", "tbl"], unique=False)
        batch_op.create_index("ix_audit_row", ["tbl", "row_id", "seq"], unique=False)
        batch_op.create_index("ix_audit_verb", ["verb", "seq"], unique=False)

    op.create_table(
        "name_key",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name=op.f("pk_name_key")),
        info={"audit": "derived from names"},
    )
    op.create_table(
        "once",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_once")),
        info={"audit": "technical: repeats of a form, gone after a day"},
    )
    with op.batch_alter_table("once", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_once_at"), ["at"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("known_as", sa.String(length=80), nullable=True),
        sa.Column("tax_code", sa.String(length=16), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("birth_place", sa.String(length=80), nullable=True),
        sa.Column("gender", sa.String(length=1), nullable=True),
        sa.Column("citizenship", sa.String(length=80), nullable=True),
        sa.Column("permit_kind", sa.String(length=20), nullable=True),
        sa.Column("permit_expires_on", sa.Date(), nullable=True),
        sa.Column("residence", sa.String(length=200), nullable=True),
        sa.Column("residence_town", sa.String(length=80), nullable=True),
        sa.Column("domicile", sa.String(length=200), nullable=True),
        sa.Column("domicile_town", sa.String(length=80), nullable=True),
        sa.Column("languages", sa.String(length=120), nullable=True),
        sa.Column("italian", sa.String(length=10), nullable=True),
        sa.Column("mediator_language", sa.String(length=60), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("phone_2", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("may_call", sa.Boolean(), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("may_leave_message", sa.Boolean(), nullable=False),
        sa.Column("contact_note", sa.String(length=200), nullable=True),
        sa.Column("is_training", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("folded", sa.String(length=400), nullable=False),
        sa.Column("double_key", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("gender IN ('f', 'm', 'x', 'n')", name=op.f("ck_person_gender")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        info={"search": ("folded",)},
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_double_key", ["double_key"], unique=False)
        batch_op.create_index("ix_person_name", ["last_name", "first_name", "id"], unique=False)
        batch_op.create_index("ix_person_tax_code", ["tax_code"], unique=False)

    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("name", name=op.f("uq_service_name")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        info={"audit": "changes at every page; sign-ins and sign-outs are recorded by their own verbs"},
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_account", ["account", "at"], unique=False)
        batch_op.create_index("ix_sign_in_attempt_device", ["device", "at"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("profession", sa.String(length=80), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("hours", sa.String(length=120), nullable=True),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("seniority", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("theme", sa.String(length=5), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("seniority IN ('junior', 'senior')", name=op.f("ck_user_account_seniority")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("to_know", sa.String(length=300), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("complexity", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("is_training", sa.Boolean(), nullable=False),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.Column("next_kind", sa.String(length=12), nullable=True),
        sa.Column("next_text", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("priority BETWEEN 1 AND 3 AND complexity BETWEEN 1 AND 3", name=op.f("ck_case_file_levels")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_file_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_case_file_service_id_service")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_case_file_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_file_contact",
            ["last_contact_on", "id", "team_id", "closed_on", "state", "confidential"],
            unique=False,
        )
        batch_op.create_index(
            "ix_case_file_next", ["next_on", "id", "team_id", "closed_on", "state", "confidential"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_case_file_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_case_file_recent", ["opened_on", "id", "team_id", "closed_on", "state", "confidential"], unique=False
        )
        batch_op.create_index(
            "ix_case_file_team",
            ["team_id", "closed_on", "state", "confidential", "is_training", "last_contact_on", "opened_on", "id"],
            unique=False,
        )
        batch_op.create_index("uq_case_file_serial", ["year", "serial"], unique=True)

    op.create_table(
        "household_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("lives_with", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_household_member_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_member")),
    )
    with op.batch_alter_table("household_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=True),
        sa.Column("result_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["result_id"], ["stored_file.id"], name=op.f("fk_job_result_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        info={"audit": "progress changes many times; what it exports is recorded as print or export"},
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_state", ["state", "id"], unique=False)
        batch_op.create_index("ix_job_user", ["user_id", "id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("reauthenticated_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_login_session_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        info={"audit": "changes at every page; sign-ins and sign-outs are recorded by their own verbs"},
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_membership_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            "uq_membership_open",
            ["user_id", "team_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("town", sa.String(length=80), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("hours", sa.String(length=120), nullable=True),
        sa.Column("letterhead_note", sa.String(length=200), nullable=True),
        sa.Column("privacy_notice_version", sa.String(length=20), nullable=False),
        sa.Column("privacy_notice", sa.Text(), nullable=True),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("two_for_closing", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["logo_id"], ["stored_file.id"], name=op.f("fk_organisation_logo_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "privacy_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("notice_version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=60), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["user_account.id"], name=op.f("fk_privacy_notice_given_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_privacy_notice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_notice")),
    )
    with op.batch_alter_table("privacy_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_privacy_notice_person_id"), ["person_id"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('worker', 'coordinator', 'administrator', 'reader')", name=op.f("ck_user_role_role")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_role_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_role")),
    )
    with op.batch_alter_table("user_role", schema=None) as batch_op:
        batch_op.create_index(
            "uq_user_role_open",
            ["user_id", "role"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=True),
        sa.Column("link", sa.String(length=300), nullable=True),
        sa.Column("with_whom", sa.String(length=120), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("moved_to_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome IN ('held', 'no_show', 'moved', 'cancelled')", name=op.f("ck_appointment_outcome")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 720", name=op.f("ck_appointment_minutes")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_appointment_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_appointment_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["moved_to_id"], ["appointment.id"], name=op.f("fk_appointment_moved_to_id_appointment")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_appointment_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index("ix_appointment_case", ["case_id", "starts_at"], unique=False)
        batch_op.create_index("ix_appointment_user", ["user_id", "starts_at"], unique=False)

    op.create_table(
        "care_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("outsider", sa.String(length=120), nullable=True),
        sa.Column("role", sa.String(length=80), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("(user_id IS NULL) <> (outsider IS NULL)", name=op.f("ck_care_member_one_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_care_member_case_id_case_file")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_care_member_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_member")),
    )
    with op.batch_alter_table("care_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_member_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_care_member_user", ["user_id", "until", "case_id"], unique=False)

    op.create_table(
        "case_episode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=True),
        sa.Column("closing_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_case_episode_approved_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_episode_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["closing_by_id"], ["user_account.id"], name=op.f("fk_case_episode_closing_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_episode")),
    )
    with op.batch_alter_table("case_episode", schema=None) as batch_op:
        batch_op.create_index("uq_case_episode_number", ["case_id", "number"], unique=True)

    op.create_table(
        "case_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_holder_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["user_account.id"], name=op.f("fk_case_holder_given_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_case_holder_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_holder")),
    )
    with op.batch_alter_table("case_holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_holder_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_case_holder_user", ["user_id", "until", "case_id"], unique=False)
        batch_op.create_index(
            "uq_case_holder_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("found_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_need_case_id_case_file")),
        sa.ForeignKeyConstraint(["found_by_id"], ["user_account.id"], name=op.f("fk_need_found_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_case_id"), ["case_id"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_how", sa.String(length=10), nullable=True),
        sa.Column("agreed_with", sa.String(length=200), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_plan_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_plan_created_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(
            "uq_plan_current",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )
        batch_op.create_index(
            "uq_plan_draft",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("agreed_on IS NULL"),
            postgresql_where=sa.text("agreed_on IS NULL"),
        )
        batch_op.create_index("uq_plan_number", ["case_id", "number"], unique=True)

    op.create_table(
        "case_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_case_state_by_id_user_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_state_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["user_account.id"], name=op.f("fk_case_state_checked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["case_episode.id"], name=op.f("fk_case_state_episode_id_case_episode")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_state")),
    )
    with op.batch_alter_table("case_state", schema=None) as batch_op:
        batch_op.create_index("ix_case_state_case", ["case_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_state_episode_id"), ["episode_id"], unique=False)
        batch_op.create_index(
            "uq_case_state_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("own_words", sa.String(length=300), nullable=True),
        sa.Column("wanted_by", sa.String(length=10), nullable=True),
        sa.Column("indicator", sa.String(length=200), nullable=True),
        sa.Column("baseline", sa.String(length=120), nullable=True),
        sa.Column("target", sa.String(length=120), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["follows_id"], ["goal.id"], name=op.f("fk_goal_follows_id_goal")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_goal_need_id_need")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_goal_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("present", sa.String(length=200), nullable=True),
        sa.Column("minutes_direct", sa.Integer(), nullable=True),
        sa.Column("minutes_documentation", sa.Integer(), nullable=True),
        sa.Column("minutes_coordination", sa.Integer(), nullable=True),
        sa.Column("minutes_travel", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("private_text", sa.Text(), nullable=True),
        sa.Column("addendum", sa.Boolean(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("folded_private", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('interview', 'phone', 'visit', 'message', 'accompaniment', 'meeting', 'other')",
            name=op.f("ck_note_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_note_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_note_author_id_user_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_note_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        info={"search": ("folded", "folded_private")},
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_author", ["author_id", "at"], unique=False)
        batch_op.create_index("ix_note_case", ["case_id", "at", "id"], unique=False)

    op.create_table(
        "note_original",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("present", sa.String(length=200), nullable=True),
        sa.Column("minutes_direct", sa.Integer(), nullable=True),
        sa.Column("minutes_documentation", sa.Integer(), nullable=True),
        sa.Column("minutes_coordination", sa.Integer(), nullable=True),
        sa.Column("minutes_travel", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("private_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_original_note_id_note")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["user_account.id"], name=op.f("fk_note_original_replaced_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_original")),
    )
    with op.batch_alter_table("note_original", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_original_note_id"), ["note_id"], unique=False)

    op.create_table(
        "plan_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("owner_kind", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owner_name", sa.String(length=120), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(owner_kind = 'user' AND owner_id IS NOT NULL AND owner_name IS NULL) OR (owner_kind = 'person' AND owner_id IS NULL AND owner_name IS NULL) OR (owner_kind = 'other' AND owner_id IS NULL AND owner_name IS NOT NULL)",
            name=op.f("ck_plan_action_one_owner"),
        ),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_plan_action_state")),
        sa.ForeignKeyConstraint(["follows_id"], ["plan_action.id"], name=op.f("fk_plan_action_follows_id_plan_action")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_plan_action_goal_id_goal")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_plan_action_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_action_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index("ix_plan_action_owner", ["owner_id", "state", "due_on"], unique=False)

    op.create_table(
        "todo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_todo_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_todo_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["user_account.id"], name=op.f("fk_todo_done_by_id_user_account")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_todo_note_id_note")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_todo_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_todo")),
    )
    with op.batch_alter_table("todo", schema=None) as batch_op:
        batch_op.create_index("ix_todo_case", ["case_id", "due_on"], unique=False)
        batch_op.create_index("ix_todo_owner", ["owner_id", "done_at", "due_on"], unique=False)


def downgrade():
    with op.batch_alter_table("todo", schema=None) as batch_op:
        batch_op.drop_index("ix_todo_owner")
        batch_op.drop_index("ix_todo_case")

    op.drop_table("todo")
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_action_owner")
        batch_op.drop_index(batch_op.f("ix_plan_action_goal_id"))

    op.drop_table("plan_action")
    with op.batch_alter_table("note_original", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_original_note_id"))

    op.drop_table("note_original")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index("ix_note_case")
        batch_op.drop_index("ix_note_author")

    op.drop_table("note")
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_plan_id"))

    op.drop_table("goal")
    with op.batch_alter_table("case_state", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_state_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_case_state_episode_id"))
        batch_op.drop_index("ix_case_state_case")

    op.drop_table("case_state")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index("uq_plan_number")
        batch_op.drop_index(
            "uq_plan_draft", sqlite_where=sa.text("agreed_on IS NULL"), postgresql_where=sa.text("agreed_on IS NULL")
        )
        batch_op.drop_index("uq_plan_current", sqlite_where=sa.text("current"), postgresql_where=sa.text("current"))

    op.drop_table("plan")
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_case_id"))

    op.drop_table("need")
    with op.batch_alter_table("case_holder", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_holder_open", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )
        batch_op.drop_index("ix_case_holder_user")
        batch_op.drop_index(batch_op.f("ix_case_holder_case_id"))

    op.drop_table("case_holder")
    with op.batch_alter_table("case_episode", schema=None) as batch_op:
        batch_op.drop_index("uq_case_episode_number")

    op.drop_table("case_episode")
    with op.batch_alter_table("care_member", schema=None) as batch_op:
        batch_op.drop_index("ix_care_member_user")
        batch_op.drop_index(batch_op.f("ix_care_member_case_id"))

    op.drop_table("care_member")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_user")
        batch_op.drop_index("ix_appointment_case")

    op.drop_table("appointment")
    with op.batch_alter_table("user_role", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_user_role_open", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )

    op.drop_table("user_role")
    with op.batch_alter_table("privacy_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_privacy_notice_person_id"))

    op.drop_table("privacy_notice")
    op.drop_table("organisation")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_open", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_membership_team_id"))

    op.drop_table("membership")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_user")
        batch_op.drop_index("ix_job_state")

    op.drop_table("job")
    with op.batch_alter_table("household_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_member_person_id"))

    op.drop_table("household_member")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index("uq_case_file_serial")
        batch_op.drop_index("ix_case_file_team")
        batch_op.drop_index("ix_case_file_recent")
        batch_op.drop_index(batch_op.f("ix_case_file_person_id"))
        batch_op.drop_index("ix_case_file_next")
        batch_op.drop_index("ix_case_file_contact")

    op.drop_table("case_file")
    op.drop_table("user_account")
    op.drop_table("team")
    op.drop_table("stored_file")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_device")
        batch_op.drop_index("ix_sign_in_attempt_account")

    op.drop_table("sign_in_attempt")
    op.drop_table("service")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_tax_code")
        batch_op.drop_index("ix_person_name")
        batch_op.drop_index("ix_person_double_key")

    op.drop_table("person")
    with op.batch_alter_table("once", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_once_at"))

    op.drop_table("once")
    op.drop_table("name_key")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_verb")
        batch_op.drop_index("ix_audit_row")
        batch_op.drop_index("ix_audit_actor")

    op.drop_table("audit")
