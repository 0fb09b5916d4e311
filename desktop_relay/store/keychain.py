"""The operating system's keychain, asked with a time limit and only where it is a real one."""

from __future__ import annotations

import importlib
import os
import queue
import threading
from collections.abc import Callable
from typing import Any

SWITCH = "DESKTOP_RELAY_KEYCHAIN"
"""Environment variable; ``off`` keeps the program away from the keychain."""

TIMEOUT_SECONDS = 5.0  # a locked keychain may be waiting for a person in front of another screen

# By class: with keyrings.alt installed, keyring would choose a plain-text file by itself.
REAL_BACKENDS = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.macOS.Keyring",
    }
)
_SERVICE = "Desktop Relay"


class Keychain:
    """Where the one key of the vault lies, if the desktop offers such a place.

    ``backends`` answers the candidates; after the first failure the keychain is not asked again.
    """

    def __init__(
        self, backends: Callable[[], list[Any]] | None = None, *, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._backends = backends or _installed_backends
        self._timeout_seconds = timeout_seconds
        self._usable = os.environ.get(SWITCH, "").lower() != "off"

    def load(self, name: str) -> str | None:
        """What is kept under ``name``; ``None`` without it or without a keychain."""
        return self._ask(lambda backend: backend.get_password(_SERVICE, name))

    def save(self, name: str, text: str) -> bool:
        """Keep ``text``; answers whether the keychain took it, which is proved by reading it back."""

        def write_and_read(backend: Any) -> str | None:
            backend.set_password(_SERVICE, name, text)
            kept: str | None = backend.get_password(_SERVICE, name)
            return kept

        return self._ask(write_and_read) == text

    def _ask(self, question: Callable[[Any], str | None]) -> str | None:
        if not self._usable:
            return None
        answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()

        def work() -> None:
            try:
                backend = choose_backend(self._backends())
                self._usable = backend is not None
                answers.put(question(backend) if backend is not None else None)
            except Exception:  # noqa: BLE001 — process boundary: another program's errors, of any class
                self._usable = False
                answers.put(None)

        # a daemon: one that hangs must not keep the program from ending
        threading.Thread(target=work, name="keychain", daemon=True).start()
        try:
            return answers.get(timeout=self._timeout_seconds)
        except queue.Empty:
            self._usable = False
            return None


def choose_backend(candidates: list[Any]) -> Any | None:
    """The best of the real keychains."""
    real = [backend for backend in candidates if _class_of(backend) in REAL_BACKENDS]
    return max(real, key=_priority, default=None)


def _class_of(backend: Any) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _priority(backend: Any) -> float:
    return float(backend.priority)


def _installed_backends() -> list[Any]:
    # loaded on first use, in the worker: importing it asks the bus and every installed package
    found: list[Any] = importlib.import_module("keyring.backend").get_all_keyring()
    return found
