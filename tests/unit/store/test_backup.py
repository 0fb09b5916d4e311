"""A backup gives back what was there, carries no secret in the clear, and a restore sends nothing."""

import contextlib
import sqlite3
import threading
from pathlib import Path
from zipfile import ZipFile

import pytest

from desktop_relay.domain.errors import BadInput, ErrorCode, StoreUnusable
from desktop_relay.store import backup as making
from desktop_relay.store.archive import open_archive
from desktop_relay.store.database import open_library, open_spool_for_engine
from desktop_relay.store.drafts import load_draft, mark_submitted
from desktop_relay.store.handover import load_handover
from desktop_relay.store.lock import EngineLock
from desktop_relay.store.portions import at_full_speed
from desktop_relay.store.spool import Spool
from desktop_relay.store.swapping import settle_restore
from desktop_relay.store.unpacking import verify_backup
from desktop_relay.store.vault import Vault
from tests.unit.store.samples import people, snapshot
from tests.unit.store.shops import (
    AT,
    KEY_TEXT,
    LATER,
    PASSPHRASE,
    PASSWORD,
    back_up,
    furnish,
    restore,
    standing,
    states,
    write_draft,
)


@pytest.fixture(autouse=True)
def no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    directory = tmp_path / "shop"
    furnish(directory)
    return directory


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "one.drbackup"


def octets_of(path: Path) -> bytes:
    """The file, and what any zip program gets out of it."""
    with ZipFile(path) as archive:
        return path.read_bytes() + b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_what_was_there_comes_back_at_rest(shop: Path, target: Path, tmp_path: Path, passphrase: str) -> None:
    backup = back_up(shop, target, passphrase=passphrase)
    assert backup.manifest.counts == {"contacts": 0, "campaigns": 1, "recipients": 10, "accepted": 3}
    restored = restore(tmp_path / "new", target, passphrase)
    assert states(tmp_path / "new") == {"accepted": 3, "deferred": 1, "unknown": 2, "pending": 4}
    assert standing(tmp_path / "new") == [(1, "paused", "restored")]
    assert (restored.paused, restored.unknown, restored.aside, restored.goes_on) == (1, 2, None, False)
    assert load_handover(tmp_path / "new").restored_from == AT
    assert states(shop) == {"accepted": 3, "deferred": 1, "in_flight": 2, "ready": 1, "pending": 3}


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_no_secret_in_the_clear(shop: Path, target: Path, passphrase: str) -> None:
    back_up(shop, target, passphrase=passphrase)
    found = octets_of(target)
    master = (shop / "keys" / "master.key").read_bytes()
    for secret in (PASSWORD.encode(), KEY_TEXT.encode(), b"nobody may read this", master):
        assert secret not in found
    assert (b"person3@mail.example" in found) == (not passphrase)
    assert target.stat().st_mode & 0o777 == 0o600


def test_passwords_and_keys_come_along_under_a_passphrase(shop: Path, target: Path, tmp_path: Path) -> None:
    back_up(shop, target, passphrase=PASSPHRASE)
    new = tmp_path / "new"
    restored = restore(new, target, PASSPHRASE)
    assert (restored.passwords, restored.keys) == ((), ())
    with open_library(new) as library:
        assert Vault(new).get(library, "route:account") == PASSWORD
    key = new / "keys" / "shop.example" / "relay.pem"
    assert key.read_text() == KEY_TEXT
    assert key.stat().st_mode & 0o777 == 0o600
    assert (new / "keys").stat().st_mode & 0o777 == 0o700
    assert (new / "keys" / "master.key").read_bytes() != (shop / "keys" / "master.key").read_bytes()


def test_without_one_it_says_what_is_missing(shop: Path, target: Path, tmp_path: Path) -> None:
    back_up(shop, target)
    restored = restore(tmp_path / "new", target)
    assert restored.passwords == ("route:account",)
    assert restored.keys == ("news@shop.example",)
    with open_library(tmp_path / "new") as library:
        assert Vault(tmp_path / "new").get(library, "route:account") is None


def test_on_the_same_computer_keys_stay_and_nothing_is_deleted(shop: Path, target: Path) -> None:
    back_up(shop, target)
    with open_library(shop) as library:
        later = write_draft(library, LATER)
    restored = restore(shop, target)
    assert (restored.passwords, restored.keys) == ((), ())
    with open_library(shop) as library:
        assert Vault(shop).get(library, "route:account") == PASSWORD
        assert load_draft(library, later) is None
    assert restored.aside is not None
    with open_library(Path(restored.aside)) as library:
        assert load_draft(library, later) is not None
    assert states(Path(restored.aside))["in_flight"] == 2


def test_twice_restored_twice_kept(shop: Path, target: Path) -> None:
    back_up(shop, target)
    asides = {restore(shop, target).aside for _ in range(3)}
    assert len(asides) == 3
    assert all(aside is not None and (Path(aside) / "library.db").exists() for aside in asides)


@pytest.mark.parametrize(
    ("given", "code"), [("", ErrorCode.PASSPHRASE_NEEDED), ("wrong", ErrorCode.PASSPHRASE_WRONG)]
)
def test_passphrases(shop: Path, target: Path, tmp_path: Path, given: str, code: ErrorCode) -> None:
    back_up(shop, target, passphrase=PASSPHRASE)
    with pytest.raises(BadInput) as refused:
        restore(tmp_path / "new", target, given)
    assert refused.value.code is code
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["engine.lock"]


def test_a_passphrase_typed_full_width_is_the_same(shop: Path, target: Path) -> None:
    back_up(shop, target, passphrase="ひみつ ABC 123")
    verify_backup(target, "ひみつ　ＡＢＣ　１２３", shop, at_full_speed)


