"""What crosses between the engine and its helpers: values, with the contents of messages behind them."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterator, Sequence
from typing import Any

_HEAD = struct.Struct("!II")
"""Octets of the pickle, and of the contents behind it: those are large, and a pickle would copy them."""

_ROOM = 1 << 20


def compose_frame(value: object, contents: Sequence[bytes] = ()) -> list[bytes]:
    """A frame in pieces, to be sent one behind the other."""
    pickled = pickle.dumps(value)
    return [_HEAD.pack(len(pickled), sum(map(len, contents))), pickled, *contents]


class FrameReader:
    """Puts frames together from octets as they come: read into ``room()``, then take what is ``filled``."""

    def __init__(self) -> None:
        self._room = bytearray(_ROOM)
        self._held = 0

    def room(self) -> memoryview:
        """Where the next octets go, never empty: behind those that wait for the rest of their frame."""
        return memoryview(self._room)[self._held :]

    def filled(self, count: int) -> Iterator[tuple[Any, memoryview]]:
        """So many octets came; each whole frame's value and contents, which last until the next is taken."""
        self._held += count
        start = 0
        while (end := self._end_of(start)) <= self._held:
            pickled, _ = _HEAD.unpack_from(self._room, start)
            contents = start + _HEAD.size + pickled
            with memoryview(self._room) as room, room[contents:end] as behind:
                yield pickle.loads(room[start + _HEAD.size : contents]), behind
            start = end
        self._move(start, end - start)

    def _end_of(self, start: int) -> int:
        """Where the frame that begins at ``start`` ends, as far as that is known."""
        end = start + _HEAD.size
        return end + sum(_HEAD.unpack_from(self._room, start)) if end <= self._held else end

    def _move(self, start: int, needed: int) -> None:
        """What lies from ``start`` on goes to the front, where there is room for ``needed``."""
        if start == 0 and needed <= len(self._room):
            return
        rest = self._room[start : self._held]
        if needed > len(self._room):
            self._room = bytearray(needed)
        self._room[: len(rest)] = rest
        self._held = len(rest)
