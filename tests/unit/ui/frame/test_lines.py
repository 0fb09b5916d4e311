from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.lines import Lines


@given(st.lists(st.binary(max_size=6).map(lambda octets: octets.replace(b"\r", b"\n"))))
def test_where_the_pieces_are_cut_changes_nothing(pieces: list[bytes]) -> None:
    lines = Lines()
    given_lines = [line for piece in pieces for line in lines.take(piece)]
    *ended, rest = b"".join(pieces).split(b"\n")
    assert given_lines == ended
    assert lines.waiting == len(rest)


class Piece(bytes):
    """Counts the octets that are looked through."""

    looked = 0

    def split(self, *arguments: object) -> list[bytes]:  # type: ignore[override]
        Piece.looked += len(self)
        parts = bytes(self).split(*arguments)  # type: ignore[arg-type]
        return [Piece(part) for part in parts]


def test_a_long_line_is_looked_through_once() -> None:
    lines = Lines()
    for _ in range(500):
        assert lines.take(Piece(b"x" * 100)) == []
    assert lines.take(Piece(b"y\nz")) == [b"x" * 50_000 + b"y"]
    assert lines.take(Piece(b"\n")) == [b"z"]
    assert Piece.looked == 50_004
