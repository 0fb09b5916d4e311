"""An import of contacts: the rows it brings, and the import as its history shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ImportedContact:
    """One usable row of a file; empty fields leave what an existing contact has."""

    email: str
    key: str
    legacy: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import. ``counts`` is what was counted when it finished; ``undone`` once it was taken back."""

    id: int
    file: str
    at: datetime
    list_name: str | None
    added: int
    updated: int
    counts: Mapping[str, int] = field(default_factory=dict)
    undone: bool = False
