"""The log of what the practice carriers really took: one JSON line for each message and recipient."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_MESSAGE_ID = re.compile(rb"^message-id:[ \t\r\n]*([^\r\n]+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SandboxMail:
    """One message taken for one recipient; ``time`` is ISO 8601 UTC, ``size`` octets without dot-stuffing."""

    time: str
    carrier: str
    message_id: str
    rcpt: str
    mail_from: str
    size: int
    sha256: str


class SandboxLog:
    """Appends to the log; a line is in the system's hands before ``record`` returns."""

    def __init__(self, path: Path, *, keep_messages: Path | None = None, keep_at_most: int = 1000) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.count, torn = _look_through(path)
        self._keep = keep_messages
        self._keep_at_most = keep_at_most
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        if torn:
            os.write(self._file, b"\n")
        if keep_messages is not None:
            keep_messages.mkdir(mode=0o700, parents=True, exist_ok=True)

    def record(self, mails: Sequence[SandboxMail], content: bytes) -> None:
        """Append one message; raises ``OSError`` when it cannot be kept, and then it is not taken."""
        lines = b"".join(json.dumps(asdict(mail), ensure_ascii=False).encode() + b"\n" for mail in mails)
        if os.write(self._file, lines) != len(lines):
            raise OSError("the log was cut short")
        for _ in mails:
            self.count += 1
            self._keep_message(content)

    def close(self) -> None:
        """No more messages."""
        os.close(self._file)

    def _keep_message(self, content: bytes) -> None:
        if self._keep is None:
            return
        (self._keep / _file_name(self.count)).write_bytes(content)
        with contextlib.suppress(FileNotFoundError):
            (self._keep / _file_name(self.count - self._keep_at_most)).unlink()


def load_sandbox_log(path: Path) -> list[SandboxMail]:
    """All messages taken so far, oldest first; none when there is no log. A line cut short is left out."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return list(_parse_lines(lines))


def _look_through(path: Path) -> tuple[int, bool]:
    """How many messages a log has, which may be millions, and whether its last line was cut short."""
    number, line = 0, b"\n"
    with contextlib.suppress(FileNotFoundError), path.open("rb") as stream:
        for line in stream:
            number += line.endswith(b"}\n")
    return number, not line.endswith(b"\n")


def message_id_of(content: bytes) -> str:
    """The Message-ID in the header, or an empty text."""
    header = content.partition(b"\r\n\r\n")[0]
    found = _MESSAGE_ID.search(header)
    return found[1].strip().decode("utf-8", "replace") if found else ""


def _parse_lines(lines: Iterable[bytes]) -> Iterable[SandboxMail]:
    for line in lines:
        try:
            yield SandboxMail(**json.loads(line))
        except (ValueError, TypeError):
            continue


def _file_name(number: int) -> str:
    return f"{number:08d}.eml"
