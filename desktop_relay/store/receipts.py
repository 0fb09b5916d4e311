"""What is written on a file for moving when it is restored, so that it goes on by itself only once.

It stands behind the zip as the archive's comment, in plain JSON, where one small write puts it: a file is
never half marked.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from desktop_relay.domain.backup import Receipt
from desktop_relay.store.plain import compose_json
from desktop_relay.store.times import from_ms, to_ms_or_none

_MARK = b"restored"
_END = b"PK\x05\x06"  # the end record: 22 octets, the last two of which are the length of the comment
_END_OCTETS = 22
_NONE = b"\0\0"
_LONGEST_NAME = 64


def parse_receipt(comment: bytes) -> Receipt | None:
    """The receipt in a comment, if it is one; of early versions it is a bare mark."""
    if not comment.startswith(_MARK):
        return None
    try:
        plain = json.loads(comment.removeprefix(_MARK))
        return Receipt(from_ms(int(plain["at"])), str(plain["computer"])[:_LONGEST_NAME])
    except (ValueError, LookupError, TypeError, OverflowError):
        return Receipt()


def write_receipt(path: Path, receipt: Receipt) -> bool:
    """Put it on a file that has none; answers whether it stands there for whoever comes next."""
    try:
        with path.open("r+b", buffering=0) as file:
            file.seek(-_END_OCTETS, os.SEEK_END)
            end = file.read(_END_OCTETS)
            if not end.startswith(_END) or not end.endswith(_NONE):
                return False
            file.seek(-len(_NONE), os.SEEK_END)
            file.write(_compose(receipt))
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def withdraw_receipt(path: Path, receipt: Receipt) -> None:
    """Take this very one off again: what it told of did not happen. One that stays only makes it ask."""
    written = _compose(receipt)
    with suppress(OSError), path.open("r+b", buffering=0) as file:
        file.seek(-len(written), os.SEEK_END)
        if file.read(len(written)) == written:
            start = file.seek(-len(written), os.SEEK_END)
            file.write(_NONE)
            file.truncate(start + len(_NONE))


def _compose(receipt: Receipt) -> bytes:
    """The comment with its length, as they stand at the very end of the file."""
    plain = {"at": to_ms_or_none(receipt.at), "computer": receipt.computer[:_LONGEST_NAME]}
    comment = _MARK + compose_json(plain).encode("utf-8", "replace")
    return len(comment).to_bytes(2, "little") + comment
