"""An attachment: one file that goes with every message of a campaign."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """``name`` as the receiver sees it, ``content`` unencoded, ``content_type`` e.g. ``application/pdf``."""

    name: str
    content: bytes
    content_type: str
