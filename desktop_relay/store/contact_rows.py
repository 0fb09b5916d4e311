"""A contact as a row of the library and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_relay.domain.contact import STANDARD_FIELDS, Contact
from desktop_relay.store.connection import Row
from desktop_relay.store.folding import fold, searched_address
from desktop_relay.store.plain import compose_json, parse_object
from desktop_relay.store.times import from_ms

_OWN = ("id", "email", "key", "legacy", "domain", "created_at")
_WRITTEN = ("name", "kana", "company", "prefecture", "consent_at", "updated_at", "search", "fields")

COLUMNS = ", ".join(_OWN + _WRITTEN)
INSERT_CONTACT = f"INSERT INTO contacts ({COLUMNS}) VALUES ({', '.join('?' * len(_OWN + _WRITTEN))})"
# naming an indexed column would have its index written, whether or not the value changes
_SLOTS = ", ".join("?" * len(_WRITTEN))
UPDATE_FIELDS = f"UPDATE contacts SET ({', '.join(_WRITTEN)}) = ({_SLOTS}) WHERE id = ?"
UPDATE_ADDRESS = "UPDATE contacts SET email = ?, key = ?, legacy = ?, domain = ? WHERE id = ?"
READ_COLUMNS = "id, email, key, legacy, created_at, updated_at, fields"

_STANDARD = frozenset(STANDARD_FIELDS)
_EMPTY = dict.fromkeys(STANDARD_FIELDS, "")
_SEARCHED = ("name", "kana", "company", "department", "phone", "prefecture", "address", "notes")


def parse_contact(row: Row) -> Contact:
    """The contact of a row of ``READ_COLUMNS``; standard fields that are empty are there and empty."""
    number, email, key, legacy, created_at, updated_at, fields = row
    return Contact(
        id=number,
        email=email,
        key=key,
        legacy=bool(legacy),
        fields={**_EMPTY, **parse_object(fields), "email": email},
        created_at=from_ms(created_at),
        updated_at=from_ms(updated_at),
    )


def compose_row(
    number: int | None, address: tuple[str, str, bool], fields: Mapping[str, str], now_ms: int
) -> tuple[Any, ...]:
    """The values of ``INSERT_CONTACT``; ``address`` is e-mail, key and legacy.

    Without a ``number`` one is given out.
    """
    return (number, *compose_address(address), now_ms, *compose_fields(address[1], fields, now_ms))


def compose_address(address: tuple[str, str, bool]) -> tuple[str, str, int, str]:
    """The values of ``UPDATE_ADDRESS`` before the id."""
    email, key, legacy = address
    return email, key, int(legacy), key.rpartition("@")[2]


def compose_fields(key: str, fields: Mapping[str, str], now_ms: int) -> tuple[Any, ...]:
    """The values of ``UPDATE_FIELDS`` before the id."""
    get = fields.get
    searched = "\n".join([fold(text) for field in _SEARCHED if (text := get(field))])
    return (
        get("name", ""),
        get("kana", ""),
        get("company", ""),
        get("prefecture", ""),
        get("consent_at", ""),
        now_ms,
        # a line end between the fields: no word of a search reaches from one into the next
        f"{searched_address(key)}\n{searched}",
        compose_json(kept_fields(fields)),
    )


def kept_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """What the JSON column keeps: not the address, and no empty standard field."""
    return {
        name: text for name, text in fields.items() if (text and name != "email") or name not in _STANDARD
    }


def custom_names(fields: Mapping[str, str]) -> set[str]:
    """The names that are no standard fields."""
    return fields.keys() - _STANDARD
