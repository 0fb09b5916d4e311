"""Attachments go with a backup, each once, come back where they are missed, and their lack is named."""

import json
import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import hypothesis.strategies as st
import pytest
from hypothesis import given

from desktop_relay.domain.backup import Backup, BackupKind, Content
from desktop_relay.domain.errors import BadInput, ErrorCode, StoreUnusable
from desktop_relay.domain.template import Template
from desktop_relay.store import archive as archive_module
from desktop_relay.store import attachment_bundle, giving_back
from desktop_relay.store import backup as making
from desktop_relay.store.attachment_bundle import Index, compose_index, file_name, parse_index
from desktop_relay.store.attachment_shelf import SHELF_DIRECTORY, clear_shelf
from desktop_relay.store.attachments import load_attachments
from desktop_relay.store.database import open_library, open_spool_for_engine
from desktop_relay.store.portions import at_full_speed
from desktop_relay.store.shelf import names_of_attachments
from desktop_relay.store.spool import Spool
from desktop_relay.store.templates import load_template, save_template
from desktop_relay.store.unpacking import verify_backup
from tests.unit.store.samples import snapshot
from tests.unit.store.shops import AT, PASSPHRASE, back_up, furnish, restore

FLYER = os.urandom(2_500_000)
LIST = b"price list"


@pytest.fixture(autouse=True)
def no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "書類"
    folder.mkdir()
    (folder / "秋のちらし.pdf").write_bytes(FLYER)
    (folder / "copy.pdf").write_bytes(FLYER)
    (folder / "価格表.csv").write_bytes(LIST)
    return folder


@pytest.fixture
def shop(tmp_path: Path, papers: Path) -> Path:
    directory = tmp_path / "shop"
    furnish(directory)
    attach(directory, papers)
    return directory


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick" / "one.drbackup"


def attach(directory: Path, folder: Path) -> None:
    paths = tuple(str(path) for path in sorted(folder.iterdir()))
    with open_library(directory) as library:
        save_template(library, Template("t", "秋", "", "text", paths), AT)


def paths_of(directory: Path) -> list[Path]:
    with open_library(directory) as library:
        template = load_template(library, "t")
    assert template is not None
    return [Path(path) for path in template.attachments]


def attached(directory: Path) -> dict[str, bytes]:
    with open_library(directory) as library:
        template = load_template(library, "t")
    assert template is not None
    return {attachment.name: attachment.content for attachment in load_attachments(template)}


def verify(path: Path, directory: Path, passphrase: str = "") -> Backup:
    return verify_backup(path, passphrase, directory, at_full_speed)


EVERYTHING = {"秋のちらし.pdf": FLYER, "copy.pdf": FLYER, "価格表.csv": LIST}


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_they_come_back_on_another_computer(
    shop: Path, papers: Path, target: Path, tmp_path: Path, passphrase: str
) -> None:
    made = back_up(shop, target, passphrase=passphrase)
    # what the half-sent campaign of the shop names was never there
    assert made.left_out == verify(target, shop, passphrase).left_out == ("案内.pdf",)
    assert made.manifest.contents["attachments"].size == len(FLYER) + len(LIST), "each content once"
    papers.rename(tmp_path / "elsewhere")
    new = tmp_path / "new"
    restored = restore(new, target, passphrase)
    assert restored.attachments == ("案内.pdf",)
    assert attached(new) == EVERYTHING
    for path in paths_of(new):
        assert path.is_relative_to(new / "attachments")
        assert path.stat().st_mode & 0o777 == 0o600
        assert {folder.stat().st_mode & 0o777 for folder in (path.parent, path.parent.parent)} == {0o700}
    assert not (new / ".restoring").exists()
    assert (FLYER[:64] in target.read_bytes() or LIST in target.read_bytes()) == (not passphrase)


