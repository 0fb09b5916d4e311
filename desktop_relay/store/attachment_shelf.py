"""The attachments of the daily backups: each content once in a folder beside them, however many name it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from desktop_relay.domain.backup import Content
from desktop_relay.store.attachment_bundle import Index, lies_there, sources_of
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.portions import Breathe, Measure, read_sized, write_portions

SHELF_DIRECTORY = "desktop-relay-attachments"
_OURS = re.compile(r"[0-9a-f]{64}|\.[0-9a-f]{64}\.\d+")  # a content, or what a killed program left of one
_LEFT_SECONDS = 86_400.0
"""So long one stays that no backup names: another computer may be about to finish the one that does."""


def shelved(archive: Path, content: Content) -> Path:
    """Where a content lies for a backup file."""
    return archive.parent / SHELF_DIRECTORY / content.sha256


def shelve(target: Path, found: Mapping[str, Content | None], breathe: Breathe) -> Index:
    """Put beside ``target`` what is not there yet; raises ``StoreUnusable`` when that cannot be written."""
    kept = set()
    for content, source in sources_of(found).items():
        place = shelved(target, content)
        with suppress(_Gone):
            if not _is_shelved(place, content):
                _write(place, source, content, breathe)
            kept.add(content)
        breathe()
    digests = {path: content.sha256 if content in kept else "" for path, content in found.items()}
    return Index(tuple(sorted(kept, key=lambda content: content.sha256)), digests)


def clear_shelf(folder: Path, named: Iterable[str], now: float) -> None:
    """Take away what no backup of the folder names any more, a day after it was last wanted. Never raises.

    ``now`` is the time in seconds since 1970, as files have it.
    """
    kept = set(named)
    with suppress(OSError):
        for path in (folder / SHELF_DIRECTORY).iterdir():
            is_wanted = path.name in kept or not _OURS.fullmatch(path.name)  # nobody else's file goes
            if not is_wanted and now - path.stat().st_mtime > _LEFT_SECONDS:
                path.unlink()


class _Gone(Exception):
    """The attachment changed, or cannot be read any more."""


def _is_shelved(place: Path, content: Content) -> bool:
    if not lies_there(str(place), content):
        return False
    with suppress(OSError):
        os.utime(place)
    return True


def _write(place: Path, source: Path, content: Content, breathe: Breathe) -> None:
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    measure = Measure(_of_source(source, content.size, breathe))
    try:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            write_portions(draft, measure, breathe)
            if measure.content != content:
                raise _Gone
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise_told_by_system(error, place)


def _of_source(source: Path, size: int, breathe: Breathe) -> Iterator[bytes]:
    try:
        yield from read_sized(source, size, breathe)
    except OSError as error:
        raise _Gone from error
