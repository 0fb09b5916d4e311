"""Killed at any touch of its files, a backup or a restore leaves what was there whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_relay.domain.backup import BackupKind
from desktop_relay.store.archive import open_archive
from desktop_relay.store.database import open_library
from desktop_relay.store.drafts import load_draft
from desktop_relay.store.handover import load_handover
from desktop_relay.store.portions import at_full_speed
from desktop_relay.store.swapping import settle_restore
from desktop_relay.store.unpacking import verify_backup
from tests.unit.store.shops import LATER, back_up, furnish, states, write_draft
from tests.unit.store.test_backup_attachments import EVERYTHING, attach, attached

STRIDE = 7
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    papers = tmp_path / "書類"
    papers.mkdir()
    for name, octets in EVERYTHING.items():
        (papers / name).write_bytes(octets)
    furnish(tmp_path / "shop")
    attach(tmp_path / "shop", papers)
    return tmp_path / "shop"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick" / "one.drbackup"


def is_killed(work: str, step: int, shop: Path, target: Path) -> bool:
    """Do it, and die at that step; whether it did not come to its end before."""
    command = [sys.executable, "-m", "tests.unit.store.dying", work, str(step), str(shop), str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


@pytest.mark.parametrize("kind", [BackupKind.HAND, BackupKind.DAILY])
def test_making(shop: Path, target: Path, kind: BackupKind) -> None:
    """The earlier file stays whole until the new one is, and no leftover stands in the way of the next."""
    earlier = back_up(shop, target, kind=kind)
    before = states(shop)
    step = 1
    while is_killed("daily" if kind is BackupKind.DAILY else "make", step, shop, target):
        found = verify_backup(target, "", shop, at_full_speed)
        assert found.left_out == earlier.left_out
        assert states(shop) == before
        assert attached(shop) == EVERYTHING
        step += STRIDE
    assert step > 3 * STRIDE, "it died at more than one place"
    assert verify_backup(target, "", shop, at_full_speed).manifest.id != earlier.manifest.id


def test_restoring(shop: Path, target: Path, tmp_path: Path) -> None:
    """Either everything is as before, or everything is restored."""
    back_up(shop, target)
    (tmp_path / "書類").rename(tmp_path / "elsewhere")
    with open_library(shop) as library:
        later = write_draft(library, LATER)
    outcomes = set()
    step = 1
    while is_killed("restore", step, shop, target):
        settle_restore(shop)
        with open_library(shop) as library:
            is_restored = load_draft(library, later) is None
        outcomes.add(is_restored)
        assert ("unknown" in states(shop)) == is_restored
        if is_restored:
            assert attached(shop) == EVERYTHING
            with open_library(shop) as library:  # and once more from the beginning
                later = write_draft(library, LATER)
        verify_backup(target, "", shop, at_full_speed)
        step += STRIDE
    assert False in outcomes, "it died before the two changed places"
    assert attached(shop) == EVERYTHING


def test_restoring_a_file_for_moving(shop: Path, target: Path, tmp_path: Path) -> None:
    """Whatever goes on by itself has said so on the file before: another computer will ask."""
    octets = back_up(shop, target, kind=BackupKind.MOVE).size
    fresh = target.read_bytes()
    assert len(fresh) == octets
    step = 1
    marked = 0
    while True:
        target.write_bytes(fresh)
        new = tmp_path / f"new-{step}"
        is_over = not is_killed("move", step, new, target)
        if new.exists():
            settle_restore(new)
        with open_archive(target) as archive:
            marked += archive.receipt is not None
            if new.exists() and load_handover(new).known:
                assert archive.receipt is not None
                assert "unknown" in states(new)
        assert target.read_bytes()[: octets - 2] == fresh[:-2]
        if is_over:
            break
        step += STRIDE
    assert marked > 1, "it died behind the mark, too"