def test_a_campaign_under_way_finds_its_own(shop: Path, papers: Path, target: Path, tmp_path: Path) -> None:
    flyer = papers / "秋のちらし.pdf"
    with open_spool_for_engine(shop) as db:
        db.execute("UPDATE campaigns SET snapshot = replace(snapshot, ?, ?)", ["/tmp/案内.pdf", str(flyer)])
        assert Spool(db).load_campaigns()[0].snapshot.template.attachments == (str(flyer),)
    back_up(shop, target)
    flyer.unlink()
    restored = restore(tmp_path / "new", target)
    assert restored.attachments == ()
    with open_spool_for_engine(tmp_path / "new") as db:
        template = Spool(db).load_campaigns()[0].snapshot.template
    assert [each.content for each in load_attachments(template)] == [FLYER]
    assert template.html == snapshot().template.html


def test_what_lies_where_it_lay_stays_and_what_changed_is_as_it_was(
    shop: Path, papers: Path, target: Path
) -> None:
    back_up(shop, target)
    (papers / "価格表.csv").write_bytes(b"other price")
    restore(shop, target)
    assert attached(shop) == EVERYTHING
    assert [path.parent == papers for path in paths_of(shop)] == [
        path.name != "価格表.csv" for path in paths_of(shop)
    ]
    assert (papers / "価格表.csv").read_bytes() == b"other price", "nobody's file is touched"


def test_restored_ones_go_on_to_the_next_computer(
    shop: Path, papers: Path, target: Path, tmp_path: Path
) -> None:
    back_up(shop, target)
    papers.rename(tmp_path / "elsewhere")
    restore(tmp_path / "new", target)
    back_up(tmp_path / "new", target)
    (tmp_path / "new").rename(tmp_path / "gone")
    restore(tmp_path / "third", target)
    assert attached(tmp_path / "third") == EVERYTHING


def test_one_that_was_edited_there_is_kept_aside(
    shop: Path, papers: Path, target: Path, tmp_path: Path
) -> None:
    back_up(shop, target)
    papers.rename(tmp_path / "elsewhere")
    restore(tmp_path / "new", target)
    (edited,) = (path for path in paths_of(tmp_path / "new") if path.name == "価格表.csv")
    edited.write_bytes(b"by hand")
    restored = restore(tmp_path / "new", target)
    assert attached(tmp_path / "new") == EVERYTHING
    assert restored.aside is not None
    assert (Path(restored.aside) / "価格表.csv").read_bytes() == b"by hand"


def test_what_cannot_go_in_is_named(
    shop: Path, papers: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachment_bundle, "LARGEST", 1000)
    (papers / "folder.pdf").mkdir()
    attach(shop, papers)
    (papers / "価格表.csv").unlink()
    made = back_up(shop, target)
    assert sorted(made.left_out) == sorted([*EVERYTHING, "folder.pdf", "案内.pdf"])
    restored = restore(tmp_path / "new", target)
    # those that were too large lie where they lay: the other computer is this one
    assert sorted(restored.attachments) == sorted(["価格表.csv", "folder.pdf", "案内.pdf"])


def test_one_that_changes_meanwhile_is_left_out(shop: Path, papers: Path, target: Path) -> None:
    grown = papers / "価格表.csv"
    seen = 0

    def meanwhile() -> None:
        nonlocal seen
        seen += 1
        grown.write_bytes(LIST * seen)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.unit.store.shops.at_full_speed", meanwhile)
        made = back_up(shop, target)
    assert made.left_out == verify(target, shop).left_out == ("価格表.csv", "案内.pdf")


def test_no_room_for_them_is_told_before(shop: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "octets_of", lambda _found: 1 << 60)
    with pytest.raises(StoreUnusable) as told:
        back_up(shop, target)
    assert told.value.code is ErrorCode.BACKUP_NO_ROOM
    assert not target.exists()


def test_old_files_are_restored(shop: Path, target: Path, tmp_path: Path) -> None:
    back_up(shop, target)
    old = tmp_path / "old.drbackup"
    with ZipFile(target) as new, ZipFile(old, "w", ZIP_DEFLATED) as archive:
        manifest = json.loads(new.read("manifest.json")) | {"format": 1}
        for name in ("attachments", "attachments.json"):
            del manifest["contents"][name]
        for name in ("library.db", "spool.db"):
            archive.writestr(name, new.read(name))
        archive.writestr("manifest.json", json.dumps(manifest))
    assert verify(old, shop).left_out == ()
    restore(tmp_path / "new", old)
    assert paths_of(tmp_path / "new") == paths_of(shop)


# each day


