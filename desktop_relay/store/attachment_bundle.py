"""The attachments of a backup: each content once, one behind the other, and an index that tells them apart.

What templates and campaigns that are not over name goes in. A file that is gone or larger than any mail may
be is left out and named, and so is one that changes while it is read: a backup never fails for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from stat import S_ISREG
from typing import Any

from desktop_relay.domain.backup import Content
from desktop_relay.domain.campaign import CampaignState
from desktop_relay.store.connection import Database
from desktop_relay.store.plain import compose_json, parse_object, parse_texts
from desktop_relay.store.portions import (
    Breathe,
    Measure,
    Portions,
    at_full_speed,
    measure_file,
    read_sized,
)

LARGEST = 50 << 20
"""Octets of one attachment; twice what the most generous mail service takes."""

LARGEST_INDEX = 16 << 20
_OVER = (CampaignState.FINISHED, CampaignState.CANCELLED)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')  # in a name, on one system or another
_LONGEST_NAME = 200
_LONGEST_SUFFIX = 20


@dataclass(frozen=True, slots=True)
class Index:
    """``contents`` in the order in which they lie; ``digests`` by path, ``""`` for one that was left out."""

    contents: tuple[Content, ...]
    digests: Mapping[str, str]


class Bundle:
    """Attachments on their way into a backup; the index is what was read, so ``portions`` come first."""

    def __init__(self, found: Mapping[str, Content | None], breathe: Breathe) -> None:
        self._found = found
        self._breathe = breathe
        self._sources = sources_of(found)
        self._read: dict[Content, Content] = {}

    def portions(self) -> Iterator[bytes]:
        """Every content, one behind the other."""
        for wanted, path in self._sources.items():
            measure = Measure(_until_gone(read_sized(path, wanted.size, self._breathe)))
            yield from measure
            self._read[wanted] = measure.content

    def index(self) -> Index:
        """What was read; what came out otherwise than it was found is half a file, and counts as left out."""
        digests = {
            path: content.sha256 if content is not None and self._read[content] == content else ""
            for path, content in self._found.items()
        }
        return Index(tuple(self._read.values()), digests)


def find_attachments(library: Database, spool: Database) -> set[str]:
    """The paths that templates and campaigns that are not over name."""
    lists = [row[0] for row in library.rows("SELECT attachments FROM templates")]
    found = {path for text in lists for path in parse_texts(text)}
    campaigns = spool.rows("SELECT snapshot FROM campaigns WHERE state NOT IN (?, ?)", list(_OVER))
    return found.union(*(parse_object(text)["template"]["attachments"] for (text,) in campaigns))


def measure_attachments(paths: Iterable[str], breathe: Breathe) -> dict[str, Content | None]:
    """What each holds; ``None`` for one that cannot go in."""
    return {path: _measure(Path(path), breathe) for path in sorted(paths)}


def _measure(path: Path, breathe: Breathe) -> Content | None:
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode) or found.st_size > LARGEST:
            return None
        content = measure_file(path, found.st_size, breathe)
    except (OSError, ValueError):  # a path of another system may be none here
        return None
    return content if content.size == found.st_size else None


def sources_of(found: Mapping[str, Content | None]) -> dict[Content, Path]:
    """Each content once, with a file that holds it."""
    return {content: Path(path) for path, content in found.items() if content is not None}


def octets_of(found: Mapping[str, Content | None]) -> int:
    """What all of them take, each content once."""
    return sum(content.size for content in sources_of(found))


def lies_there(path: str, content: Content | None) -> bool:
    """Whether this very content is in its place; any file, where it is not known what it held."""
    try:
        there = Path(path)
        found = there.stat()
        if content is None or not S_ISREG(found.st_mode) or found.st_size != content.size:
            return content is None and S_ISREG(found.st_mode)
        return measure_file(there, content.size, at_full_speed) == content
    except (OSError, ValueError):
        return False


def compose_index(index: Index) -> bytes:
    """The JSON text."""
    contents = [[content.size, content.sha256] for content in index.contents]
    return compose_json({"contents": contents, "paths": dict(index.digests)}).encode()


def parse_index(octets: bytes) -> Index:
    """The index of its JSON text; raises ``ValueError`` for one that does not fit."""
    try:
        plain = json.loads(octets)
        contents = tuple(_content(*each) for each in plain["contents"])
        digests = dict(plain["paths"])
    except (LookupError, TypeError) as error:
        raise ValueError("index") from error
    known = {"", *(content.sha256 for content in contents)}
    if any(type(digest) is not str or digest not in known for digest in digests.values()):
        raise ValueError("paths")
    return Index(contents, digests)


def _content(size: Any, sha256: Any) -> Content:
    if type(size) is not int or size < 0 or type(sha256) is not str or not _DIGEST.fullmatch(sha256):
        raise ValueError(sha256)
    return Content(size, sha256)


def file_name(path: str) -> str:
    """The name of the file at a path of whatever system, fit for any."""
    of_windows = PureWindowsPath(path)
    name = of_windows.name if of_windows.drive else PurePosixPath(path).name
    name = _UNFIT.sub("_", name).strip(". ")
    suffix = PurePosixPath(name).suffix[:_LONGEST_SUFFIX]
    stem = PurePosixPath(name).stem
    while len(f"{stem}{suffix}".encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem}{suffix}" or "_"


def _until_gone(portions: Portions) -> Iterator[bytes]:
    """A file that goes while it is read ends there."""
    try:
        yield from portions
    except OSError:
        return
