"""Files that lie: damaged anywhere, cut off, of another form, with names and sizes that mean harm."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from desktop_relay.domain.backup import FORMAT, Backup
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.template import Template
from desktop_relay.store.database import open_library
from desktop_relay.store.portions import at_full_speed
from desktop_relay.store.shelf import load_backups
from desktop_relay.store.templates import save_template
from desktop_relay.store.unpacking import verify_backup
from tests.unit.store.shops import AT, PASSPHRASE, back_up, furnish

METHODS = {"attachments": ZIP_STORED}
DAMAGED = (ErrorCode.BACKUP_DAMAGED, ErrorCode.PASSPHRASE_WRONG, ErrorCode.PASSPHRASE_NEEDED)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("damage")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")
        furnish(place / "shop")
        (place / "flyer.pdf").write_bytes(bytes(range(256)) * 8)
        flyer = Template("t", "", "", "text", (str(place / "flyer.pdf"),))
        with open_library(place / "shop") as library:
            save_template(library, flyer, AT)
        back_up(place / "shop", place / "plain.drbackup")
        back_up(place / "shop", place / "sealed.drbackup", passphrase=PASSPHRASE)
    return place


def verify(place: Path, octets: bytes, passphrase: str) -> Backup:
    path = place / "tried.drbackup"
    path.write_bytes(octets)
    return verify_backup(path, passphrase, place, at_full_speed)


def flip(place: Path, name: str, at: float, bit: int, passphrase: str) -> None:
    """Refused in the proper words, or it was a bit that nobody reads: then everything is as it was."""
    path = place / name
    octets = bytearray(path.read_bytes())
    octets[int(at * len(octets))] ^= 1 << bit
    try:
        found = verify(place, bytes(octets), passphrase)
    except BadInput as error:
        assert error.code in DAMAGED  # noqa: PT017
    else:
        # the octets of both databases were compared with the digests in it
        assert found.manifest == verify(place, path.read_bytes(), passphrase).manifest


@settings(max_examples=200)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_bit_of_a_plain_one(place: Path, at: float, bit: int) -> None:
    flip(place, "plain.drbackup", at, bit, "")


@settings(max_examples=12)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_bit_of_an_encrypted_one(place: Path, at: float, bit: int) -> None:
    flip(place, "sealed.drbackup", at, bit, PASSPHRASE)


@pytest.mark.parametrize("part", ["library.db", "spool.db", "secrets", "attachments", "attachments.json"])
@pytest.mark.parametrize("name", ["plain", "sealed"])
def test_a_bit_of_each_part_is_noticed(place: Path, name: str, part: str) -> None:
    path = place / f"{name}.drbackup"
    with ZipFile(path) as archive:
        infos = {info.filename: info for info in archive.infolist()}
        if part not in infos:
            assert name == "plain"
            return
        # behind the header: 30 octets, the name and 20 of the large sizes
        middle = infos[part].header_offset + 50 + len(part) + infos[part].compress_size // 2
    octets = bytearray(path.read_bytes())
    octets[middle] ^= 1
    with pytest.raises(BadInput):
        verify(place, bytes(octets), PASSPHRASE if name == "sealed" else "")


@settings(max_examples=60)
@given(kept=st.floats(0, 1, exclude_max=True))
def test_cut_off_anywhere(place: Path, kept: float) -> None:
    octets = (place / "plain.drbackup").read_bytes()
    with pytest.raises(BadInput) as refused:
        verify(place, octets[: int(kept * len(octets))], "")
    assert refused.value.code is ErrorCode.BACKUP_DAMAGED


def parts_of(place: Path) -> dict[str, bytes]:
    with ZipFile(place / "plain.drbackup") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def told(place: Path, parts: dict[str, bytes], **changes: Any) -> ErrorCode:
    """What is said of a file of these parts, its manifest changed so."""
    manifest = json.loads(parts["manifest.json"]) | changes
    path = place / "forged.drbackup"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, octets in (parts | {"manifest.json": json.dumps(manifest).encode()}).items():
            archive.writestr(name, octets, METHODS.get(name))
    with pytest.raises(BadInput) as refused:
        verify_backup(path, "", place, at_full_speed)
    return refused.value.code


def test_newer_ones(place: Path) -> None:
    parts = parts_of(place)
    assert told(place, parts, format=FORMAT + 1) is ErrorCode.BACKUP_NEWER
    assert told(place, parts, format=FORMAT + 1, contents=None) is ErrorCode.BACKUP_NEWER
    assert told(place, parts, schemas={"library.db": 1, "spool.db": 99}) is ErrorCode.BACKUP_NEWER


@pytest.mark.parametrize(
    "changes",
    [
        {"contents": {}},
        {"counts": {"contacts": 1}},
        {"schemas": {}},
        {"made_at": 10**30},
        {"made_at": -1},
        {"made_at": "yesterday"},
        {"kind": "other"},
        {"salt": "not base 64!"},
        {"format": True},
        {"id": None},
    ],
)
def test_manifests_that_do_not_fit(place: Path, changes: dict[str, Any]) -> None:
    assert told(place, parts_of(place), **changes) is ErrorCode.BACKUP_DAMAGED


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "keys/evil.pem", "..\\evil", "C:\\evil"])
def test_names_that_lead_out(place: Path, name: str) -> None:
    before = sorted(place.rglob("*"))
    assert told(place, parts_of(place) | {name: b"evil"}) is ErrorCode.BACKUP_DAMAGED
    assert [path for path in sorted(place.rglob("*")) if path not in before] in (
        [],
        [place / "forged.drbackup"],
    )


def test_bombs(place: Path) -> None:
    parts = parts_of(place)
    zeros = bytes(100 << 20)
    contents = json.loads(parts["manifest.json"])["contents"]
    # unpacks to more than it says
    assert told(place, parts | {"spool.db": zeros}) is ErrorCode.BACKUP_DAMAGED
    # says how much, which no database shrinks by
    contents |= {"spool.db": [len(zeros), contents["spool.db"][1]]}
    assert told(place, parts | {"spool.db": zeros}, contents=contents) is ErrorCode.BACKUP_DAMAGED
    manifest = parts["manifest.json"] + b" " * (2 << 20)
    with ZipFile(place / "large.drbackup", "w", ZIP_DEFLATED) as archive:
        for name, octets in (parts | {"manifest.json": manifest}).items():
            archive.writestr(name, octets, METHODS.get(name))
    with pytest.raises(BadInput):
        verify_backup(place / "large.drbackup", "", place, at_full_speed)


def test_other_files(place: Path) -> None:
    with ZipFile(place / "lzma.drbackup", "w", ZIP_LZMA) as archive:
        for name, octets in parts_of(place).items():
            archive.writestr(name, octets, METHODS.get(name))
    for path in (place / "lzma.drbackup", place / "shop" / "library.db"):
        with pytest.raises(BadInput) as refused:
            verify_backup(path, "", place, at_full_speed)
        assert refused.value.code is ErrorCode.BACKUP_DAMAGED
    with pytest.raises(NotFound):
        verify_backup(place / "nothing.drbackup", "", place, at_full_speed)


def test_a_folder_shows_only_what_is_one(place: Path) -> None:
    folder = place / "folder"
    folder.mkdir()
    (folder / "torn.drbackup").write_bytes((place / "plain.drbackup").read_bytes()[:500])
    (folder / "other.zip").write_bytes((place / "plain.drbackup").read_bytes())
    (folder / "good.drbackup").write_bytes((place / "plain.drbackup").read_bytes())
    assert [Path(backup.path).name for backup in load_backups(folder)] == ["good.drbackup"]
    assert load_backups(place / "not there") == []
