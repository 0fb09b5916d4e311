"""Whatever pieces the octets of frames come in, the frames are the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.engine.frames import FrameReader, compose_frame

VALUES = (
    st.none() | st.integers() | st.text(max_size=40) | st.lists(st.tuples(st.text(max_size=5), st.integers()))
)
FRAMES = st.lists(st.tuples(VALUES, st.lists(st.binary(max_size=300), max_size=4)), max_size=8)


def read(octets: bytes, steps: Iterator[int]) -> list[tuple[Any, bytes]]:
    """What a reader makes of ``octets`` that come in pieces of such sizes."""
    reader = FrameReader()
    found: list[tuple[Any, bytes]] = []
    while octets:
        room = reader.room()
        assert len(room) > 0
        count = min(next(steps), len(room), len(octets))
        room[:count] = octets[:count]
        octets = octets[count:]
        found += [(value, bytes(contents)) for value, contents in reader.filled(count)]
    return found


def whole(frames: list[tuple[Any, list[bytes]]]) -> bytes:
    return b"".join(piece for frame in frames for piece in compose_frame(*frame))


@given(FRAMES, st.lists(st.integers(1, 400), min_size=1, max_size=10))
def test_frames_come_whole_and_in_order(frames: list[tuple[Any, list[bytes]]], steps: list[int]) -> None:
    expected = [(value, b"".join(contents)) for value, contents in frames]
    assert read(whole(frames), cycle(steps)) == expected


@pytest.mark.parametrize("step", [70_000, 1 << 20, 1 << 22])
def test_a_frame_may_be_larger_than_the_room(step: int) -> None:
    frames: list[tuple[Any, list[bytes]]] = [(1, [b"a" * 10]), (2, [b"b" * 3_000_000]), (3, []), (4, [b"c"])]
    found = read(whole(frames), cycle([step]))
    assert [value for value, _ in found] == [1, 2, 3, 4]
    assert [len(contents) for _, contents in found] == [10, 3_000_000, 0, 1]
