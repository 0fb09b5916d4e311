"""A spool on a disk that is full whenever a test says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desktop_relay.domain.campaign import CampaignState, PauseReason, SubmittedCampaign
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.domain.lane_memory import LaneMemories
from desktop_relay.domain.recipient import Recipient
from desktop_relay.domain.settlement import Settlement
from desktop_relay.store.spool import Spool


class Disk:
    """``full`` may be changed at any time; ``refused`` counts the writes that failed."""

    def __init__(self) -> None:
        self.full = False
        self.refused = 0

    def write(self) -> None:
        """Something is about to be written."""
        if self.full:
            self.refused += 1
            raise StoreUnusable(ErrorCode.DISK_FULL, path="spool.db")


class SpoolOnDisk(Spool):
    """Everything that sending writes needs room on ``disk``."""

    disk: Disk

    def apply(
        self,
        begins: Sequence[int],
        settlements: Sequence[Settlement],
        at: datetime,
        learned: LaneMemories = {},  # noqa: B006  (nobody writes to it)
    ) -> None:
        """Begin and settle."""
        self.disk.write()
        super().apply(begins, settlements, at, learned)

    def hand_back(self, ids: Sequence[int], at: datetime) -> int:
        """Take begun ones back."""
        self.disk.write()
        return super().hand_back(ids, at)

    def lease(self, campaign: int, lane: str, limit: int, at: datetime, kept: int = 0) -> list[Recipient]:
        """Lease."""
        self.disk.write()
        return super().lease(campaign, lane, limit, at, kept)

    def release(self, ids: Sequence[int], at: datetime) -> int:
        """Give back."""
        self.disk.write()
        return super().release(ids, at)

    def move_campaign(
        self, campaign: int, to: CampaignState, reason: PauseReason, at: datetime
    ) -> SubmittedCampaign:
        """Move."""
        self.disk.write()
        return super().move_campaign(campaign, to, reason, at)
