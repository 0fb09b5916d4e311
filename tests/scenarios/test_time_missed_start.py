"""The machine slept through a planned start.

A start that was missed by more than an hour never fires late in silence: the campaign waits for a person to
say so. One that was missed by minutes begins at once.

Result: paused (missed_start), or everybody accepted once.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.command import Submit
from tests.scenarios.clock import JumpingClock
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


@pytest.mark.parametrize("counted", [True, False], ids=["clock goes on", "clock stands still"])
@pytest.mark.parametrize(("hours", "state"), [(3, CampaignState.PAUSED), (1.5, CampaignState.FINISHED)])
async def test_late_by_long_is_for_a_person(
    timed: Scene, counted: bool, hours: float, state: CampaignState
) -> None:
    assert isinstance(timed.clock, JumpingClock)
    async with Receiver() as receiver:
        draft = timed.write([f"p{n}@{LANE}" for n in range(3)], route=account(receiver.port))
        await timed.open_lanes(LANE)
        at = timed.clock.now() + timedelta(hours=1)
        campaign = (await timed.engine.handle(Submit(draft, at)))["campaign"]
        timed.clock.sleep_machine(hours * 3600, counted=counted)
        await timed.clock.awake(3)
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is state, 0.1)
        late = state is CampaignState.PAUSED
        assert (timed.pause_reason(campaign) is PauseReason.MISSED_START) == late
        await timed.check(campaign, {"pending" if late else "accepted": 3}, receiver)
