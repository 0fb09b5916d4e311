"""Lines out of what a socket gives in pieces."""

from __future__ import annotations


class Lines:
    """Every octet is looked at once, in the piece it came with: a long line may come in a thousand pieces."""

    def __init__(self) -> None:
        self._begun: list[bytes] = []
        self.waiting = 0
        """Octets of the line that has not ended yet."""

    def take(self, piece: bytes) -> list[bytes]:
        """The lines that end within the piece, without their line feeds."""
        *ended, rest = piece.split(b"\n")
        if ended:
            ended[0] = b"".join((*self._begun, ended[0]))
            self.clear()
        self._begun.append(rest)
        self.waiting += len(rest)
        return ended

    def clear(self) -> None:
        """Forget the line that has not ended yet."""
        self._begun.clear()
        self.waiting = 0
