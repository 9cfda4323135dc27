"""What the pages of jobs read."""

from sqlalchemy import select

from core.jobs import Job

SHOWN = 30


def recent(user):
    """One's last jobs, newest first: columns for the list."""
    columns = (Job.id, Job.title, Job.state, Job.done, Job.total, Job.created_at, Job.message, Job.result_id)
    return (
        select(*columns)
        .where(Job.id.in_(Job.visible_to(user).with_only_columns(Job.id).limit(SHOWN)))
        .order_by(Job.id.desc())
    )
