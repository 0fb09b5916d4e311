"""Where the engine of a data directory listens: a Unix socket in a 0700 directory, or a named pipe."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path


def endpoint_of(directory: Path) -> str:
    """The address of the engine of ``directory``; short, as a socket's path must be."""
    name = hashlib.blake2b(str(directory.resolve()).encode(), digest_size=8).hexdigest()
    if sys.platform == "win32":
        return rf"\\.\pipe\desktop-relay-{name}"
    return str(_socket_directory() / f"{name}.sock")


def _socket_directory() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    base = (
        Path(runtime) / "desktop-relay"
        if runtime
        else Path(tempfile.gettempdir()) / f"desktop-relay-{_uid()}"
    )
    return base


def _uid() -> int:
    return os.getuid() if sys.platform != "win32" else 0


def prepare_endpoint(endpoint: str) -> None:
    """Make the socket's directory for its owner alone and take away a dead engine's socket.

    Raises ``PermissionError`` when somebody else owns the directory.
    """
    if sys.platform == "win32":
        return
    path = Path(endpoint)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.parent.stat()
    if status.st_uid != _uid():
        raise PermissionError(f"{path.parent} belongs to another user")
    if status.st_mode & 0o077:
        path.parent.chmod(0o700)
    path.unlink(missing_ok=True)
