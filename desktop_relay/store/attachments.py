"""The common attachments of a template, read from where they lie."""

from __future__ import annotations

import mimetypes
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from desktop_relay.domain.attachment import Attachment
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.template import Template


def load_attachments(template: Template) -> list[Attachment]:
    """Every attachment; raises ``BadInput`` (``attachment_gone``) for one that cannot be read."""
    return [_load(Path(path)) for path in template.attachments]


def outline_attachments(template: Template) -> list[tuple[Attachment, int]]:
    """Every attachment without its content, and how many octets that has; raises as ``load_attachments``."""
    return [_outline(Path(path)) for path in template.attachments]


def is_readable(path: str) -> bool:
    """Whether this is a file, and opens."""
    try:
        with _open(Path(path)) as stream:
            stream.read(1)
    except OSError:
        return False
    return True


def _open(path: Path) -> BinaryIO:
    if not path.is_file():  # a pipe or a device would never end
        raise FileNotFoundError(path)
    return path.open("rb")


def _load(path: Path) -> Attachment:
    try:
        with _open(path) as stream:
            content = stream.read()
    except OSError as error:
        raise BadInput(ErrorCode.ATTACHMENT_GONE, path=str(path)) from error
    return Attachment(path.name, content, _type_of(path))


def _outline(path: Path) -> tuple[Attachment, int]:
    try:
        with _open(path) as stream:
            octets = stream.seek(0, SEEK_END)
    except OSError as error:
        raise BadInput(ErrorCode.ATTACHMENT_GONE, path=str(path)) from error
    return Attachment(path.name, b"", _type_of(path)), octets


def _type_of(path: Path) -> str:
    kind, encoding = mimetypes.guess_type(path.name)
    return kind if kind and not encoding else "application/octet-stream"
