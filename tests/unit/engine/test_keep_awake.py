"""The machine is kept awake while mail is due, and at no other time."""

from __future__ import annotations

from desktop_relay.domain.exchange import Stage
from desktop_relay.engine.keep_awake import hold_awake
from desktop_relay.store.database import open_library
from desktop_relay.store.settings import save_setting
from tests.fakes.transport import refused
from tests.unit.engine.desk import Desk

LANE = "lane0.example"


async def send_slowly(desk: Desk) -> int:
    draft = desk.write([f"p{n}@{LANE}" for n in range(20)])
    return await desk.send(draft)


async def test_it_is_while_a_campaign_goes_out_and_not_after(timed_desk: Desk) -> None:
    campaign = await send_slowly(timed_desk)
    await timed_desk.turn_until(lambda: timed_desk.held == 1, 1.0)
    await timed_desk.turn_until(lambda: timed_desk.states(campaign) == {"accepted": 20}, 1.0)
    await timed_desk.turn_until(lambda: timed_desk.held == 0, 1.0)


async def test_who_only_waits_for_a_retry_lets_it_sleep(timed_desk: Desk) -> None:
    timed_desk.way.answer = lambda _: refused(450, "greylisted", Stage.RCPT)
    campaign = await send_slowly(timed_desk)
    await timed_desk.turn_until(lambda: timed_desk.states(campaign) == {"deferred": 20}, 0.5)
    await timed_desk.turn_until(lambda: timed_desk.held == 0, 1.0)
    timed_desk.way.answer = type(timed_desk.way)().answer
    await timed_desk.turn_until(lambda: timed_desk.held == 1, 5.0)


async def test_the_setting_forbids_it(timed_desk: Desk) -> None:
    with open_library(timed_desk.directory) as library:
        save_setting(library, "engine.keep_awake", False)
    campaign = await send_slowly(timed_desk)
    await timed_desk.turn_until(lambda: timed_desk.states(campaign) == {"accepted": 20}, 1.0)
    assert timed_desk.held == 0


async def test_an_engine_that_is_gone_holds_nothing(timed_desk: Desk) -> None:
    await send_slowly(timed_desk)
    await timed_desk.turn_until(lambda: timed_desk.held == 1, 0.5)
    await timed_desk.restart()
    assert timed_desk.held == 0


def test_a_system_that_cannot_be_asked_is_left_alone() -> None:
    release = hold_awake()
    release()
    release()
