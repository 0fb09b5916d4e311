"""The settings that were changed, laid over the defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping

from desktop_relay.domain.settings import SETTINGS, Value, find_setting
from desktop_relay.store.connection import Database
from desktop_relay.store.plain import compose_json


def load_settings(db: Database) -> Mapping[str, Value]:
    """Every declared setting; what an older or newer program kept beside them is passed over."""
    values = {key: setting.default for key, setting in SETTINGS.items()}
    for key, text in db.rows("SELECT key, value FROM settings"):
        if key in values:
            value = json.loads(text)
            values[key] = tuple(value) if isinstance(value, list) else value
    return values


def save_setting(db: Database, key: str, value: Value) -> None:
    """Keep a value; raises ``NotFound`` for an undeclared key."""
    find_setting(key)
    db.execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", [key, compose_json(value)])