def test_refused_while_an_engine_runs(shop: Path, target: Path) -> None:
    back_up(shop, target)
    lock = EngineLock(shop)
    lock.acquire()
    try:
        with pytest.raises(StoreUnusable) as refused:
            restore(shop, target)
    finally:
        lock.release()
    assert refused.value.code is ErrorCode.DATA_LOCKED
    assert "in_flight" in states(shop)


@pytest.mark.parametrize("name", ["library.db", "spool.db"])
def test_refused_while_somebody_has_it_open(shop: Path, target: Path, name: str) -> None:
    back_up(shop, target)
    with sqlite3.connect(shop / name) as other:
        other.execute("SELECT count(*) FROM sqlite_master").fetchall()
        with pytest.raises(StoreUnusable) as refused:
            restore(shop, target)
    other.close()
    assert refused.value.code is ErrorCode.DATA_IN_USE
    assert states(shop)["in_flight"] == 2, "nothing has changed"
    assert restore(shop, target).aside is not None, "and it can be done again"


@pytest.mark.parametrize("name", ["library.db", "spool.db"])
def test_over_a_damaged_database(shop: Path, target: Path, name: str) -> None:
    back_up(shop, target)
    (shop / name).write_bytes(b"no database at all" * 1000)
    restored = restore(shop, target)
    assert states(shop)["accepted"] == 3
    assert restored.aside is not None
    assert (Path(restored.aside) / name).read_bytes().startswith(b"no database")


@pytest.mark.parametrize("step", range(1, 12))
def test_one_that_broke_off_is_carried_to_its_end(
    shop: Path, target: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Whichever renaming is the last before the power goes; then everything is restored, or nothing is."""
    back_up(shop, target, passphrase=PASSPHRASE)
    with open_library(shop) as library:
        later = write_draft(library, LATER)
    left = step
    rename = Path.replace

    def until_the_power_goes(path: Path, other: Path) -> Path:
        nonlocal left
        if shop in Path(other).parents:
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return rename(path, other)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", until_the_power_goes)
        with contextlib.suppress(KeyboardInterrupt):
            restore(shop, target, PASSPHRASE)
    settle_restore(shop)
    assert not (shop / ".restoring").exists() or not (shop / "handover.json").exists()
    with open_library(shop) as library:
        is_restored = load_draft(library, later) is None
        assert Vault(shop).get(library, "route:account") == PASSWORD
    assert ("unknown" in states(shop)) == is_restored
    assert bool(load_handover(shop).known) == is_restored
    asides = list(shop.glob("before-restore-*/library.db"))
    assert bool(asides) == is_restored


def test_damaged_data_makes_no_backup(shop: Path, target: Path) -> None:
    path = shop / "spool.db"
    octets = bytearray(path.read_bytes())
    for start in range(3 * 4096, len(octets) - 4096, 4096):
        octets[start : start + 64] = b"\xff" * 64
    path.write_bytes(octets)
    with pytest.raises(StoreUnusable) as told:
        back_up(shop, target)
    assert told.value.code is ErrorCode.DATA_CORRUPT
    assert not target.exists()


def test_a_failed_one_leaves_the_earlier_file_and_no_other(shop: Path, target: Path, tmp_path: Path) -> None:
    back_up(shop, target)
    before = target.read_bytes()

    def tired() -> None:
        raise KeyboardInterrupt

    manifest = verify_backup(target, "", shop, at_full_speed).manifest
    with pytest.raises(KeyboardInterrupt):
        making.make_backup(shop, target, manifest, secrets=b"", passphrase="", breathe=tired)
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.drbackup", "shop"]
    assert not list(shop.glob(".backup-*"))


def test_no_room_is_told_before_the_disk_is_full(
    shop: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_MARGIN", 1 << 60)
    with pytest.raises(StoreUnusable) as told:
        back_up(shop, target)
    assert told.value.code is ErrorCode.BACKUP_NO_ROOM


def test_a_campaign_without_its_draft_keeps_its_number(shop: Path, target: Path, tmp_path: Path) -> None:
    with open_spool_for_engine(shop) as db:
        Spool(db).submit(snapshot(7), people(1), AT)  # as if its draft had come a blink too late
    back_up(shop, target)
    restore(tmp_path / "new", target)
    with open_library(tmp_path / "new") as library:
        assert write_draft(library) == 8


def test_both_databases_agree_whatever_is_submitted_meanwhile(shop: Path, tmp_path: Path) -> None:
    over = threading.Event()
    numbers = iter(range(10_000))

    def submit() -> None:
        with open_library(shop) as library, open_spool_for_engine(shop) as db:
            while not over.is_set():
                draft = write_draft(library)
                Spool(db).submit(snapshot(draft), people(1, first=next(numbers)), AT)
                mark_submitted(library, draft, AT)

    thread = threading.Thread(target=submit)
    thread.start()
    try:
        paths = [tmp_path / f"{number}.drbackup" for number in range(6)]
        for path in paths:
            back_up(shop, path)
    finally:
        over.set()
        thread.join()
    for path in paths:
        new = tmp_path / path.stem
        restore(new, path)
        with open_library(new) as library, open_spool_for_engine(new) as db:
            sent = {row[0] for row in library.rows("SELECT id FROM drafts WHERE submitted_at IS NOT NULL")}
            drafts = {row[0] for row in library.rows("SELECT id FROM drafts")}
            campaigns = {row[0] for row in db.rows("SELECT id FROM campaigns")}
        assert sent <= campaigns <= drafts
    with open_archive(paths[-1]) as last, open_archive(paths[0]) as first:
        assert last.manifest.counts["campaigns"] > first.manifest.counts["campaigns"]
