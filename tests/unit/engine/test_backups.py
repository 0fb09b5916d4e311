"""One backup a day by itself; whatever is wrong with it is told, and mail goes on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from desktop_relay.domain.errors import ErrorCode
from desktop_relay.domain.template import Template
from desktop_relay.engine import backups as backups_module
from desktop_relay.engine.backups import Backups, Breath, Stopped
from desktop_relay.store.attachment_shelf import SHELF_DIRECTORY
from desktop_relay.store.database import open_library
from desktop_relay.store.portions import at_full_speed
from desktop_relay.store.settings import save_setting
from desktop_relay.store.shelf import load_backups, load_failure
from desktop_relay.store.templates import save_template
from desktop_relay.store.unpacking import verify_backup
from tests.fakes.clock import FakeClock
from tests.unit.store.shops import AT, furnish

DAY = 86_400.0


@pytest.fixture(autouse=True)
def no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    furnish(tmp_path / "shop")
    return tmp_path / "shop"


@asynccontextmanager
async def at_work(shop: Path, clock: FakeClock) -> AsyncIterator[None]:
    task = asyncio.create_task(Backups(clock, shop).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def put(shop: Path, key: str, value: str | int | bool) -> None:
    with open_library(shop) as library:
        save_setting(library, key, value)


def is_at_work(shop: Path) -> bool:
    """Whether a thread has its folder there."""
    return bool(list(shop.glob(".backup-*")))


async def until_made(clock: FakeClock, folder: Path, number: int) -> None:
    """Turn the clock until so many are there; the thread has real time to work."""
    async with asyncio.timeout(20):
        while len(load_backups(folder)) != number:
            await clock.advance(1200)
            await asyncio.sleep(0.02)


async def test_one_a_day_and_each_can_be_read(shop: Path) -> None:
    clock = FakeClock()
    async with at_work(shop, clock):
        for number in range(1, 4):
            await until_made(clock, shop / "backups", number)
    made = sorted(backup.manifest.made_at for backup in load_backups(shop / "backups"))
    gaps = [(after - before).total_seconds() for before, after in pairwise(made)]
    assert all(DAY <= gap < 1.5 * DAY for gap in gaps)
    for backup in load_backups(shop / "backups"):
        verify_backup(Path(backup.path), "", shop, at_full_speed)
    assert load_failure(shop) is None


async def test_attachments_lie_beside_them_once(shop: Path, tmp_path: Path) -> None:
    flyer = tmp_path / "flyer.pdf"
    flyer.write_bytes(b"flyer")
    with open_library(shop) as library:
        save_template(library, Template("t", "", "", "text", (str(flyer),)), AT)
    kept, clock = shop / "backups" / SHELF_DIRECTORY, FakeClock()
    async with at_work(shop, clock):
        await until_made(clock, shop / "backups", 1)
        (kept / ("0" * 64)).write_bytes(b"of a day long gone")
        os.utime(kept / ("0" * 64), (0, 0))
        await until_made(clock, shop / "backups", 2)
        await until_made(clock, shop / "backups", 3)
    assert [path.read_bytes() for path in kept.iterdir()] == [b"flyer"]
    for backup in load_backups(shop / "backups"):
        found = verify_backup(Path(backup.path), "", shop, at_full_speed)
        assert found.left_out == ("案内.pdf",), "what was never there, and nothing else"


async def test_only_so_many_are_kept(shop: Path) -> None:
    put(shop, "backup.kept", 2)
    clock = FakeClock()
    async with at_work(shop, clock):
        await until_made(clock, shop / "backups", 2)
        oldest = min(b.manifest.made_at for b in load_backups(shop / "backups"))
        async with asyncio.timeout(20):
            while any(b.manifest.made_at == oldest for b in load_backups(shop / "backups")):
                await clock.advance(600)
                await asyncio.sleep(0.02)
        assert len(load_backups(shop / "backups")) == 2


async def test_none_when_it_is_off(shop: Path) -> None:
    put(shop, "backup.daily", False)
    clock = FakeClock()
    async with at_work(shop, clock):
        for _ in range(10):
            await clock.advance(DAY)
            await asyncio.sleep(0.02)
    assert not (shop / "backups").exists()


async def test_a_folder_that_is_not_there_is_told_until_it_is(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "drive"
    put(shop, "backup.folder", str(folder))
    clock = FakeClock()
    async with at_work(shop, clock):
        async with asyncio.timeout(20):
            while load_failure(shop) is None:
                await clock.advance(60)
                await asyncio.sleep(0.02)
        failure = load_failure(shop)
        assert failure is not None
        assert failure.code == ErrorCode.BACKUP_FOLDER
        assert not folder.exists(), "a drive that is missing is not made up for"
        folder.mkdir()
        before = clock.now()
        await until_made(clock, folder, 1)
        assert clock.now() - before < timedelta(hours=6)
    assert load_failure(shop) is None


async def test_the_end_of_the_engine_ends_it(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups_module, "_REST", 1e9)
    monkeypatch.setattr(backups_module, "_LONGEST_REST_SECONDS", 60.0)
    clock = FakeClock()
    async with asyncio.timeout(20):
        async with at_work(shop, clock):
            await clock.advance(61)
            while not is_at_work(shop):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert not is_at_work(shop)
    assert load_backups(shop / "backups") == []
    assert load_failure(shop) is None


def test_a_breath_rests_as_long_as_it_worked_and_more() -> None:
    breath = Breath()
    breath()
    breath.stop()
    with pytest.raises(Stopped):
        breath()
