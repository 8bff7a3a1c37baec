"""Jobs, their requests, results and events, memoised replies, and the pace of requests."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(255), unique=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("excused", sa.Integer, nullable=False),
        sa.Column("progress", sa.Text, nullable=False),
        sa.Column("spent", sa.Text, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("sent", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("started_at", sa.Float),
        sa.Column("finished_at", sa.Float),
    )
    op.create_index("job_by_status", "job", ["status", "sent"])
    op.create_index("job_by_end", "job", ["finished_at"])
    for name in ("request", "result"):
        op.create_table(name, _of_job(), sa.Column("body", sa.Text, nullable=False))
    op.create_table(
        "event",
        _of_job(),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_table(
        "reply",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
    )
    op.create_index("reply_by_use", "reply", ["used"])
    op.create_table(
        "reply_use",
        sa.Column("job_id", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("reply_use_by_key", "reply_use", ["key"])
    op.create_table("orphan", sa.Column("key", sa.String(64), primary_key=True))
    op.create_table(
        "pace", sa.Column("name", sa.String(255), primary_key=True), sa.Column("due", sa.Float, nullable=False)
    )


def _of_job() -> sa.Column[str]:
    return sa.Column("job_id", sa.String(64), sa.ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
