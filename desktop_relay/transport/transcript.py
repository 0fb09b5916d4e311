"""The dialogue as lines for people: ``> `` what we said, ``< `` what we heard, ``* `` what happened."""

from __future__ import annotations

from desktop_relay.domain.reply import Reply


class Transcript:
    """Collects lines; a transcript that is not kept costs nothing. Never give it a secret."""

    __slots__ = ("_kept", "_lines")

    def __init__(self, *, kept: bool = True, start: tuple[str, ...] = ()) -> None:
        self._kept = kept
        self._lines: list[str] = list(start) if kept else []

    def said(self, commands: bytes) -> None:
        """Command lines that went out."""
        if self._kept:
            text = commands.decode("utf-8", "replace")
            self._lines.extend(f"> {line}" for line in text.split("\r\n") if line)

    def said_octets(self, count: int) -> None:
        """A message body went out; its content stays out of the transcript."""
        if self._kept:
            self._lines.append(f"> ({count} octets)")

    def heard(self, reply: Reply) -> None:
        """A reply that came in."""
        if not self._kept:
            return
        status = f"{reply.enhanced} " if reply.enhanced else ""
        texts = reply.lines or ("",)
        for number, text in enumerate(texts, start=1):
            mark = " " if number == len(texts) else "-"
            self._lines.append(f"< {reply.code}{mark}{status}{text}".rstrip())

    def noted(self, text: str) -> None:
        """Something that happened beside the words."""
        if self._kept:
            self._lines.append(f"* {text}")

    def lines(self) -> tuple[str, ...]:
        """All lines so far."""
        return tuple(self._lines)
