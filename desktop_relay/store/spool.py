"""The engine's writer of the spool: every step a recipient or a campaign takes goes through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from desktop_relay.domain.campaign import (
    CAMPAIGN_TRANSITIONS,
    CampaignSnapshot,
    CampaignState,
    PauseReason,
    SubmittedCampaign,
)
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.lane import LaneMemory, LaneOverride
from desktop_relay.domain.recipient import Recipient, RecipientState
from desktop_relay.domain.settlement import NewRecipient as NewRecipient
from desktop_relay.domain.settlement import Recovered as Recovered
from desktop_relay.domain.settlement import Settlement as Settlement
from desktop_relay.domain.suppression import Suppression
from desktop_relay.store import (
    counters,
    lane_standing,
    leases,
    recovery,
    settling,
    snapshots,
    submitting,
    suppressions,
)
from desktop_relay.store.connection import Database
from desktop_relay.store.times import to_ms

FIRST_TEST_ID = 1_000_000_000
"""Ids of test campaigns start here; drafts never get that far."""


class Spool:
    """All writing of spool.db. Every method is one transaction and raises ``StoreUnusable`` as a whole."""

    def __init__(self, db: Database) -> None:
        self.db = db

    # campaigns

    def submit(
        self, snapshot: CampaignSnapshot, rows: Iterable[NewRecipient], at: datetime
    ) -> SubmittedCampaign:
        """Write a campaign with its recipients; one of the same id that is there is answered unchanged."""
        submitting.submit(self.db, snapshot, rows, at)
        return self._campaign(snapshot.id)

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
        """Take a campaign to another state; raises ``NotFound``, ``Refused`` (``transition_refused``)."""
        now = to_ms(at)
        finished = now if to in (CampaignState.FINISHED, CampaignState.CANCELLED) else None
        started = now if to is CampaignState.SENDING else None
        pause = reason if to is CampaignState.PAUSED else PauseReason.NONE
        with self.db.transaction():
            old = self._campaign(campaign).state
            if to not in CAMPAIGN_TRANSITIONS[old]:
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

    def lease(self, campaign: int, lane: str, limit: int, at: datetime) -> list[Recipient]:
        """Up to ``limit`` recipients of a lane that are due, the longest due first; they become ready."""
        return leases.lease(self.db, campaign, lane, limit, at)

    def release(self, ids: Sequence[int], at: datetime) -> int:
        """Give leases back; answers how many. What is no longer ready stays as it is."""
        return leases.release(self.db, ids, at)

    def apply(self, begins: Sequence[int], settlements: Sequence[Settlement], at: datetime) -> None:
        """Begin and settle attempts, all or nothing; raises ``Refused`` (``transition_refused``)."""
        settling.apply(self.db, begins, settlements, at)

    def recover(self, at: datetime) -> Recovered:
        """At start: attempts that never ended become unknown, leases are given back."""
        return recovery.recover(self.db, at)

    def cancel(self, campaign: int, at: datetime) -> int:
        """Cancel who was not sent to yet, leased ones too; those held for a person's decision stay held."""
        return recovery.cancel(self.db, campaign, at)

    def retry_now(self, campaign: int, recipient: int | None, at: datetime) -> int:
        """Make one deferred recipient, or all of them, due at once; raises ``NotFound``."""
        return recovery.retry_now(self.db, campaign, recipient, at)

    def resend(self, campaign: int, state: RecipientState, at: datetime) -> int:
        """Make everybody who ended in ``state`` pending again; raises ``Refused``."""
        return recovery.resend(self.db, campaign, state, at)

    def expire(self, campaign: int, at: datetime) -> int:
        """Give up on who waits when the campaign's time is over; answers how many."""
        return recovery.expire(self.db, campaign, at)

    def lanes(self, campaign: int) -> list[str]:
        """The lanes that a campaign has recipients in."""
        return counters.load_lanes(self.db, campaign)

    def counts(self, campaign: int) -> dict[str, Counts]:
        """The counts of every lane of a campaign."""
        return counters.load_counts(self.db, campaign)

    def next_due(self, campaign: int, lane: str) -> datetime | None:
        """When the next recipient of a lane is due, which may be past; ``None`` when nobody waits."""
        return leases.next_due(self.db, campaign, lane)

    # lanes and suppressions

    def load_lane_memory(self, route: str) -> dict[str, LaneMemory]:
        """What every lane of a route learned."""
        return lane_standing.load_lane_memory(self.db, route)

    def save_lane_memory(self, route: str, memories: Mapping[str, LaneMemory]) -> None:
        """Keep what these lanes learned."""
        lane_standing.save_lane_memory(self.db, route, memories)

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
