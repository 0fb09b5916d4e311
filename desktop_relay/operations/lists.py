"""Lists of contacts: see them, make, rename and delete them, put people in and take them out."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.contact_list import ListRow
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store import lists

_CHANGED = Changes(contacts=True, lists=True)


def overview(ws: Workspace) -> list[ListRow]:
    """Every list with the number of its people."""
    return lists.load_lists(ws.library)


def create(ws: Workspace, name: str) -> tuple[int, Changes]:
    """A new empty list; raises ``BadInput`` (``name_empty``) or ``Refused`` (``name_taken``)."""
    return lists.create_list(ws.library, clean_name(name), ws.now()), Changes(lists=True)


def rename(ws: Workspace, list_id: int, name: str) -> tuple[None, Changes]:
    """Another name; raises as ``create`` does, or ``NotFound``."""
    lists.rename_list(ws.library, list_id, clean_name(name))
    return None, Changes(lists=True)


def delete(ws: Workspace, list_id: int) -> tuple[None, Changes]:
    """Delete the list, not its people; raises ``NotFound``."""
    lists.delete_list(ws.library, list_id)
    return None, _CHANGED


def add_members(ws: Workspace, list_id: int, contact_ids: Sequence[int]) -> tuple[int, Changes]:
    """Put people in; answers how many were not in it before."""
    return lists.add_members(ws.library, list_id, contact_ids), _CHANGED


def remove_members(ws: Workspace, list_id: int, contact_ids: Sequence[int]) -> tuple[int, Changes]:
    """Take people out; answers how many were in it."""
    return lists.remove_members(ws.library, list_id, contact_ids), _CHANGED


def clean_name(name: str) -> str:
    """A list's name on one line; raises ``BadInput`` (``name_empty``)."""
    cleaned = " ".join(name.split())
    if not cleaned:
        raise BadInput(ErrorCode.NAME_EMPTY)
    return cleaned
