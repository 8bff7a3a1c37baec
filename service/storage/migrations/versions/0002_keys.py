"""Keys of clients, what each used, and whose a job is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("job", sa.Column("owner", sa.String(64)))
    op.create_index("job_by_owner", "job", ["owner", "status"])
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("limits", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("last_used_at", sa.Float),
        sa.Column("revoked_at", sa.Float),
    )
    names = ("begins", "requests", "tokens", "micro_usd")
    counts = [sa.Column(name, sa.BigInteger, nullable=False) for name in names]
    of_key = sa.Column("key_id", sa.String(64), sa.ForeignKey("api_key.id", ondelete="CASCADE"), primary_key=True)
    op.create_table("key_usage", of_key, sa.Column("period", sa.Integer, primary_key=True), *counts)
