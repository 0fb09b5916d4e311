"""No engine, for whatever needs none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_relay.domain.command import Command
from desktop_relay.domain.progress import Progress


class NoEngine:
    """Refuses to do anything; nobody runs and nobody ends."""

    def call(self, command: Command) -> Mapping[str, Any]:
        raise AssertionError(command)

    def find(self, command: Command) -> Mapping[str, Any] | None:
        return None

    def progress(self) -> Progress | None:
        return None

    def stop(self) -> bool:
        return False
