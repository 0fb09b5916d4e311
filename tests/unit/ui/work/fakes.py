"""An engine that only writes down what it is told, but really keeps the suppressed and the submitted."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop_relay.domain.campaign import CampaignKind, CampaignSnapshot
from desktop_relay.domain.command import Command, CountElsewhere, SendTest, Submit, Suppress, Unsuppress
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.progress import Progress
from desktop_relay.domain.settlement import NewRecipient
from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.domain.usage import Elsewhere
from desktop_relay.operations import campaigns, identities, routes, templates
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool

TEST_CAMPAIGN = 1_000_000_000


@dataclass
class FakeEngine:
    """``refusal`` is raised by the next call, if any; while ``answers_submit`` is clear, Submit waits."""

    directory: Path
    commands: list[Command] = field(default_factory=list)
    refusal: RelayError | None = None
    answers_submit: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.answers_submit.set()

    def call(self, command: Command) -> Mapping[str, Any]:
        self.commands.append(command)
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        match command:
            case Suppress():
                return {"added": self._suppress(command)}
            case Unsuppress():
                return {"removed": self._unsuppress(command)}
            case CountElsewhere(account, number):
                with open_spool_for_engine(self.directory) as db:
                    today = datetime.now().astimezone().date()
                    Spool(db).save_elsewhere(account, Elsewhere(today, number))
                return {"elsewhere": number}
            case SendTest():
                return {"campaign": TEST_CAMPAIGN}
            case Submit():
                self.answers_submit.wait(30)
                return {"campaign": command.campaign}
            case _:
                return {"count": 0}

    def find(self, command: Command) -> Mapping[str, Any] | None:
        self.commands.append(command)
        return None

    def progress(self) -> Progress | None:
        return None

    def stop(self) -> bool:
        return False

    def really_submit(self, ws: Workspace, campaign: int, start_at: datetime | None = None) -> None:
        """The campaign stands in the spool with two recipients."""
        draft = campaigns.load(ws, campaign)
        at = datetime(2026, 11, 24, tzinfo=UTC)
        snapshot = CampaignSnapshot(
            id=campaign,
            uid="uid",
            kind=CampaignKind.CAMPAIGN,
            name=draft.name,
            template=templates.load(ws, draft.template),
            identity=identities.load(ws, draft.sender),
            route=routes.load(ws, draft.route),
            start_at=start_at,
        )
        rows = [
            NewRecipient(f"{name}@example.jp", f"{name}@example.jp", name, "example.jp", f"<{name}@x>", {})
            for name in ("taro", "hanako")
        ]
        with open_spool_for_engine(self.directory) as db:
            Spool(db).submit(snapshot, rows, at)

    def _suppress(self, command: Suppress) -> int:
        at = datetime(2026, 11, 24, tzinfo=UTC)
        entries = [
            Suppression(pattern, SuppressionReason(command.reason), command.source, at)
            for pattern in command.patterns
        ]
        with open_spool_for_engine(self.directory) as db:
            return Spool(db).add_suppressions(entries)

    def _unsuppress(self, command: Unsuppress) -> int:
        with open_spool_for_engine(self.directory) as db:
            return Spool(db).remove_suppressions(command.patterns)
