"""The common attachments of a template, read from where they lie."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from desktop_relay.domain.attachment import Attachment
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.template import Template


def load_attachments(template: Template) -> list[Attachment]:
    """Every attachment; raises ``BadInput`` (``attachment_gone``) for one that cannot be read."""
    return [_load(Path(path)) for path in template.attachments]


def _load(path: Path) -> Attachment:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(ErrorCode.ATTACHMENT_GONE, path=str(path)) from error
    kind, encoding = mimetypes.guess_type(path.name)
    return Attachment(path.name, content, kind if kind and not encoding else "application/octet-stream")
