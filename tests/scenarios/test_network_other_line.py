"""The notebook is moved to another line, with another address and another name server.

Within seconds what is idle is given up, names are asked anew at the new line's name server, and mail goes on
over it. A message on the wire ends with its connection when the machine has lost the address that its replies
go to. A lane towards recipients' own servers begins with care at the new address: what was learned at the old
one proves nothing there.

Result: everybody accepted once, what was at its final dot in doubt; the window and the command line say so.
"""

from __future__ import annotations

import pytest

from desktop_relay.domain.command import SetLane, Submit
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.network import NetworkState
from tests.scenarios.internet import FAR, HOME, MOBILE, NEAR, ROLLED_UP, Internet, names
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, STRAIGHT, Scene

PEOPLE = 80
CONNECTIONS = 3


@pytest.mark.real
async def test_mail_goes_on_over_the_new_line(
    still: Scene, internet: Internet, machine: EngineProcess
) -> None:
    near, far = Receiver(host=NEAR, port=25), Receiver(host=FAR, port=25)
    near.seconds = far.seconds = 0.02
    async with internet.listening(near, far, names(HOME, NEAR), names(MOBILE, FAR)):
        internet.plug_in(HOME)
        await machine.start()
        await machine.call(SetLane(STRAIGHT.name, ROLLED_UP, rate=100.0, connections=CONNECTIONS))
        draft = still.write([f"p{n}@{LANE}" for n in range(PEOPLE)], route=STRAIGHT)
        campaign = int((await machine.call(Submit(draft)))["campaign"])
        await still.until(lambda: near.taken.total() >= 20)
        internet.pull_out(HOME)
        internet.plug_in(MOBILE)
        internet.ask(MOBILE)
        await still.until(lambda: far.taken.total() > 0)
        progress = await machine.progress()
        assert progress is not None
        assert progress.network is NetworkState.CHANGED
        assert {lane.reason for lane in progress.campaigns[0].lanes} == {LaneReason.RETURNING}
        await still.until(lambda: set(still.states(campaign)) <= {"accepted", "unknown"})
        assert still.states(campaign)["unknown"] <= CONNECTIONS
        still.check_received(campaign, near, far)
