"""A person in the library: standard fields, custom fields and the record of consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

STANDARD_FIELDS: tuple[str, ...] = (
    "email",
    "name",
    "kana",
    "honorific",
    "company",
    "department",
    "phone",
    "postal_code",
    "prefecture",
    "address",
    "birthday",
    "notes",
    "consent_at",
    "consent_how",
    "consent_source",
)
"""The field names used by imports, templates and exports; any other name is a custom field."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One person. ``email`` is kept exactly as it is sent to; ``key`` is what duplicates share.

    ``fields`` maps every field, standard or custom, to its text; ``email`` is in it too.
    ``legacy`` marks carrier addresses that break RFC 5321 and are sent quoted.
    """

    id: int
    email: str
    key: str
    legacy: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def name(self) -> str:
        """The person's name, or the empty string."""
        return self.fields.get("name", "")

    @property
    def has_consent(self) -> bool:
        """Both when and how are recorded (特定電子メール法 第3条の2)."""
        return bool(self.fields.get("consent_at"))
