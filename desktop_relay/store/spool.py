"""The engine's writer of the spool: every step a recipient or a campaign takes goes through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from desktop_relay.domain.brake import BrakeMemory
from desktop_relay.domain.campaign import (
    CAMPAIGN_TRANSITIONS,
    OVER,
    CampaignSnapshot,
    CampaignState,
    PauseReason,
    SubmittedCampaign,
)
from desktop_relay.domain.canary import Canary
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.lane_memory import LaneMemories, LaneMemory
from desktop_relay.domain.pace_change import PaceChange
from desktop_relay.domain.recipient import Recipient, RecipientState
from desktop_relay.domain.retries import Retries
from desktop_relay.domain.settlement import NewRecipient as NewRecipient
from desktop_relay.domain.settlement import Recovered as Recovered
from desktop_relay.domain.settlement import Settlement as Settlement
from desktop_relay.domain.suppression import Suppression
from desktop_relay.domain.usage import Elsewhere, Usage
from desktop_relay.store import (
    counters,
    decisions,
    handing_back,
    lane_standing,
    leases,
    recovery,
    settling,
    snapshots,
    submitting,
    suppressions,
    usage,
)
from desktop_relay.store.connection import Database
from desktop_relay.store.copying import Audience as Audience
from desktop_relay.store.slicing import Slices
from desktop_relay.store.snapshots import FIRST_TEST_ID
from desktop_relay.store.times import to_ms

_NOTHING: LaneMemories = {}


class Spool:
    """All writing of spool.db. Every method is one transaction and raises ``StoreUnusable`` as a whole.

    What may touch a million rows answers ``Slices``: one transaction each, and nothing is done before the
    first is asked for. Other methods may be called in between.
    """

    def __init__(self, db: Database) -> None:
        self.db = db

    def together(self) -> AbstractContextManager[object]:
        """Around several methods: all of them are one transaction."""
        return self.db.transaction()

    # campaigns

    def submit(
        self, snapshot: CampaignSnapshot, rows: Iterable[NewRecipient], at: datetime
    ) -> SubmittedCampaign:
        """Write a campaign with its recipients; one of the same id that is there is answered unchanged."""
        submitting.submit(self.db, snapshot, rows, at)
        return self._campaign(snapshot.id)

    def submit_audience(
        self, snapshot: CampaignSnapshot, audience: Audience, at: datetime
    ) -> Slices[SubmittedCampaign]:
        """Likewise, with everybody on lists of the library; seen by nobody before it is whole."""
        yield from submitting.submit_audience(self.db, snapshot, audience, at)
        return self._campaign(snapshot.id)

    def discard(self) -> Slices[None]:
        """Take away what is left of submissions that broke off."""
        return submitting.discard(self.db)

    def next_test_id(self) -> int:
        """An id for a test campaign that none had before."""
        return self.db.number("SELECT max(coalesce(max(id), 0) + 1, ?) FROM campaigns", [FIRST_TEST_ID])

    def load_campaigns(self) -> list[SubmittedCampaign]:
        """Every submitted campaign, oldest first."""
        return snapshots.load_campaign_rows(self.db)

    def load_campaign(self, campaign: int) -> SubmittedCampaign | None:
        """One submitted campaign."""
        return snapshots.load_campaign_row(self.db, campaign)

    def move_campaign(
        self, campaign: int, to: CampaignState, reason: PauseReason, at: datetime
    ) -> SubmittedCampaign:
        """Take a campaign to another state.

        Raises ``NotFound``, ``Refused`` (``campaign_over``, ``transition_refused``).
        """
        now = to_ms(at)
        finished = now if to in OVER else None
        started = now if to is CampaignState.SENDING else None
        pause = reason if to is CampaignState.PAUSED else PauseReason.NONE
        with self.db.transaction():
            old = self._campaign(campaign).state
            if to not in CAMPAIGN_TRANSITIONS[old]:
                if old in OVER:
                    raise Refused(ErrorCode.CAMPAIGN_OVER, campaign=campaign)
                raise Refused(ErrorCode.TRANSITION_REFUSED, campaign=campaign, state=old.value, to=to.value)
            self.db.execute(
                "UPDATE campaigns SET state = ?, pause_reason = ?, finished_at = ?, "
                "started_at = coalesce(started_at, ?) WHERE id = ?",
                [to.value, pause.value, finished, started, campaign],
            )
            return self._campaign(campaign)

    def _campaign(self, campaign: int) -> SubmittedCampaign:
        found = self.load_campaign(campaign)
        if found is None:
            raise NotFound(ErrorCode.NO_SUCH_CAMPAIGN, campaign=campaign)
        return found

    # recipients

    def lease(self, campaign: int, lane: str, limit: int, at: datetime, kept: int = 0) -> list[Recipient]:
        """Up to ``limit`` recipients of a lane that are due, the longest due first; they become ready.

        ``kept`` of those who were never tried stay behind.
        """
        return leases.lease(self.db, campaign, lane, limit, at, kept)

    def load_recipient(self, recipient: int) -> Recipient | None:
        """One recipient, in whatever state."""
        return leases.load_recipient(self.db, recipient)

    def release(self, ids: Sequence[int], at: datetime) -> int:
        """Give leases back; answers how many. What is no longer ready stays as it is."""
        return leases.release(self.db, ids, at)

    def apply(
        self,
        begins: Sequence[int],
        settlements: Sequence[Settlement],
        at: datetime,
        learned: LaneMemories = _NOTHING,
    ) -> None:
        """Begin and settle attempts, and keep what lanes learned by them, all or nothing.

        Raises ``Refused`` (``transition_refused``).
        """
        with self.db.transaction():
            settling.apply(self.db, begins, settlements, at)
            lane_standing.save_lane_memory(self.db, learned)

    def hand_back(self, ids: Sequence[int], at: datetime) -> int:
        """Attempts that were begun and never started go back as if nothing had been; answers how many."""
        return handing_back.hand_back(self.db, ids, at)

    def recover(self, at: datetime) -> Slices[Recovered]:
        """At start: attempts that never ended become unknown, leases are given back, cancellations go on."""
        return recovery.recover(self.db, at)

    def bring_forward(self, by: timedelta, at: datetime) -> Slices[int]:
        """The clock was set back ``by`` (below zero) to ``at``: nobody waits longer for that."""
        return recovery.bring_forward(self.db, by, at)

    def cancel(self, campaign: int, at: datetime) -> Slices[int]:
        """Cancel who was not sent to yet, leased ones too; those held for a person's decision stay held."""
        return recovery.cancel(self.db, campaign, at)

    def retry_now(self, campaign: int, recipient: int | None, at: datetime) -> Slices[int]:
        """Make one deferred recipient, or all of them, due at once; raises ``NotFound``."""
        return recovery.retry_now(self.db, campaign, recipient, at)

    def resend(self, campaign: int, state: RecipientState, at: datetime) -> Slices[int]:
        """Make everybody who ended in ``state`` pending again; raises ``Refused``."""
        return recovery.resend(self.db, campaign, state, at)

    def count_resendable(self, campaign: int, state: RecipientState) -> int:
        """How many ``resend`` would move; raises ``Refused``."""
        return recovery.count_resendable(self.db, campaign, state)

    def expire(self, campaign: int, at: datetime) -> Slices[int]:
        """Give up on who waits when the campaign's time is over; answers how many."""
        return recovery.expire(self.db, campaign, at)

    def lanes(self, campaign: int) -> list[str]:
        """The lanes that a campaign has recipients in."""
        return counters.load_lanes(self.db, campaign)

    def counts(self, campaign: int) -> dict[str, Counts]:
        """The counts of every lane of a campaign."""
        return counters.load_counts(self.db, campaign)

    def next_due(self, campaign: int, lane: str, kept: int = 0) -> datetime | None:
        """When the next recipient of a lane is due, which may be past; ``None`` when nobody waits."""
        return leases.next_due(self.db, campaign, lane, kept)

    def load_retries(self, campaign: int) -> dict[str, Retries]:
        """Who waits to be tried again, by lane."""
        return leases.load_retries(self.db, campaign)

    # brakes and canaries

    def load_brakes(self, campaign: int) -> dict[str, BrakeMemory]:
        """What the brakes of a campaign counted, by lane."""
        return decisions.load_brakes(self.db, campaign)

    def save_brakes(self, campaign: int, memories: Mapping[str, BrakeMemory]) -> None:
        """Keep what these brakes counted; the others keep what they have."""
        decisions.save_brakes(self.db, campaign, memories)

    def load_canary(self, campaign: int) -> Canary | None:
        """The canary of a campaign, if it has one."""
        return decisions.load_canary(self.db, campaign)

    def save_canary(self, campaign: int, canary: Canary) -> None:
        """Keep how far it is."""
        decisions.save_canary(self.db, campaign, canary)

    def load_pace_changes(self, route: str) -> dict[str, tuple[PaceChange, ...]]:
        """What changed the pace of lanes of a route lately, oldest first."""
        return lane_standing.load_pace_changes(self.db, route)

    def save_pace_changes(self, route: str, changes: Mapping[str, Sequence[PaceChange]]) -> None:
        """Keep what changed the pace of these lanes."""
        lane_standing.save_pace_changes(self.db, route, changes)

    # accounts, lanes and suppressions

    def load_usage(self, account: str, since: datetime) -> Usage:
        """What an account took since then, in steps of five minutes, and what other programs sent."""
        usage.forget_old_usage(self.db, since)
        return usage.load_usage(self.db, account, since)

    def save_elsewhere(self, account: str, elsewhere: Elsewhere) -> None:
        """Keep what other programs sent over an account, instead of what was told before."""
        usage.save_elsewhere(self.db, account, elsewhere)

    def rename_route(self, route: str, name: str) -> None:
        """What is kept of a route is that of ``name``; an earlier one of that name is forgotten."""
        with self.db.transaction():
            usage.rename_account(self.db, route, name)
            lane_standing.rename_route(self.db, route, name)
            snapshots.rename_route_of_campaigns(self.db, route, name)

    def load_lane_memory(self, route: str) -> dict[str, LaneMemory]:
        """What every lane of a route learned."""
        return lane_standing.load_lane_memory(self.db, route)

    def load_lane_overrides(self, route: str) -> dict[str, LaneOverride]:
        """What the user set on lanes of a route."""
        return lane_standing.load_lane_overrides(self.db, route)

    def save_lane_override(self, route: str, lane: str, override: LaneOverride | None) -> None:
        """Keep what the user set, or with ``None`` go back to the profile."""
        lane_standing.save_lane_override(self.db, route, lane, override)

    def load_suppressions(self) -> list[Suppression]:
        """The list above all lists."""
        return suppressions.load_suppressions(self.db)

    def add_suppressions(self, entries: Iterable[Suppression]) -> int:
        """Add entries; answers how many are new."""
        return suppressions.add_suppressions(self.db, entries)

    def remove_suppressions(self, patterns: Iterable[str]) -> int:
        """Take entries off; answers how many were there."""
        return suppressions.remove_suppressions(self.db, patterns)
