"""The refresh token of one account, which the engine and a test of the route use in turn."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_relay.domain.errors import RelayError
from desktop_relay.store.database import open_library
from desktop_relay.store.lock import lock_file
from desktop_relay.store.vault import Vault, sign_in_name

PATIENCE_SECONDS = 40.0
"""So long one waits for one's turn: a little longer than a provider may take to answer."""

_LOOK_SECONDS = 0.05

log = logging.getLogger(__name__)


class KeptSignIn:
    """Blocks, and raises nothing: what cannot be read or kept is told in the log.

    A provider may take a refresh token once only, and withdraw all of them from who uses one twice
    (RFC 9700 4.14.2). So it is read, used and replaced in one turn, between processes too.
    """

    def __init__(self, directory: Path, vault: Vault, route: str) -> None:
        self._directory = directory
        self._vault = vault
        self._name = sign_in_name(route)
        mark = hashlib.sha256(route.encode()).hexdigest()[:12]
        self._lock = directory / f"sign-in-{mark}.lock"

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Meanwhile nobody else uses it; the operating system's lock ends with the process."""
        try:
            file = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            log.warning("no turn at a sign-in: %s", error)
            yield
            return
        try:
            self._wait(file)
            yield
        finally:
            os.close(file)  # closing ends the lock

    def load(self) -> str | None:
        """The refresh token as it is kept now."""
        try:
            with open_library(self._directory) as library:
                return self._vault.get(library, self._name)
        except RelayError as error:
            log.warning("a refresh token cannot be read: %s", error.code)
            return None

    def replace(self, used: str, renewed: str) -> None:
        """Keep ``renewed``, unless the person signed in anew or out meanwhile."""
        try:
            with open_library(self._directory) as library, library.transaction():
                if self._vault.get(library, self._name) == used:
                    self._vault.put(library, self._name, renewed)
        except RelayError as error:
            log.warning("a new refresh token could not be kept: %s", error.code)

    def _wait(self, file: int) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                lock_file(file)
            except OSError:
                if time.monotonic() >= until:
                    log.warning("a turn at a sign-in takes too long")
                    return
                time.sleep(_LOOK_SECONDS)
            else:
                return
