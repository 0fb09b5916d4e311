"""Several connections in one process and another process on the same databases: nobody loses a write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.store.database import LIBRARY_FILE, open_library, open_spool_for_engine
from desktop_relay.store.routes import load_route, save_route

VISIT = """
import sys
from pathlib import Path
from desktop_relay.store.database import {opener}
with {opener}(Path(sys.argv[1])) as db:
    db.execute("CREATE TABLE IF NOT EXISTS visits (n)")
"""


def visit(directory: Path, opener: str) -> None:
    """Another process opens, writes and leaves."""
    code = VISIT.format(opener=opener)
    subprocess.run([sys.executable, "-c", code, str(directory)], check=True, timeout=60)


@pytest.mark.parametrize("opener", [open_library, open_spool_for_engine])
def test_who_leaves_takes_no_log_away_that_others_write(tmp_path: Path, opener: object) -> None:
    assert callable(opener)
    with opener(tmp_path) as first:
        with opener(tmp_path):
            pass  # another thread of this process comes and goes
        (log,) = tmp_path.glob("*-wal")
        before = log.stat().st_ino
        visit(tmp_path, opener.__name__)
        assert log.stat().st_ino == before
        first.execute("INSERT INTO visits VALUES (1)")


def test_what_is_written_afterwards_is_there(tmp_path: Path) -> None:
    route = Route("Both", RouteKind.SMARTHOST, host="mail.example")
    with open_library(tmp_path) as first, open_library(tmp_path):
        visit(tmp_path, "open_library")
        save_route(first, route)
        with open_library(tmp_path) as other:
            assert load_route(other, "Both") == route
    assert (tmp_path / LIBRARY_FILE).stat().st_mode & 0o777 == 0o600