def days(shop: Path, folder: Path, number: int) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"{day}.drbackup" for day in range(number)]
    for path in paths:
        back_up(shop, path, kind=BackupKind.DAILY)
    return paths


def test_fourteen_days_hold_them_once(shop: Path, papers: Path, tmp_path: Path) -> None:
    paths = days(shop, tmp_path / "shelf", 14)
    assert sum(path.stat().st_size for path in paths) < len(FLYER)
    kept = list((tmp_path / "shelf" / SHELF_DIRECTORY).iterdir())
    assert sorted(path.stat().st_size for path in kept) == [len(LIST), len(FLYER)]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in kept)
    assert verify(paths[3], shop).left_out == ("案内.pdf",)
    papers.rename(tmp_path / "elsewhere")
    restore(tmp_path / "new", paths[3])
    assert attached(tmp_path / "new") == EVERYTHING


def test_a_daily_one_carried_away_alone_says_what_is_missing(
    shop: Path, papers: Path, tmp_path: Path
) -> None:
    (path,) = days(shop, tmp_path / "shelf", 1)
    alone = path.rename(tmp_path / "alone.drbackup")
    papers.rename(tmp_path / "elsewhere")
    missing = sorted([*EVERYTHING, "案内.pdf"])
    assert sorted(verify(alone, shop).left_out) == missing
    assert sorted(restore(tmp_path / "new", alone).attachments) == missing


