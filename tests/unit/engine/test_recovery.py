"""Crashes, full disks, missed starts: what an engine finds, keeps and tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.command import Cancel, Pause, Resend, Resume, SetLane, Submit
from desktop_relay.domain.errors import ErrorCode, Refused, StoreUnusable
from desktop_relay.domain.exchange import Exchange, Stage
from desktop_relay.domain.lane import LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.store.connection import Database
from desktop_relay.store.database import open_library
from desktop_relay.store.drafts import load_draft
from desktop_relay.store.slicing import Slices
from desktop_relay.store.spool import Spool
from tests.fakes.clock import FakeClock
from tests.fakes.full_disk import Disk, SpoolOnDisk
from tests.fakes.transport import refused
from tests.unit.engine.desk import ROUTE, Desk

LANE = "lane0.example"


def people(number: int) -> list[str]:
    return [f"p{n}@{LANE}" for n in range(number)]


async def test_a_crash_makes_running_transactions_unknown_and_loses_nobody(desk: Desk) -> None:
    desk.way.gate.clear()
    draft = desk.write(people(60))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.way.at_once >= 2)
    await desk.crash()
    in_flight = desk.states(campaign)["in_flight"]
    assert in_flight >= desk.way.most_at_once, "written before it was begun"

    desk.way.gate.set()
    await desk.start()
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"unknown": in_flight, "accepted": 60 - in_flight}
    unknown = [row for row in desk.ledger(campaign) if row.state == "unknown"]
    assert {row.reason for row in unknown} == {Reason.ENGINE_STOPPED}
    assert not {row.message_id for row in unknown} & set(desk.way.taken), "never sent again by itself"

    assert (await desk.engine.handle(Resend(campaign, "unknown")))["count"] == in_flight
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"accepted": 60}


async def test_a_crash_forgets_no_complaint_that_was_settled(timed_desk: Desk) -> None:
    """Killed the moment its reply is in the ledger: what it taught is there, too."""
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    timed_desk.way.answer = lambda _: refused(421, "4.7.28 too fast, blocked", Stage.MAIL)
    draft = timed_desk.write(people(20))
    await timed_desk.engine.handle(SetLane(ROUTE.name, LANE, rate=2.0, connections=1))
    campaign = await timed_desk.send(draft)
    await timed_desk.turn_until(lambda: timed_desk.states(campaign)["deferred"] == 1, 0.01)
    before = timed_desk.engine.lines.all()[0].lane(LANE).governor
    held = (before.pace_allowed, before.slowed, before.suspended_for(clock.monotonic()) > 0)
    await timed_desk.restart()
    after = timed_desk.engine.lines.all()[0].lane(LANE).governor
    assert (after.pace_allowed, after.slowed, after.suspended_for(clock.monotonic()) > 0) == held
    assert after.slowed


async def test_many_crashes_never_send_twice(desk: Desk) -> None:
    desk.way.seconds = 0.001
    draft = desk.write(people(200))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    for turn in range(6):
        await desk.until(lambda turn=turn: len(desk.way.taken) >= 25 * (turn + 1))
        await desk.restart()
    await desk.until_state(campaign, CampaignState.FINISHED)
    states = desk.states(campaign)
    assert states["accepted"] + states["unknown"] == 200
    assert set(desk.way.taken.values()) == {1}
    taken = set(desk.way.taken)
    assert {row.message_id for row in desk.ledger(campaign) if row.state == "accepted"} <= taken


async def test_stopping_with_drain_leaves_nothing_in_between(desk: Desk) -> None:
    desk.way.seconds = 0.01
    draft = desk.write(people(80))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: len(desk.way.taken) >= 5)
    await desk.engine.stop(drain=True)
    states = desk.states(campaign)
    assert set(states) == {"accepted", "pending"}
    assert states["accepted"] == len(desk.way.taken)
    await desk.start()
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert set(desk.way.taken.values()) == {1}


async def test_a_library_that_was_not_told_is_told_at_the_next_start(desk: Desk) -> None:
    draft = desk.write(people(2))
    await desk.open_lanes(LANE)
    await desk.send(draft)
    with open_library(desk.directory) as library:
        library.execute("UPDATE drafts SET submitted_at = NULL")
    await desk.restart()
    with open_library(desk.directory) as library:
        kept = load_draft(library, draft)
    assert kept is not None
    assert kept.submitted_at is not None


async def test_a_pause_survives_a_restart(desk: Desk) -> None:
    draft = desk.write(people(5))
    await desk.engine.handle(SetLane(ROUTE.name, LANE, paused=True))
    campaign = await desk.send(draft)
    await desk.engine.handle(Pause(campaign))
    await desk.restart()
    assert desk.engine.moves.runs[campaign].state is CampaignState.PAUSED
    assert desk.engine.is_idle
    await desk.engine.handle(SetLane(ROUTE.name, LANE, paused=False, rate=1000.0))
    await desk.engine.handle(Resume(campaign))
    await desk.until_state(campaign, CampaignState.FINISHED)


async def test_what_a_lane_learned_survives_a_restart(desk: Desk) -> None:
    def block(message: Outgoing) -> Exchange:
        return refused(421, "[TSS04] messages from this IP temporarily deferred", Stage.MAIL)

    desk.way.answer = block
    campaign = await desk.send(desk.write([f"p{n}@yahoo.co.jp" for n in range(20)]))

    def suspended() -> bool:
        line = desk.engine.lines.all()[0]
        return line.lane("yahoo_jp").governor.suspended_for(line.clock.monotonic()) > 600

    await desk.until(suspended)
    await desk.until(lambda: desk.engine.moves.runs[campaign].in_flight == 0)
    await desk.until(lambda: set(desk.states(campaign)) == {"deferred", "pending"})
    tried = len(desk.way.begun)
    await desk.engine.stop(drain=True)
    await desk.start()
    assert suspended()
    (lane,) = (await desk.progress(campaign)).lanes
    assert lane.state is LaneState.SUSPENDED
    assert lane.until is not None
    assert lane.cause is not Reason.ACCEPTED
    assert len(desk.way.begun) == tried


@pytest.mark.expect_warnings
async def test_a_full_disk_pauses_and_loses_nothing(tmp_path: Path) -> None:
    disk = Disk()

    def make(database: Database) -> SpoolOnDisk:
        spool = SpoolOnDisk(database)
        spool.disk = disk
        return spool

    desk = Desk(tmp_path / "data", make_spool=make)
    await desk.start()
    draft = desk.write(people(60))
    await desk.open_lanes(LANE)
    desk.way.gate.clear()
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.way.at_once >= 2)
    disk.full = True
    desk.way.gate.set()
    await desk.until_state(campaign, CampaignState.PAUSED)
    assert desk.pause_reason(campaign) is PauseReason.DISK_FULL
    taken = len(desk.way.taken)
    await desk.until(lambda: disk.refused >= 2)
    assert len(desk.way.taken) == taken, "nothing goes out that cannot be remembered"
    assert (await desk.progress(campaign)).pause_reason is PauseReason.DISK_FULL

    disk.full = False
    await desk.until(lambda: desk.states(campaign)["accepted"] == len(desk.way.taken))
    await desk.until(lambda: set(desk.states(campaign)) == {"accepted", "pending"})
    await desk.until(lambda: desk.engine.moves.runs[campaign].halted is PauseReason.NONE)
    assert desk.engine.moves.runs[campaign].state is CampaignState.PAUSED
    await desk.engine.handle(Resume(campaign))
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"accepted": 60}
    assert set(desk.way.taken.values()) == {1}
    await desk.engine.stop()


@pytest.mark.parametrize("resends", [False, True])
async def test_a_cancellation_that_the_disk_broke_off_holds(tmp_path: Path, *, resends: bool) -> None:
    disk = Disk()

    class Breaking(Spool):
        def cancel(self, campaign: int, at: datetime) -> Slices[int]:
            disk.write()
            return super().cancel(campaign, at)

    desk = Desk(tmp_path / "data", make_spool=Breaking)
    await desk.start()
    draft = desk.write(people(21))
    with open_library(desk.directory) as library:
        library.execute("UPDATE contacts SET consent_at = '' WHERE key = ?", [people(1)[0]])
    desk.way.gate.clear()
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.way.at_once >= 1)
    disk.full = True
    with pytest.raises(StoreUnusable):
        await desk.engine.handle(Cancel(campaign))
    disk.full = False
    if resends:
        with pytest.raises(Refused) as caught:  # who is on the wire, and put off, would be tried again
            await desk.engine.handle(Resend(campaign, "held"))
        assert caught.value.code is ErrorCode.CAMPAIGN_STILL_ENDING
        desk.way.gate.set()
        await desk.until(lambda: "in_flight" not in desk.states(campaign))
        await desk.until(lambda: not desk.engine.moves.runs[campaign].in_flight)
    asked = await desk.engine.handle(Resend(campaign, "held") if resends else Cancel(campaign))
    desk.way.gate.set()
    await desk.until(lambda: not {"pending", "ready", "in_flight"} & desk.states(campaign).keys())
    states = desk.states(campaign)
    assert states["accepted"] + states["held"] + states["cancelled"] == 21
    assert states["cancelled"] >= 10, "nobody goes along who was cancelled"
    assert asked["count"] == (1 if resends else states["cancelled"])
    await desk.engine.stop()


@pytest.mark.parametrize(
    ("late", "state", "reason"),
    [
        (timedelta(minutes=50), CampaignState.FINISHED, PauseReason.NONE),
        (timedelta(hours=2), CampaignState.PAUSED, PauseReason.MISSED_START),
    ],
)
async def test_a_start_that_was_missed_by_long_is_for_a_person(
    tmp_path: Path, late: timedelta, state: CampaignState, reason: PauseReason
) -> None:
    start = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    desk = Desk(tmp_path / "data", clock=FakeClock(start - timedelta(hours=1)))
    await desk.start()
    campaign = (await desk.engine.handle(Submit(desk.write(people(1)), start)))["campaign"]
    await desk.engine.stop()
    desk.clock = FakeClock(start + late)
    await desk.start()
    await desk.until_state(campaign, state)
    assert desk.pause_reason(campaign) is reason
    if state is CampaignState.PAUSED:
        await desk.engine.handle(Resume(campaign))
        await desk.until_state(campaign, CampaignState.FINISHED)
    await desk.engine.stop()
