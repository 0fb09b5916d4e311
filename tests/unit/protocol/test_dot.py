"""Dots: what a receiver keeps is what was sent, and nobody sees an end before the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.protocol.dot import stuff_dots
from tests.fakes.smtp_receiver import LENIENT_ENDS, lenient_ends, receive


def normal(content: bytes) -> bytes:
    """Line by line, not by pattern: the oracle must not share the code's method."""
    out, previous = bytearray(), None
    for octet in content.replace(b"\0", b""):
        if octet == 0x0A and previous == 0x0D:
            previous = octet
            continue
        out += b"\r\n" if octet in (0x0D, 0x0A) else bytes([octet])
        previous = octet
    return bytes(out) if out.endswith(b"\r\n") else bytes(out) + b"\r\n"


@pytest.mark.parametrize(
    ("content", "wire"),
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"..\r\nb", b"...\r\nb\r\n.\r\n"),
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r\n\r\n.b\r\n", b"a\r\n\r\n..b\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n.\r\n"),
    ],
)
def test_stuffing(content: bytes, wire: bytes) -> None:
    assert stuff_dots(content) == wire


pieces = st.one_of(
    st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"\0", b"x", b"\r\n.", *LENIENT_ENDS]),
    st.binary(max_size=5),
)
hostile = st.lists(pieces, max_size=30).map(b"".join)


@given(hostile)
def test_a_strict_receiver_keeps_all_of_it_and_nothing_is_left_over(content: bytes) -> None:
    kept, rest = receive(stuff_dots(content))
    assert rest == b""
    assert kept == normal(content)


@given(hostile)
def test_no_bare_line_end_and_no_nul_leaves(content: bytes) -> None:
    wire = stuff_dots(content)
    assert b"\0" not in wire
    bare = wire.replace(b"\r\n", b"")
    assert b"\r" not in bare
    assert b"\n" not in bare
    assert wire.endswith(b"\r\n.\r\n")


@pytest.mark.parametrize("end", LENIENT_ENDS)
@pytest.mark.parametrize("around", [(b"a", b"b"), (b"a\r\n", b"\r\nb"), (b"", b""), (b"\r", b"\n")])
def test_smuggling(end: bytes, around: tuple[bytes, bytes]) -> None:
    smuggled = around[0] + end + around[1] + b"MAIL FROM:<evil@example>\r\n"
    assert lenient_ends(stuff_dots(smuggled)) == []


@given(hostile)
def test_no_lenient_receiver_sees_an_early_end(content: bytes) -> None:
    assert lenient_ends(stuff_dots(content)) == []


def test_the_check_itself_sees_smuggling() -> None:
    assert lenient_ends(b"a\n.\nb\r\n.\r\n") != []
