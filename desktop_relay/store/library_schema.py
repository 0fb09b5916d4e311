"""The numbered migrations of library.db: contacts, lists, templates, senders, routes, drafts, settings."""

from __future__ import annotations

from sqlite_utils import Database as SchemaDatabase
from sqlite_utils import Migrations

from desktop_relay.store.folding import FOLDED_SINCE_2, fold, searched_address
from desktop_relay.store.schema import Schema

_MIGRATIONS = Migrations("library")
LIBRARY = Schema(_MIGRATIONS, version=3)

# AUTOINCREMENT keeps an id from being given out twice, so that an undo can bring a row back under its own.
_CONTACTS = (
    """
    CREATE TABLE contacts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        email TEXT NOT NULL,
        key TEXT NOT NULL UNIQUE,
        legacy INTEGER NOT NULL DEFAULT 0,
        domain TEXT NOT NULL,
        name TEXT NOT NULL DEFAULT '',
        kana TEXT NOT NULL DEFAULT '',
        company TEXT NOT NULL DEFAULT '',
        prefecture TEXT NOT NULL DEFAULT '',
        consent_at TEXT NOT NULL DEFAULT '',
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        search TEXT NOT NULL,
        fields TEXT NOT NULL
    )
    """,
    "CREATE INDEX contacts_by_domain ON contacts (domain)",
    "CREATE TABLE field_names (position INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
    """
    CREATE TABLE lists (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE
    )
    """,
    """
    CREATE TABLE list_members (
        list_id INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
        contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        PRIMARY KEY (list_id, contact_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX list_members_by_contact ON list_members (contact_id)",
)

# An import is kept as the stretches of ids that its batches gave out (nobody else ever has them), and for
# contacts that were there before as what it changed, {field: [before, after]}, and whether they joined
# its list.
_IMPORTS = (
    """
    CREATE TABLE imports (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        file TEXT NOT NULL,
        at INTEGER NOT NULL,
        list_id INTEGER REFERENCES lists (id) ON DELETE SET NULL,
        made_list INTEGER NOT NULL DEFAULT 0,
        added INTEGER NOT NULL DEFAULT 0,
        updated INTEGER NOT NULL DEFAULT 0,
        counts TEXT NOT NULL DEFAULT '{}',
        undone INTEGER NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE import_stretches (
        import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (import_id, first)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE import_changes (
        import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
        contact_id INTEGER NOT NULL,
        change TEXT NOT NULL DEFAULT '{}',
        joined INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (import_id, contact_id)
    ) WITHOUT ROWID
    """,
)

_SENDING = (
    """
    CREATE TABLE templates (
        name TEXT PRIMARY KEY NOT NULL,
        subject TEXT NOT NULL,
        html TEXT NOT NULL,
        text TEXT NOT NULL,
        attachments TEXT NOT NULL DEFAULT '[]',
        updated_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE identities (
        address TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        reply_to TEXT,
        postal TEXT NOT NULL,
        unsubscribe_mailto TEXT,
        unsubscribe_url TEXT,
        selector TEXT
    )
    """,
    """
    CREATE TABLE routes (
        name TEXT PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        host TEXT NOT NULL,
        port INTEGER NOT NULL,
        tls TEXT NOT NULL,
        user TEXT NOT NULL,
        rate REAL,
        max_connections INTEGER,
        ehlo_name TEXT NOT NULL,
        daily_quota INTEGER,
        hourly_quota INTEGER,
        members TEXT NOT NULL DEFAULT '[]',
        rules TEXT NOT NULL DEFAULT '[]',
        fallback TEXT NOT NULL DEFAULT '',
        egress TEXT NOT NULL DEFAULT '',
        oauth TEXT NOT NULL DEFAULT '',
        client_id TEXT NOT NULL DEFAULT '',
        requiretls INTEGER NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE drafts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        template TEXT NOT NULL,
        sender TEXT NOT NULL,
        route TEXT NOT NULL,
        lists TEXT NOT NULL DEFAULT '[]',
        subject TEXT,
        canary_minutes REAL,
        created_at INTEGER NOT NULL,
        submitted_at INTEGER
    )
    """,
    "CREATE TABLE settings (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
    "CREATE TABLE secrets (name TEXT PRIMARY KEY NOT NULL, nonce BLOB NOT NULL, sealed BLOB NOT NULL)",
)


@_MIGRATIONS(name="0001_first")
def first(db: SchemaDatabase) -> None:
    """The library of the first release."""
    for statement in (*_CONTACTS, *_IMPORTS, *_SENDING):
        db.execute(statement)


@_MIGRATIONS(name="0002_warmup")
def warmup(db: SchemaDatabase) -> None:
    """The plan of a route's warm-up as JSON, where it has one."""
    db.execute("ALTER TABLE routes ADD COLUMN warmup TEXT")


@_MIGRATIONS(name="0003_people")
def people(db: SchemaDatabase) -> None:
    """What is searched, folded as it is now, and the imports that wrote to a person found by the person."""
    db.execute("CREATE INDEX import_changes_by_contact ON import_changes (contact_id)")
    db.conn.create_function("searched_again", 2, _searched_again, deterministic=True)
    db.execute(
        "UPDATE contacts SET search = searched_again(key, search) "
        "WHERE key GLOB '*[@.]xn--*' OR search GLOB ?",
        [f"*{FOLDED_SINCE_2}*"],
    )


def _searched_again(key: str, search: str) -> str:
    return searched_address(key) + fold(search.removeprefix(key))
