"""What every page is given: the workspace, the engine, tasks, language, the hub of changes and the line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.errors import RelayError
from resources.phrases import phrase

from ui.engine_client import EngineClient
from ui.memory import Memory
from ui.metered_line import MeteredLine
from ui.tasks import Tasks

if TYPE_CHECKING:
    from desktop_relay.operations.workspace import Workspace


class ChangeHub(QObject):
    """``changed(Changes)``: something of the library changed; every view decides whether it re-reads."""

    changed = Signal(object)


@dataclass(slots=True)
class Context:
    """Handed to every page at birth; there is no other way to reach these things."""

    workspace: Workspace
    engine: EngineClient
    tasks: Tasks
    language: str
    memory: Memory
    changed: ChangeHub = field(default_factory=ChangeHub)
    line: MeteredLine = field(default_factory=MeteredLine)

    def phrase(self, section: str, code: str, /, **params: object) -> str:
        """The sentence of a code in the window's language."""
        return phrase(self.language, section, code, **params)

    def has_phrase(self, section: str, code: str, /) -> bool:
        """Whether the code has a sentence; ``phrase`` shows the bare code of one that has none."""
        return self.phrase(section, code) != code

    def describe(self, error: RelayError) -> str:
        """The sentence of an error."""
        return self.phrase("errors", error.code.value, **error.params)

    def publish(self, changes: Changes) -> None:
        """Tell every page what a mutation changed."""
        self.changed.changed.emit(changes)
