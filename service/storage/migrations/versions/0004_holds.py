"""What work under way may cost the key that it is done for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("job", sa.Column("held", sa.BigInteger))
    op.create_table(
        "hold",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("key_id", sa.String(64), sa.ForeignKey("api_key.id", ondelete="CASCADE"), nullable=False),
        sa.Column("micro_usd", sa.BigInteger, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
    )
    op.create_index("hold_by_key", "hold", ["key_id", "until"])
