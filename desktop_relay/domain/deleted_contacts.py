"""Contacts that were deleted, kept for as long as the deletion can be undone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeletedContacts:
    """``rows`` are the contacts as the store wrote them, ``memberships`` pairs of list and contact."""

    rows: tuple[tuple[int | str, ...], ...] = ()
    memberships: tuple[tuple[int, int], ...] = ()

    @property
    def count(self) -> int:
        """How many contacts."""
        return len(self.rows)
