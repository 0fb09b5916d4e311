"""The providers of tokens, read from their file and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.oauth import OAuthProvider

SCHEMA = 1

_NEEDED = ("name", "authorize", "token", "scope")
_ENDPOINTS = ("authorize", "token", "device")
_KEYS = frozenset({*_NEEDED, "device", "redirect", "parameters"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def parse_providers(text: str, source: str) -> dict[str, OAuthProvider]:
    """The providers by key; raises ``BadInput`` (``providers_invalid``) naming ``source`` and the place."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(source, str(error)) from error
    if document.pop("schema", None) != SCHEMA:
        raise _invalid(source, "schema")
    return {key: _provider(key, table, source) for key, table in document.items()}


def _provider(key: str, table: Any, source: str) -> OAuthProvider:
    if not isinstance(table, Mapping):
        raise _invalid(source, key)
    for field in sorted(set(table) - _KEYS):
        raise _invalid(source, f"{key}.{field}")
    for field in _KEYS - {"parameters"}:
        value = table.get(field, "")
        if not isinstance(value, str) or (field in _NEEDED and not value):
            raise _invalid(source, f"{key}.{field}")
    for field in _ENDPOINTS:
        if table.get(field) and not _is_safe(table[field]):
            raise _invalid(source, f"{key}.{field}")
    parameters = table.get("parameters", {})
    if not isinstance(parameters, Mapping) or not all(isinstance(each, str) for each in parameters.values()):
        raise _invalid(source, f"{key}.parameters")
    if table.get("redirect", "127.0.0.1") not in LOOPBACK:
        raise _invalid(source, f"{key}.redirect")
    return OAuthProvider(key, **table)


def _is_safe(address: str) -> bool:
    """Secrets go there: encrypted, or to this very computer."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def _invalid(source: str, place: str) -> BadInput:
    return BadInput(ErrorCode.PROVIDERS_INVALID, path=source, where=place)
