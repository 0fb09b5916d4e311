"""The numbered migrations of spool.db: submitted campaigns, recipients, attempts, counters, lanes."""

from __future__ import annotations

from sqlite_utils import Database as SchemaDatabase
from sqlite_utils import Migrations

from desktop_relay.store.schema import Schema

_MIGRATIONS = Migrations("spool")
SPOOL = Schema(_MIGRATIONS, version=2)

_CAMPAIGNS = (
    """
    CREATE TABLE campaigns (
        id INTEGER PRIMARY KEY NOT NULL,
        snapshot TEXT NOT NULL,
        state TEXT NOT NULL,
        pause_reason TEXT NOT NULL DEFAULT '',
        total INTEGER NOT NULL DEFAULT 0,
        expires_at INTEGER,
        submitted_at INTEGER NOT NULL,
        started_at INTEGER,
        finished_at INTEGER
    )
    """,
    """
    CREATE TABLE counters (
        campaign INTEGER NOT NULL REFERENCES campaigns (id),
        lane TEXT NOT NULL,
        state TEXT NOT NULL,
        n INTEGER NOT NULL CHECK (n >= 0),
        PRIMARY KEY (campaign, lane, state)
    ) WITHOUT ROWID
    """,
)

# A campaign that is being written has recipients before it has its own row, from which on it can be seen; its
# row here says which numbers they take.
_SUBMISSIONS = (
    """
    CREATE TABLE submissions (
        campaign INTEGER PRIMARY KEY NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL
    )
    """,
)

# The merge snapshot lies beside its recipient: settling rewrites small rows, and filters read small ones.
_RECIPIENTS = (
    """
    CREATE TABLE recipients (
        id INTEGER PRIMARY KEY NOT NULL,
        campaign INTEGER NOT NULL,
        lane TEXT NOT NULL,
        state TEXT NOT NULL,
        due_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        updated_at INTEGER NOT NULL,
        accepted_at INTEGER,
        reason TEXT NOT NULL DEFAULT '',
        code INTEGER,
        enhanced TEXT,
        text TEXT NOT NULL DEFAULT '',
        host TEXT,
        tls TEXT,
        address TEXT NOT NULL,
        name TEXT NOT NULL,
        message_id TEXT NOT NULL
    )
    """,
    "CREATE INDEX recipients_by_lane ON recipients (campaign, lane, state, due_at)",
    # a table and no index of recipients: a submission fills it in its own order, several times as fast
    """
    CREATE TABLE recipient_keys (
        key TEXT NOT NULL,
        campaign INTEGER NOT NULL,
        recipient INTEGER NOT NULL,
        PRIMARY KEY (key, campaign)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE merge_fields (recipient INTEGER PRIMARY KEY NOT NULL, fields TEXT NOT NULL)",
    """
    CREATE TABLE attempts (
        recipient INTEGER NOT NULL REFERENCES recipients (id),
        number INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        stage TEXT NOT NULL DEFAULT '',
        code INTEGER,
        enhanced TEXT,
        text TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        host TEXT,
        tls TEXT,
        transcript TEXT,
        PRIMARY KEY (recipient, number)
    ) WITHOUT ROWID
    """,
)

_LANES = (
    """
    CREATE TABLE account_usage (
        account TEXT NOT NULL,
        at INTEGER NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (account, at)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE lane_memory (
        route TEXT NOT NULL,
        lane TEXT NOT NULL,
        at INTEGER NOT NULL,
        memory TEXT NOT NULL,
        PRIMARY KEY (route, lane)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE lane_overrides (
        route TEXT NOT NULL,
        lane TEXT NOT NULL,
        rate REAL,
        connections INTEGER,
        paused INTEGER NOT NULL,
        paused_until INTEGER,
        per_hour INTEGER,
        per_day INTEGER,
        passing TEXT NOT NULL DEFAULT '[]',
        PRIMARY KEY (route, lane)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE suppressions (
        pattern TEXT PRIMARY KEY NOT NULL,
        reason TEXT NOT NULL,
        source TEXT NOT NULL,
        added_at INTEGER NOT NULL
    )
    """,
)


_TLS = (
    "CREATE TABLE tls_hosts (host TEXT PRIMARY KEY NOT NULL, seen_at INTEGER NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE sts_policies (
        domain TEXT PRIMARY KEY NOT NULL,
        id TEXT NOT NULL,
        mode TEXT NOT NULL,
        mx TEXT NOT NULL,
        max_age INTEGER NOT NULL,
        fetched_at INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
)

# What is read as a whole and written as a whole lies in one column as JSON.
_DECISIONS = (
    """
    CREATE TABLE brakes (
        campaign INTEGER NOT NULL REFERENCES campaigns (id),
        lane TEXT NOT NULL,
        memory TEXT NOT NULL,
        PRIMARY KEY (campaign, lane)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE canaries (
        campaign INTEGER PRIMARY KEY NOT NULL REFERENCES campaigns (id),
        canary TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE pace_changes (
        route TEXT NOT NULL,
        lane TEXT NOT NULL,
        changes TEXT NOT NULL,
        PRIMARY KEY (route, lane)
    ) WITHOUT ROWID
    """,
)


@_MIGRATIONS(name="0001_first")
def first(db: SchemaDatabase) -> None:
    """The spool of the first release."""
    for statement in (*_CAMPAIGNS, *_SUBMISSIONS, *_RECIPIENTS, *_LANES, *_TLS, *_DECISIONS):
        db.execute(statement)


@_MIGRATIONS(name="0002_sent_elsewhere")
def sent_elsewhere(db: SchemaDatabase) -> None:
    """What other programs sent over an account, as a person told it last; ``day`` is of the user's zone."""
    db.execute(
        "CREATE TABLE sent_elsewhere "
        "(account TEXT PRIMARY KEY NOT NULL, day TEXT NOT NULL, n INTEGER NOT NULL) WITHOUT ROWID"
    )
