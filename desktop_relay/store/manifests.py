"""A backup's manifest as JSON, and back; what does not fit raises ``ValueError`` or ``KeyError``."""

from __future__ import annotations

import base64
from typing import Any

from desktop_relay.domain.backup import FORMAT, BackupKind, Content, Manifest
from desktop_relay.store.plain import compose_json, parse_object
from desktop_relay.store.times import from_ms, to_ms


class NewerFormat(ValueError):
    """Written by a newer program, in a form that this one does not know."""


def compose_manifest(manifest: Manifest) -> bytes:
    """The JSON text."""
    return compose_json(
        {
            "format": manifest.format,
            "id": manifest.id,
            "kind": manifest.kind.value,
            "program": manifest.program,
            "made_at": to_ms(manifest.made_at),
            "origin": manifest.origin,
            "schemas": dict(manifest.schemas),
            "counts": dict(manifest.counts),
            "salt": base64.b64encode(manifest.salt).decode("ascii"),
            "contents": {name: [part.size, part.sha256] for name, part in manifest.contents.items()},
        }
    ).encode()


def parse_manifest(octets: bytes) -> Manifest:
    """The manifest of its JSON text."""
    plain = parse_object(octets.decode())
    if _number(plain["format"]) > FORMAT:
        raise NewerFormat(str(plain["format"]))
    return Manifest(
        id=_text(plain["id"]),
        kind=BackupKind(plain["kind"]),
        program=_text(plain["program"]),
        made_at=from_ms(_number(plain["made_at"])),
        origin=_text(plain["origin"]),
        schemas={name: _number(version) for name, version in _object(plain["schemas"]).items()},
        counts={name: _number(number) for name, number in _object(plain["counts"]).items()},
        contents={name: _content(part) for name, part in _object(plain["contents"]).items()},
        salt=base64.b64decode(_text(plain["salt"]), validate=True),
        format=_number(plain["format"]),
    )


def _content(plain: Any) -> Content:
    size, sha256 = plain
    return Content(_number(size), _text(sha256))


def _object(plain: Any) -> dict[str, Any]:
    if not isinstance(plain, dict):
        raise ValueError(plain)  # noqa: TRY004  (what a file says, not what a caller does)
    return plain


def _number(plain: Any) -> int:
    if type(plain) is not int or plain < 0:
        raise ValueError(plain)
    return plain


def _text(plain: Any) -> str:
    if not isinstance(plain, str):
        raise ValueError(plain)  # noqa: TRY004
    return plain
