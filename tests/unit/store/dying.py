"""``python -m tests.unit.store.dying WORK STEP SHOP FILE``: a backup or a restore, killed in its midst.

The process kills itself without a word just before it touches its files for the ``STEP``-th time. It ends in
peace when the work is over before.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from desktop_relay.domain.backup import BackupKind
from desktop_relay.policy.backups import goes_on
from desktop_relay.store.restoring import restore_backup
from tests.unit.store.shops import LATER, back_up, restore

TOUCHES = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", "sqlite3.connect")


def die_at(step: int, places: tuple[Path, ...]) -> None:
    """Count what is done in these places from now on."""
    left = step

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in TOUCHES and any(str(place) in str(arguments[0]) for place in places):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def main(work: str, step: str, shop: str, file: str) -> None:
    """Do the work."""
    directory, path = Path(shop), Path(file)
    die_at(int(step), (directory, path.parent))
    match work:
        case "make":
            back_up(directory, path)
        case "daily":
            back_up(directory, path, kind=BackupKind.DAILY)
        case "restore":
            restore(directory, path)
        case "move":
            restore_backup(directory, path, "", LATER, goes_on)


if __name__ == "__main__":
    main(*sys.argv[1:])
