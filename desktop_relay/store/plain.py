"""JSON text in a column: compact, and Japanese stays readable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

compose_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def parse_object(text: str) -> dict[str, Any]:
    """The object that the column holds."""
    value: dict[str, Any] = json.loads(text)
    return value


def parse_texts(text: str) -> tuple[str, ...]:
    """The list of texts that the column holds."""
    return tuple(json.loads(text))


def compose_fields(fields: Mapping[str, object]) -> str:
    """The column of any mapping, also one that JSON itself does not know."""
    return compose_json(fields if type(fields) is dict else dict(fields))
