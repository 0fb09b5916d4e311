"""An engine that sends nothing, but really keeps in a spool what it is told; no process, no socket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop_relay.domain.address import domain_of
from desktop_relay.domain.campaign import CampaignKind, CampaignSnapshot, CampaignState, PauseReason
from desktop_relay.domain.command import (
    Cancel,
    Command,
    CountElsewhere,
    Pause,
    RenameRoute,
    Resend,
    Resume,
    RetryNow,
    SendTest,
    SetLane,
    Submit,
    Suppress,
    Unsuppress,
)
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import Progress
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settlement import NewRecipient
from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.domain.usage import Elsewhere
from desktop_relay.operations.carriers import load_directory
from desktop_relay.store.connection import Database
from desktop_relay.store.contacts import load_contacts_of_lists
from desktop_relay.store.database import open_library, open_spool_for_engine
from desktop_relay.store.drafts import load_draft, mark_submitted
from desktop_relay.store.identities import load_identity
from desktop_relay.store.routes import load_route
from desktop_relay.store.slicing import at_once
from desktop_relay.store.spool import Spool
from desktop_relay.store.templates import load_template

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@dataclass
class FakeEngineLink:
    """``running`` is what it says of itself (``None``: no engine runs); ``refusal`` meets the next call."""

    directory: Path
    running: Progress | None = None
    refusal: RelayError | None = None
    commands: list[Command] = field(default_factory=list)

    def call(self, command: Command) -> Mapping[str, Any]:
        self.commands.append(command)
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        with open_spool_for_engine(self.directory) as db:
            return self._do(command, Spool(db))

    def find(self, command: Command) -> Mapping[str, Any] | None:
        self.commands.append(command)
        return None if self.running is None else {}

    def progress(self) -> Progress | None:
        return self.running

    def stop(self) -> bool:
        was, self.running = self.running, None
        return was is not None

    def _do(self, command: Command, spool: Spool) -> Mapping[str, Any]:  # noqa: C901  (one line a command)
        match command:
            case Submit(campaign, at):
                return {"campaign": self._submit(spool, campaign, at)}
            case SendTest(campaign, to):
                return {"campaign": self._send_test(spool, campaign, to)}
            case Pause(campaign):
                spool.move_campaign(campaign, CampaignState.PAUSED, PauseReason.USER, NOW)
            case Resume(campaign):
                spool.move_campaign(campaign, CampaignState.SENDING, PauseReason.NONE, NOW)
            case Cancel(campaign):
                spool.move_campaign(campaign, CampaignState.CANCELLED, PauseReason.NONE, NOW)
                return {"campaign": campaign, "count": at_once(spool.cancel(campaign, NOW))}
            case RetryNow(campaign, recipient):
                return {"count": at_once(spool.retry_now(campaign, recipient, NOW))}
            case Resend(campaign, outcome):
                return {"count": at_once(spool.resend(campaign, RecipientState(outcome), NOW))}
            case SetLane():
                override = LaneOverride(command.rate, command.connections, bool(command.paused))
                spool.save_lane_override(command.route, command.lane, override)
            case RenameRoute(route, name):
                spool.rename_route(route, name)
            case CountElsewhere(account, number):
                spool.save_elsewhere(account, Elsewhere(NOW.astimezone().date(), number))
            case Suppress(patterns, reason, source):
                why = SuppressionReason(reason)
                return {"added": spool.add_suppressions(Suppression(p, why, source, NOW) for p in patterns)}
            case Unsuppress(patterns):
                return {"removed": spool.remove_suppressions(patterns)}
        return {"count": 0}

    def _submit(self, spool: Spool, campaign: int, at: datetime | None) -> int:
        with open_library(self.directory) as library:
            draft = load_draft(library, campaign)
            assert draft is not None
            snapshot = replace(snapshot_of(library, campaign), start_at=at)
            spool.submit(snapshot, rows_of(library, draft.lists), NOW)
            mark_submitted(library, campaign, NOW)
        return campaign

    def _send_test(self, spool: Spool, campaign: int, to: str) -> int:
        number = spool.next_test_id()
        with open_library(self.directory) as library:
            snapshot = replace(snapshot_of(library, campaign), id=number, kind=CampaignKind.TEST)
        spool.submit(snapshot, [NewRecipient(to, to, "", domain_of(to), f"<{number}@example.jp>")], NOW)
        return number


def snapshot_of(library: Database, campaign: int) -> CampaignSnapshot:
    """What a draft would send."""
    draft = load_draft(library, campaign)
    assert draft is not None
    template = load_template(library, draft.template)
    identity = load_identity(library, draft.sender)
    route = load_route(library, draft.route)
    assert template is not None
    assert identity is not None
    assert route is not None
    return CampaignSnapshot(
        id=campaign,
        uid=f"uid-{campaign}",
        kind=CampaignKind.CAMPAIGN,
        name=draft.name,
        template=template,
        identity=identity,
        route=route,
    )


def rows_of(library: Database, lists: tuple[str, ...]) -> Iterator[NewRecipient]:
    """Everybody on the lists; those without consent are held."""
    directory = load_directory()
    for contact in load_contacts_of_lists(library, lists):
        held = not contact.has_consent
        yield NewRecipient(
            address=contact.email,
            key=contact.key,
            name=contact.name,
            lane=directory.plan_lane(domain_of(contact.email), None),
            message_id=f"<{contact.id}@example.jp>",
            fields=contact.fields,
            state=RecipientState.HELD if held else RecipientState.PENDING,
            reason=Reason.NO_CONSENT if held else Reason.NONE,
        )
