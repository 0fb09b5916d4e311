"""A message template: subject, HTML and text with merge fields, and common attachments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


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


def on_one_line(subject: str) -> str:
    """A subject as it can be sent: line ends and tabs, which come with what is pasted, become spaces."""
    return _CONTROLS.sub(" ", subject).strip()
