"""Contacts that were deleted, kept for as long as the deletion can be undone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeletedContacts:
    """``rows`` are the contacts as the store wrote them, ``memberships`` pairs of list and contact.

    ``changes`` is what imports did to them, as the store wrote it: nothing else keeps what they were.
    """

    rows: tuple[tuple[int | str, ...], ...] = ()
    memberships: tuple[tuple[int, int], ...] = ()
    changes: tuple[tuple[int | str, ...], ...] = ()

    @property
    def count(self) -> int:
        """How many contacts."""
        return len(self.rows)
