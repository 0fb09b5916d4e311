"""A crowd in the library, written as fast as an import does it."""

from collections.abc import Iterable

from desktop_relay.store.connection import Database
from desktop_relay.store.contact_rows import INSERT_CONTACT, compose_row
from desktop_relay.store.lists import create_list

LANES = 4


def address_of(number: int) -> str:
    """Addresses in no order."""
    return f"c{number * 7919 % 1_000_003}@lane{number % LANES}.example"


def add_crowd(library: Database, name: str, numbers: Iterable[int]) -> None:
    """People of these numbers, all on a new list."""
    rows = (
        compose_row(number, (address_of(number), address_of(number), False), {"consent_at": "2026-01-01"}, 0)
        for number in numbers
    )
    with library.transaction():
        first = library.number("SELECT max(id) FROM contacts")
        library.executemany(INSERT_CONTACT, rows)
        library.execute(
            "INSERT INTO list_members SELECT ?, id FROM contacts WHERE id > ?",
            [create_list(library, name), first],
        )
