"""A file for moving says that it was restored, in one small write that can be withdrawn, or it asks."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import hypothesis.strategies as st
import pytest
from hypothesis import given

from desktop_relay.domain.backup import BackupKind, Receipt
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.policy.backups import goes_on
from desktop_relay.store.archive import open_archive
from desktop_relay.store.portions import at_full_speed
from desktop_relay.store.receipts import parse_receipt, withdraw_receipt, write_receipt
from desktop_relay.store.restoring import restore_backup
from desktop_relay.store.unpacking import verify_backup
from tests.unit.store.shops import AT, LATER, back_up, furnish, standing

TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@pytest.fixture(autouse=True)
def no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    furnish(tmp_path / "shop")
    target = tmp_path / "move.drbackup"
    back_up(tmp_path / "shop", target, kind=BackupKind.MOVE)
    return target


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zipped") / "one.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("part", b"octets")
    return path


@given(st.builds(Receipt, TIMES, st.text(max_size=80)))
def test_it_stands_and_goes(zipped: Path, receipt: Receipt) -> None:
    before = zipped.read_bytes()
    assert write_receipt(zipped, receipt)
    assert not write_receipt(zipped, receipt), "the first one stays"
    with ZipFile(zipped) as archive:
        found = parse_receipt(archive.comment)
        assert archive.read("part") == b"octets"
    assert found is not None
    assert found.at is not None
    assert receipt.at is not None
    assert receipt.at - found.at < timedelta(milliseconds=1)
    withdraw_receipt(zipped, Receipt(receipt.at, f"{receipt.computer[:60]}?"))
    assert zipped.read_bytes() != before, "only that very one goes"
    withdraw_receipt(zipped, receipt)
    assert zipped.read_bytes() == before


@given(st.binary())
def test_any_comment(comment: bytes) -> None:
    assert (parse_receipt(comment) is not None) == comment.startswith(b"restored")
    assert parse_receipt(b"restored" + comment) is not None


def test_what_is_no_zip_takes_none(tmp_path: Path) -> None:
    path = tmp_path / "letter"
    for octets in (b"", b"short", b"no zip at all" * 10):
        path.write_bytes(octets)
        assert not write_receipt(path, Receipt(AT))
        withdraw_receipt(path, Receipt(AT))
        assert path.read_bytes() == octets
    assert not write_receipt(tmp_path / "nothing", Receipt(AT))


def test_restored_once_it_says_when_and_where(moved: Path, tmp_path: Path) -> None:
    assert restore_backup(tmp_path / "new", moved, "", LATER, goes_on).goes_on
    found = verify_backup(moved, "", tmp_path / "new", at_full_speed)
    assert found.receipt is not None
    assert found.receipt.at == LATER
    again = restore_backup(tmp_path / "third", moved, "", LATER, goes_on)
    assert (again.goes_on, again.paused) == (False, 1)


def test_one_that_takes_no_receipt_asks(moved: Path, tmp_path: Path) -> None:
    with ZipFile(moved, "a") as archive:
        archive.comment = b"some other program's"  # as on a drive that cannot be written to
    restored = restore_backup(tmp_path / "new", moved, "", LATER, goes_on)
    assert (restored.goes_on, restored.paused) == (False, 1)
    assert standing(tmp_path / "new") == [(1, "paused", "restored")]


def test_a_restore_that_failed_may_be_done_again(moved: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    furnish(new)
    with sqlite3.connect(new / "library.db") as other:
        other.execute("SELECT count(*) FROM sqlite_master").fetchall()
        with pytest.raises(StoreUnusable) as refused:
            restore_backup(new, moved, "", LATER, goes_on)
    other.close()
    assert refused.value.code is ErrorCode.DATA_IN_USE
    with open_archive(moved) as archive:
        assert archive.receipt is None
    assert restore_backup(new, moved, "", LATER, goes_on).goes_on
