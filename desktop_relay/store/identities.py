"""Senders in the library."""

from __future__ import annotations

from desktop_relay.domain.identity import Identity
from desktop_relay.store.connection import Database

_COLUMNS = "address, name, reply_to, postal, unsubscribe_mailto, unsubscribe_url, selector"


def load_identities(db: Database) -> list[Identity]:
    """Every sender by address."""
    return [Identity(*row) for row in db.rows(f"SELECT {_COLUMNS} FROM identities ORDER BY address")]


def load_identity(db: Database, address: str) -> Identity | None:
    """One sender."""
    row = db.row(f"SELECT {_COLUMNS} FROM identities WHERE address = ?", [address])
    return None if row is None else Identity(*row)


def save_identity(db: Database, identity: Identity) -> None:
    """Write a sender, over the one of the same address."""
    db.execute(
        f"INSERT OR REPLACE INTO identities ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            identity.address,
            identity.name,
            identity.reply_to,
            identity.postal,
            identity.unsubscribe_mailto,
            identity.unsubscribe_url,
            identity.selector,
        ],
    )


def delete_identity(db: Database, address: str) -> None:
    """Take a sender away, if it is there."""
    db.execute("DELETE FROM identities WHERE address = ?", [address])
