"""Where the engine of a data directory listens: a Unix socket in a 0700 directory, or a named pipe."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path

_LONGEST_PATH = 100  # octets; the system's limit for a socket's path is 104 on macOS and 108 on Linux
_SHARED = "/tmp"


def endpoint_of(directory: Path) -> str:
    """The address of the engine of ``directory``.

    It depends on nothing but the directory: a scheduled job and a desktop session, whose environments
    differ, must find the same engine.
    """
    place = directory.resolve()
    name = hashlib.blake2b(str(place).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    if sys.platform == "win32":
        return rf"\\.\pipe\desktop-relay-{name}"
    near = place / "run" / "engine.sock"
    if len(os.fsencode(near)) <= _LONGEST_PATH:
        return str(near)
    return str(Path(_SHARED) / f"desktop-relay-{os.getuid()}" / f"{name}.sock")


def prepare_endpoint(endpoint: str) -> None:
    """Make the socket's directory for its owner alone and take away a dead engine's socket.

    Raises ``PermissionError`` when somebody else owns the directory.
    """
    if sys.platform == "win32":
        return
    path = Path(endpoint)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not is_own(endpoint):
        raise PermissionError(f"{path.parent} belongs to another user")
    if path.parent.stat().st_mode & 0o077:
        path.parent.chmod(0o700)
    path.unlink(missing_ok=True)


def is_own(endpoint: str) -> bool:
    """Whether the socket's directory is the user's own; what another one put there is not spoken to."""
    if sys.platform == "win32":
        return True
    try:
        return Path(endpoint).parent.lstat().st_uid == os.getuid()
    except OSError:
        return False


def inode_of(endpoint: str) -> int:
    """Tells a socket from one that another process puts in its place; 0 for none, and for a pipe."""
    try:
        return 0 if sys.platform == "win32" else Path(endpoint).stat().st_ino
    except OSError:
        return 0


def forget_endpoint(endpoint: str, inode: int) -> None:
    """Take the socket away, if it is still that one: by now another engine may serve other data there."""
    if inode and inode_of(endpoint) == inode:
        with contextlib.suppress(OSError):
            Path(endpoint).unlink()
