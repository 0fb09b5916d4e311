"""The file of a backup: a zip with a manifest and the parts that it names, read as something that may lie.

Only parts of known names are read, and none is ever written under a name that the file gives. No part may
unpack to more than the manifest says, nor the whole to much more than a database can shrink by.
"""

from __future__ import annotations

import os
import struct
import tempfile
import time
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from desktop_relay.domain.backup import Backup, Content, Manifest
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, StoreUnusable
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.manifests import NewerFormat, compose_manifest, parse_manifest
from desktop_relay.store.portions import Measure, Portions
from desktop_relay.store.receipts import parse_receipt
from desktop_relay.store.sealing import PORTION, Unsealable, seal, unseal

MANIFEST = "manifest.json"
LIBRARY_PART = "library.db"
SPOOL_PART = "spool.db"
SECRETS_PART = "secrets"
INDEX_PART = "attachments.json"
ATTACHMENTS_PART = "attachments"
_PARTS = (LIBRARY_PART, SPOOL_PART)
_METHODS = {ATTACHMENTS_PART: (ZIP_STORED,)}
_ANY_METHOD = (ZIP_STORED, ZIP_DEFLATED)
_LARGEST_MANIFEST = 1 << 20
_ALWAYS_FINE = 64 << 20
_MOST_SHRUNK = 200
_DAMAGE = (
    BadZipFile,
    Unsealable,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    LookupError,
    ArithmeticError,
    RuntimeError,  # a part under another program's password; a manifest that is nested without end
    NotImplementedError,
)


def write_archive(
    path: Path,
    manifest: Manifest,
    parts: Mapping[str, Portions],
    key: bytes | None,
    check: Callable[[Path], None],
) -> Manifest:
    """Write the file (0600) beside its place, let ``check`` read it again, and put it in place.

    A file that is there is replaced, by a whole one or not at all. Raises ``StoreUnusable``, and what the
    portions and ``check`` raise.
    """
    draft = _make_draft(path)
    try:
        manifest = _fill(draft, manifest, parts, key)
        check(draft)
        try:
            draft.replace(path)
        except OSError as error:
            raise_told_by_system(error, path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _make_draft(path: Path) -> Path:
    try:
        file, name = tempfile.mkstemp(dir=path.parent, prefix=".desktop-relay-", suffix=".part")
    except OSError as error:
        raise StoreUnusable(ErrorCode.BACKUP_FOLDER, path=str(path.parent)) from error
    os.close(file)
    return Path(name)


def _fill(draft: Path, manifest: Manifest, parts: Mapping[str, Portions], key: bytes | None) -> Manifest:
    contents: dict[str, Content] = {}
    method = ZIP_DEFLATED if key is None else ZIP_STORED  # what is sealed was deflated before
    try:
        with draft.open("wb") as stream:
            with ZipFile(stream, "w", method, compresslevel=1) as archive:
                for name, portions in parts.items():
                    measure = Measure(portions)
                    with archive.open(_info(name, method), "w", force_zip64=True) as part:
                        for octets in measure if key is None else seal(measure, key, name):
                            part.write(octets)
                    contents[name] = measure.content
                manifest = replace(manifest, contents=contents)
                archive.writestr(MANIFEST, compose_manifest(manifest), ZIP_DEFLATED)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise_told_by_system(error, draft.parent)
    return manifest


def _info(name: str, method: int) -> ZipInfo:
    """Attachments, most of them deflated by their kind, stay as they are: then no file unpacks to more."""
    info = ZipInfo(name, time.localtime()[:6])
    info.compress_type = ZIP_STORED if name == ATTACHMENTS_PART else method
    return info


class Archive:
    """A backup file open for reading; one that is damaged raises ``BadInput`` (``backup_damaged``)."""

    def __init__(self, path: Path, archive: ZipFile) -> None:
        self.path = path
        self._archive = archive
        self.manifest = self._read_manifest()
        self.receipt = parse_receipt(archive.comment)

    @property
    def backup(self) -> Backup:
        """What is known of it."""
        return Backup(str(self.path), self.path.stat().st_size, self.manifest, self.receipt)

    def portions(self, name: str, key: bytes | None) -> Generator[bytes, None, None]:
        """A part's octets; damage may be told only after the last of them."""
        with damage_told(self.path), self._archive.open(name) as part:
            wanted = self.manifest.contents[name]
            unpacked = iter(lambda: part.read(PORTION), b"") if key is None else unseal(part.read, key, name)
            measure = Measure(unpacked)
            for portion in measure:
                if measure.content.size > wanted.size:
                    raise BadZipFile(name)
                yield portion
            if measure.content != wanted:
                raise BadZipFile(name)

    def _read_manifest(self) -> Manifest:
        with self._archive.open(MANIFEST) as part:
            octets = part.read(_LARGEST_MANIFEST + 1)
        if len(octets) > _LARGEST_MANIFEST:
            raise BadZipFile(MANIFEST)
        manifest = parse_manifest(octets)
        self._check_parts(manifest)
        return manifest

    def _check_parts(self, manifest: Manifest) -> None:
        wanted = [*_PARTS, *([SECRETS_PART] if manifest.is_encrypted else [])]
        if manifest.format > 1:
            # a daily one's attachments lie beside it
            kept = [ATTACHMENTS_PART] if ATTACHMENTS_PART in manifest.contents else []
            wanted += [INDEX_PART, *kept]
        infos = self._archive.infolist()
        names = sorted(info.filename for info in infos)
        if sorted(manifest.contents) != sorted(wanted) or names != sorted([*wanted, MANIFEST]):
            raise BadZipFile("parts")
        if any(info.compress_type not in _METHODS.get(info.filename, _ANY_METHOD) for info in infos):
            raise BadZipFile("method")
        total = sum(part.size for name, part in manifest.contents.items() if name != ATTACHMENTS_PART)
        if total > max(_ALWAYS_FINE, _MOST_SHRUNK * self.path.stat().st_size):
            raise BadZipFile("size")


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a backup to read; raises ``NotFound``, ``BadInput`` (``backup_damaged``, ``backup_newer``)."""
    with damage_told(path):
        try:
            zipped = ZipFile(path)
        except FileNotFoundError as error:
            raise NotFound(ErrorCode.NO_SUCH_FILE, path=str(path)) from error
        except OSError as error:
            raise BadInput(ErrorCode.FILE_UNREADABLE, path=str(path), detail=error.strerror or "") from error
    with zipped:
        with damage_told(path):
            archive = Archive(path, zipped)
        yield archive


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Octets that do not fit become ``BadInput`` (``backup_damaged``, ``backup_newer``)."""
    try:
        yield
    except NewerFormat as error:
        raise BadInput(ErrorCode.BACKUP_NEWER, path=str(path)) from error
    except _DAMAGE as error:
        raise BadInput(ErrorCode.BACKUP_DAMAGED, path=str(path)) from error
    except OSError as error:
        raise BadInput(ErrorCode.FILE_UNREADABLE, path=str(path), detail=error.strerror or "") from error
