"""Octets in portions, so that no file is held in memory and whoever works may rest in between."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from desktop_relay.domain.backup import Content
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.sealing import PORTION

Breathe = Callable[[], None]
"""Called between portions of the work; it may sleep, and end the work by raising."""

Portions = Iterable[bytes]


def at_full_speed() -> None:
    """A ``Breathe`` that does nothing."""


class Measure:
    """Passes portions on, and knows afterwards what they were."""

    def __init__(self, portions: Portions) -> None:
        self._portions = portions
        self._digest = hashlib.sha256()
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        for portion in self._portions:
            self._digest.update(portion)
            self._size += len(portion)
            yield portion

    @property
    def content(self) -> Content:
        """As far as they were passed on."""
        return Content(self._size, self._digest.hexdigest())


def read_portions(path: Path, breathe: Breathe) -> Iterator[bytes]:
    """A file's octets; raises ``OSError``."""
    with path.open("rb") as file:
        while portion := file.read(PORTION):
            yield portion
            breathe()


def read_sized(path: Path, size: int, breathe: Breathe) -> Iterator[bytes]:
    """The octets of a file that others may write: no more than one beyond ``size``, which tells that it grew.

    Raises ``OSError``.
    """
    left = size + 1
    with path.open("rb") as file:
        while portion := file.read(min(PORTION, left)):
            left -= len(portion)
            yield portion
            breathe()


def measure_file(path: Path, size: int, breathe: Breathe) -> Content:
    """What a file of that size holds; of another size when it changed. Raises ``OSError``."""
    measure = Measure(read_sized(path, size, breathe))
    for _ in measure:
        pass
    return measure.content


def write_portions(path: Path, portions: Portions, breathe: Breathe) -> None:
    """Write a new file (0600); raises ``StoreUnusable``, and what the portions raise."""
    try:
        path.touch(mode=0o600)
        with path.open("wb") as file:
            for portion in portions:
                file.write(portion)
                breathe()
    except OSError as error:
        raise_told_by_system(error, path)
