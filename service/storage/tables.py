"""The tables, for SQLite and PostgreSQL alike. `migrations/` makes them; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

job = Table(
    "job",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("key", String(255), unique=True),  # the client's Idempotency-Key
    Column("digest", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("excused", Integer, nullable=False),  # of them, those that their worker's orderly stop ended
    Column("progress", Text, nullable=False),
    Column("spent", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("problem", Text),
    Column("sent", Boolean, nullable=False),  # an engine has it
    Column("created_at", Float, nullable=False),  # seconds since 1970, as all times
    Column("started_at", Float),
    Column("finished_at", Float),
    Column("owner", String(64)),  # the key of the client that it belongs to
    Column("cause", Text),  # JSON: the ids of the request that it was made in
    Column("held", BigInteger),  # millionths of a dollar that it may still cost its owner, if that is limited
    Index("job_by_status", "status", "sent"),
    Index("job_by_owner", "owner", "status"),
    Index("job_by_end", "finished_at"),
)

request = Table(
    "request",
    metadata,
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("body", Text, nullable=False),
)

result = Table(
    "result",
    metadata,
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("body", Text, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("data", Text, nullable=False),
)

reply = Table(
    "reply",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("used", BigInteger, nullable=False),  # grows with every use: the least goes first
    Index("reply_by_use", "used"),
)

reply_use = Table(  # who used which reply, wherever it is kept
    "reply_use",
    metadata,
    Column("job_id", String(64), primary_key=True),  # "" for runs that are no jobs
    Column("key", String(64), primary_key=True),
    Column("at", Float, nullable=False),
    Index("reply_use_by_key", "key"),
)

orphan = Table(  # replies that nobody uses any more, until they are forgotten
    "orphan",
    metadata,
    Column("key", String(64), primary_key=True),
)

pace = Table(
    "pace",
    metadata,
    Column("name", String(255), primary_key=True),  # of what is limited
    Column(
        "due", Float, nullable=False
    ),  # when all that was let through is used up, by the generic cell rate algorithm
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False),  # SHA-256 of the secret, which is kept nowhere
    Column("limits", Text, nullable=False),  # JSON, as callers.Quota has them
    Column("created_at", Float, nullable=False),
    Column("last_used_at", Float),
    Column("revoked_at", Float),
)

key_usage = Table(  # what a key used in the latest minute and day that it used anything in
    "key_usage",
    metadata,
    Column("key_id", ForeignKey("api_key.id", ondelete="CASCADE"), primary_key=True),
    Column("period", Integer, primary_key=True),  # seconds
    Column("begins", BigInteger, nullable=False),
    Column("requests", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("micro_usd", BigInteger, nullable=False),
)

hold = Table(  # what runs that are no jobs may cost the key that they are done for, while they are under way
    "hold",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("key_id", ForeignKey("api_key.id", ondelete="CASCADE"), nullable=False),
    Column("micro_usd", BigInteger, nullable=False),
    Column("until", Float, nullable=False),  # when it ends by itself: its process died
    Index("hold_by_key", "key_id", "until"),
)
