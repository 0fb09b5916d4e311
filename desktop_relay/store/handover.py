"""What a data directory remembers of moves and restores: one small file of its own, ``handover.json``."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from desktop_relay.domain.backup import Handover
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.plain import compose_json
from desktop_relay.store.private_files import write_private
from desktop_relay.store.times import from_ms_or_none, to_ms_or_none

HANDOVER_FILE = "handover.json"


def load_handover(directory: Path) -> Handover:
    """What is remembered; raises ``StoreUnusable`` when it cannot be read."""
    path = directory / HANDOVER_FILE
    try:
        plain = json.loads(path.read_bytes())
        return Handover(
            moved_at=from_ms_or_none(plain["moved_at"]),
            restored_at=from_ms_or_none(plain["restored_at"]),
            restored_from=from_ms_or_none(plain["restored_from"]),
            known=tuple(plain["known"]),
            moved_with=str(plain.get("moved_with", "")),
        )
    except FileNotFoundError:
        return Handover()
    except OSError as error:
        raise_told_by_system(error, path)
    except (ValueError, LookupError, TypeError) as error:
        # whether the mail is another computer's cannot be told: nothing is sent
        raise StoreUnusable(ErrorCode.DATA_CORRUPT, path=str(path)) from error


def save_handover(directory: Path, handover: Handover) -> None:
    """Remember it; raises ``StoreUnusable``."""
    plain = {
        "moved_at": to_ms_or_none(handover.moved_at),
        "restored_at": to_ms_or_none(handover.restored_at),
        "restored_from": to_ms_or_none(handover.restored_from),
        "known": list(handover.known),
        "moved_with": handover.moved_with,
    }
    write_private(directory / HANDOVER_FILE, compose_json(plain).encode())


def refuse_moved(directory: Path) -> None:
    """Raise ``StoreUnusable`` (``data_moved``) where another computer sends the mail now."""
    if load_handover(directory).moved_at is not None:
        raise StoreUnusable(ErrorCode.DATA_MOVED, path=str(directory))


def mark_moved(directory: Path, at: datetime, backup: str, path: Path) -> None:
    """From now on another computer sends the mail, with the file of that id, to be made at ``path``."""
    present = load_handover(directory)
    known = (*present.known, backup)
    save_handover(directory, replace(present, moved_at=at, known=known, moved_with=str(path)))


def take_back(directory: Path) -> None:
    """This computer sends again."""
    save_handover(directory, replace(load_handover(directory), moved_at=None, moved_with=""))
