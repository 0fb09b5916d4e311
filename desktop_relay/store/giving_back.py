"""Attachments out of a backup: looked through when it is verified, put in the data directory by a restore.

What still lies where it lay, unchanged, is left there. All else goes into ``attachments`` in the data
directory, in a folder of its own for each content, and templates and campaigns name it there.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile

from desktop_relay.domain.backup import Content
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.store.archive import ATTACHMENTS_PART, INDEX_PART, Archive, damage_told
from desktop_relay.store.attachment_bundle import LARGEST_INDEX, Index, file_name, lies_there, parse_index
from desktop_relay.store.attachment_shelf import shelved
from desktop_relay.store.connection import Database
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.plain import compose_json, parse_texts
from desktop_relay.store.portions import (
    Breathe,
    Measure,
    Portions,
    at_full_speed,
    read_portions,
    read_sized,
    write_portions,
)
from desktop_relay.store.snapshots import compose_snapshot, parse_snapshot

ATTACHMENTS_DIRECTORY = "attachments"
_FOLDER_DIGITS = 16

Take = Callable[[Content, Portions], None]
"""Is handed each content, and reads it to its end."""


def read_index(archive: Archive, key: bytes | None) -> Index:
    """What attachments a backup has; none in an old one. Raises ``BadInput`` (``backup_damaged``)."""
    if INDEX_PART not in archive.manifest.contents:
        return Index((), {})
    with damage_told(archive.path):
        if archive.manifest.contents[INDEX_PART].size > LARGEST_INDEX:
            raise BadZipFile(INDEX_PART)
        return parse_index(b"".join(archive.portions(INDEX_PART, key)))


def look_through(archive: Archive, key: bytes | None, breathe: Breathe) -> tuple[str, ...]:
    """Read all of them to their end, and name those that could not be given back; raises ``BadInput``."""
    index = read_index(archive, key)

    def take(_content: Content, portions: Portions) -> None:
        for _ in portions:
            breathe()

    found = _read(archive, index, key, take)
    return tuple(file_name(path) for path, digest in index.digests.items() if digest not in found)


def give_back(
    archive: Archive, key: bytes | None, ready: Path, directory: Path, breathe: Breathe
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Make ready what does not lie in its place; answers where each will lie, and names what is missing.

    Raises ``BadInput`` (``backup_damaged``), ``StoreUnusable`` (``disk_full``).
    """
    index = read_index(archive, key)
    folder = ready / ATTACHMENTS_DIRECTORY
    contents = {content.sha256: content for content in index.contents}
    absent = {path: contents.get(digest) for path, digest in index.digests.items()}
    absent = {path: content for path, content in absent.items() if not lies_there(path, content)}
    places = {path: _place(path, content) for path, content in absent.items() if content is not None}
    kept = directory.absolute() / ATTACHMENTS_DIRECTORY
    needed = {
        place: content for place, content in places.values() if not lies_there(str(kept / place), content)
    }
    _make_folder(folder, sum(content.size for content in set(needed.values())))

    def take(content: Content, portions: Portions) -> None:
        if content in needed.values():
            write_portions(folder / content.sha256, portions, breathe)
        else:
            for _ in portions:
                breathe()

    found = _read(archive, index, key, take)
    _spread(folder, {place: content for place, content in needed.items() if content.sha256 in found})
    given = {
        path: str(kept / place)
        for path, (place, content) in places.items()
        if place not in needed or content.sha256 in found
    }
    return given, tuple(file_name(path) for path in absent if path not in given)


def name_anew(library: Database, spool: Database, places: Mapping[str, str]) -> None:
    """Let templates and campaigns name the attachments where they lie now."""

    def anew(paths: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(places.get(path, path) for path in paths)

    with library.transaction():
        for name, text in library.rows("SELECT name, attachments FROM templates"):
            paths = compose_json(anew(parse_texts(text)))
            library.execute("UPDATE templates SET attachments = ? WHERE name = ?", [paths, name])
    with spool.transaction():
        for number, text in spool.rows("SELECT id, snapshot FROM campaigns"):
            snapshot = parse_snapshot(text)
            template = replace(snapshot.template, attachments=anew(snapshot.template.attachments))
            if template != snapshot.template:
                kept = compose_snapshot(replace(snapshot, template=template))
                spool.execute("UPDATE campaigns SET snapshot = ? WHERE id = ?", [kept, number])


def _read(archive: Archive, index: Index, key: bytes | None, take: Take) -> set[str]:
    """Hand out every content that is there; the digests of those that were whole.

    In the file itself all of them have to be, or it is damaged; beside it some may be gone.
    """
    if ATTACHMENTS_PART in archive.manifest.contents:
        with damage_told(archive.path), closing(archive.portions(ATTACHMENTS_PART, key)) as portions:
            _split(portions, index, take)
        return {content.sha256 for content in index.contents}
    found = set()
    for content in index.contents:
        place = shelved(archive.path, content)
        if lies_there(str(place), content):
            measure = Measure(read_sized(place, content.size, at_full_speed))
            take(content, measure)
            if measure.content == content:
                found.add(content.sha256)
    return found


def _split(portions: Iterator[bytes], index: Index, take: Take) -> None:
    """The contents lie one behind the other; raises ``BadZipFile`` where they do not fit the index."""
    held = b""

    def one(left: int) -> Iterator[bytes]:
        nonlocal held
        while left:
            held = held or next(portions, b"")
            if not held:
                raise BadZipFile(ATTACHMENTS_PART)
            portion, held = held[:left], held[left:]
            left -= len(portion)
            yield portion

    for content in index.contents:
        measure = Measure(one(content.size))
        take(content, measure)
        if measure.content != content:
            raise BadZipFile(ATTACHMENTS_PART)
    if held or any(portions):
        raise BadZipFile(ATTACHMENTS_PART)


def _place(path: str, content: Content) -> tuple[str, Content]:
    return f"{content.sha256[:_FOLDER_DIGITS]}/{file_name(path)}", content


def _make_folder(folder: Path, octets: int) -> None:
    try:
        folder.mkdir(mode=0o700)
        if octets > shutil.disk_usage(folder).free:
            raise StoreUnusable(ErrorCode.DISK_FULL, path=str(folder), detail="")
    except OSError as error:
        raise_told_by_system(error, folder)


def _spread(folder: Path, needed: Mapping[str, Content]) -> None:
    """Each content under every name that it has, and what was not whole taken away."""
    homes: dict[Content, Path] = {}
    try:
        for place, content in needed.items():
            target = folder / place
            target.parent.mkdir(mode=0o700, exist_ok=True)
            if content in homes:
                write_portions(target, read_portions(homes[content], at_full_speed), at_full_speed)
            else:
                homes[content] = (folder / content.sha256).replace(target)
        for left in folder.iterdir():
            if left.is_file():
                left.unlink()
    except OSError as error:
        raise_told_by_system(error, folder)