def test_a_damaged_one_is_told_and_mended_the_next_day(shop: Path, papers: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    (path,) = days(shop, shelf, 1)
    for kept in (shelf / SHELF_DIRECTORY).iterdir():
        kept.write_bytes(bytes(kept.stat().st_size))
    assert len(verify(path, shop).left_out) == 4
    assert back_up(shop, shelf / "next.drbackup", kind=BackupKind.DAILY).left_out == ("案内.pdf",)
    assert verify(path, shop).left_out == ("案内.pdf",)


def test_what_no_day_names_goes_after_a_day(shop: Path, papers: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    first, *_ = days(shop, shelf, 2)
    (papers / "価格表.csv").unlink()
    attach(shop, papers)
    back_up(shop, shelf / "2.drbackup", kind=BackupKind.DAILY)
    (shelf / "torn.drbackup").write_bytes(first.read_bytes()[:500])
    (shelf / SHELF_DIRECTORY / f".{'0' * 64}.77").write_bytes(b"")
    (shelf / SHELF_DIRECTORY / "somebody's own").write_bytes(b"")

    def clear(days_from_now: float) -> int:
        newest = max(path.stat().st_mtime for path in (shelf / SHELF_DIRECTORY).iterdir())
        clear_shelf(shelf, names_of_attachments(shelf), newest + days_from_now * 86_400)
        return len(list((shelf / SHELF_DIRECTORY).iterdir())) - 1

    assert clear(2) == 2, "both contents are named by a day that is kept"
    first.unlink()
    (shelf / "1.drbackup").unlink()
    assert clear(0.5) == 2
    assert clear(2) == 1
    assert (shelf / SHELF_DIRECTORY / "somebody's own").exists()
    clear_shelf(tmp_path / "no such folder", (), 0)


# files that lie


def forged(target: Path, index: Any, contents: bytes) -> Path:
    """The backup, its attachments and their index replaced by others that the manifest vouches for."""
    path = target.with_name("forged.drbackup")
    parts = {"attachments": contents, "attachments.json": json.dumps(index).encode()}
    with ZipFile(target) as archive, ZipFile(path, "w", ZIP_DEFLATED) as new:
        manifest = json.loads(archive.read("manifest.json"))
        for name in archive.namelist():
            if name != "manifest.json":
                octets = parts.get(name, archive.read(name))
                manifest["contents"][name] = [len(octets), sha256(octets)]
                new.writestr(name, octets, ZIP_STORED if name == "attachments" else None)
        new.writestr("manifest.json", json.dumps(manifest))
    return path


def sha256(octets: bytes) -> str:
    return making.hashlib.sha256(octets).hexdigest()


EVIL = sha256(b"evil")


@pytest.mark.parametrize(
    "index",
    [
        {"contents": [[4, EVIL]], "paths": {"a": "b" * 64}},
        {"contents": [[4, "../evil"]], "paths": {"a": "../evil"}},
        {"contents": [[3, EVIL]], "paths": {"a": EVIL}},
        {"contents": [[5, EVIL]], "paths": {"a": EVIL}},
        {"contents": [[-4, EVIL]], "paths": {"a": EVIL}},
        {"contents": [[True, EVIL]], "paths": {"a": EVIL}},
        {"contents": [[4, EVIL], [4, EVIL]], "paths": {"a": EVIL}},
        {"contents": [], "paths": {}},
        {"contents": [[4, EVIL, 1]], "paths": {}},
        {"contents": [[4, EVIL]], "paths": {"a": None}},
        {"contents": [[4, EVIL]], "paths": 5},
        {"contents": [[4, EVIL]]},
        [],
        None,
    ],
)
def test_an_index_that_does_not_fit(shop: Path, target: Path, tmp_path: Path, index: Any) -> None:
    back_up(shop, target)
    path = forged(target, index, b"evil")
    for attempt in (lambda: verify(path, shop), lambda: restore(tmp_path / "new", path)):
        with pytest.raises(BadInput) as refused:
            attempt()
        assert refused.value.code is ErrorCode.BACKUP_DAMAGED
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["engine.lock"]


@pytest.mark.parametrize(
    "path", ["../../evil", "/etc/evil\0", "C:\\Users\\..\\..", "..", "", "a/" + "長" * 300]
)
def test_paths_that_lead_out(shop: Path, target: Path, tmp_path: Path, path: str) -> None:
    back_up(shop, target)
    before = sorted(each for each in tmp_path.rglob("*") if tmp_path / "new" not in each.parents)
    lie = forged(target, {"contents": [[4, EVIL]], "paths": {path: EVIL}}, b"evil")
    restore(tmp_path / "new", lie)
    after = sorted(each for each in tmp_path.rglob("*") if tmp_path / "new" not in each.parents)
    assert set(after) - set(before) == {tmp_path / "new", lie}
    (kept,) = (tmp_path / "new" / "attachments").glob("*/*")
    assert kept.read_bytes() == b"evil"


@given(st.text())
def test_a_name_is_one_name_on_any_system(path: str) -> None:
    name = file_name(path)
    assert name
    assert PureWindowsPath(name).parts == PurePosixPath(name).parts == (name,)
    assert name not in (".", "..")
    assert len(name.encode("utf-8", "surrogatepass")) <= 255
    assert not name.endswith((".", " "))
    assert file_name(name) == name


CONTENTS = st.builds(
    Content, st.integers(0, 1 << 40), st.integers(0, (1 << 256) - 1).map(lambda number: f"{number:064x}")
)


@given(
    st.lists(CONTENTS, max_size=5, unique_by=lambda content: content.sha256), st.lists(st.text(), max_size=5)
)
def test_an_index_is_what_it_was(contents: list[Content], paths: list[str]) -> None:
    digests = ["", *(content.sha256 for content in contents)]
    index = Index(tuple(contents), {path: digests[n % len(digests)] for n, path in enumerate(paths)})
    assert parse_index(compose_index(index)) == index


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_blank_pages_are_no_bomb(
    shop: Path, papers: Path, target: Path, monkeypatch: pytest.MonkeyPatch, passphrase: str
) -> None:
    """What shrinks a thousandfold is refused of a database, and is usual of a picture."""
    monkeypatch.setattr(archive_module, "_ALWAYS_FINE", 1)
    (papers / "blank.bmp").write_bytes(bytes(40_000_000))
    attach(shop, papers)
    back_up(shop, target, passphrase=passphrase)
    assert verify(target, shop, passphrase).left_out == ("案内.pdf",)


def test_deflated_ones_are_none_of_ours(shop: Path, target: Path) -> None:
    back_up(shop, target)
    parts = {}
    with ZipFile(target) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, octets in parts.items():
            archive.writestr(name, octets)
    with pytest.raises(BadInput):
        verify(target, shop)


def test_an_index_of_no_end_is_not_read(shop: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    back_up(shop, target)
    monkeypatch.setattr(giving_back, "LARGEST_INDEX", 10)
    with pytest.raises(BadInput):
        verify(target, shop)
