"""Files that people give us, read and written with one clear error each."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound

LARGEST_TABLE = 512 * 1024 * 1024  # octets
LARGEST_TEXT_FILE = 5 * 1024 * 1024
_ENCODINGS = ("utf-8-sig", "cp932")


def read_file(path: Path, *, largest: int) -> bytes:
    """The octets of a file; raises ``NotFound`` or ``BadInput``."""
    try:
        with path.open("rb") as stream:
            content = stream.read(largest + 1)  # a device has no size, and does not end
    except FileNotFoundError as error:
        raise NotFound(ErrorCode.NO_SUCH_FILE, path=str(path)) from error
    except OSError as error:
        raise BadInput(ErrorCode.FILE_UNREADABLE, path=str(path), detail=error.strerror or "") from error
    if len(content) > largest:
        raise BadInput(ErrorCode.FILE_TOO_LARGE, path=str(path))
    return content


def read_text_file(path: Path) -> str:
    """The text of a UTF-8 or CP932 file; raises ``NotFound`` or ``BadInput``."""
    content = read_file(path, largest=LARGEST_TEXT_FILE)
    if not content.strip():
        raise BadInput(ErrorCode.FILE_EMPTY, path=str(path))
    if b"\0" not in content:
        for encoding in _ENCODINGS:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise BadInput(ErrorCode.FILE_NOT_TEXT, path=str(path))


def write_file(path: Path, content: bytes) -> None:
    """Write whole or not at all; raises ``BadInput`` (``file_unwritable``)."""
    try:
        target = path.resolve()  # a link stays a link
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:  # a device or a pipe cannot be put in place of itself
                stream.write(content)
        else:
            _replace(target, content)
    except OSError as error:
        raise BadInput(ErrorCode.FILE_UNWRITABLE, path=str(path), detail=error.strerror or "") from error


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".desktop-relay-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
