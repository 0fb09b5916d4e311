"""A message template: subject, HTML and text with merge fields, and common attachments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Template:
    """A named template. An empty ``html`` makes a text-only mail; an empty ``text`` is derived from the HTML.

    ``attachments`` are absolute paths of files that go with every message.
    """

    name: str
    subject: str
    html: str
    text: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template as a list shows it."""

    name: str
    subject: str
    updated_at: datetime
