"""The engine's answers to commands: who does what is asked, and what is told of it."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any, Protocol, assert_never

from desktop_relay.domain.campaign import OVER, PauseReason
from desktop_relay.domain.command import (
    Cancel,
    Command,
    Complain,
    CountElsewhere,
    Pause,
    Release,
    ReloadSettings,
    RenameRoute,
    Resend,
    Resume,
    RetryNow,
    SendTest,
    SetLane,
    Shutdown,
    Status,
    Submit,
    Suppress,
    Unsuppress,
    Watch,
)
from desktop_relay.domain.errors import BadInput, ErrorCode, Refused
from desktop_relay.domain.suppression import SuppressionReason
from desktop_relay.domain.usage import Elsewhere
from desktop_relay.engine.canaries import Canaries
from desktop_relay.engine.intake import Intake
from desktop_relay.engine.lane_keeper import LaneKeeper
from desktop_relay.engine.lines import Lines
from desktop_relay.engine.moves import Moves
from desktop_relay.engine.reporter import Reporter
from desktop_relay.engine.steering import Steering
from desktop_relay.engine.traffic import Traffic
from desktop_relay.engine.workshop import Workshop

Answer = Mapping[str, Any]


class Parts(Protocol):
    """Who does the work: the engine."""

    shop: Workshop
    lines: Lines
    traffic: Traffic
    moves: Moves
    canaries: Canaries
    steering: Steering
    intake: Intake
    lane_keeper: LaneKeeper
    reporter: Reporter

    def end(self, *, drain: bool = True) -> None:
        """Ask for the end."""
        ...


class Answers:
    """One for each engine."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def to(self, command: Command) -> Answer:  # noqa: C901, PLR0911, PLR0912  (one line a command)
        """Do it; raises the typed error that the asker is told."""
        match command:
            case Submit():
                return await self._take_in(self._parts.intake.submit(command))
            case SendTest():
                return await self._take_in(self._parts.intake.send_test(command))
            case Pause(campaign):
                run = await self._parts.steering.find(campaign)
                await self._parts.steering.pause(run, PauseReason.USER)
                return {"campaign": campaign, "count": run.open}
            case Resume(campaign):
                run = await self._parts.steering.find(campaign)
                await self._parts.steering.resume(run)
                return {"campaign": campaign, "count": run.open}
            case Cancel(campaign):
                run = await self._parts.steering.find(campaign)
                return {"campaign": campaign, "count": await self._parts.steering.cancel(run)}
            case RetryNow(campaign, recipient):
                run = await self._parts.steering.find(campaign)
                return {"campaign": campaign, "count": await self._parts.steering.retry_now(run, recipient)}
            case Resend(campaign, outcome):
                run = await self._parts.steering.find(campaign)
                return {"campaign": campaign, "count": await self._parts.steering.resend(run, outcome)}
            case SetLane():
                await self._parts.lane_keeper.set(command)
                self._parts.reporter.note(lanes=True)
                return {"lane": command.lane, "count": 1}
            case Release(campaign, lane, leave):
                run = await self._parts.steering.find(campaign)
                return {
                    "campaign": campaign,
                    "count": await self._parts.canaries.release(run, lane, leave=leave),
                }
            case Complain(recipient):
                return {"campaign": await self._parts.steering.complain(recipient)}
            case Suppress(patterns, reason, source):
                return await self._suppress(patterns, reason, source)
            case Unsuppress(patterns):
                removed = await self._parts.shop.suppressions.remove(patterns)
                self._parts.reporter.note(suppressions=True)
                return {"removed": removed}
            case Status():
                return {"progress": await self._parts.reporter.progress()}
            case Watch():
                self._parts.reporter.note(campaigns=True)
                return {}
            case ReloadSettings():
                await self._parts.lines.reopen()
                self._wake_all()  # a quota may be larger now than what it waited for
                return {}
            case RenameRoute(route, name):
                return await self._rename_route(route, name)
            case CountElsewhere(account, number):
                return await self._count_elsewhere(account, number)
            case Shutdown(drain):
                self._parts.end(drain=drain)
                return {}
            case _:
                assert_never(command)

    def _wake_all(self) -> None:
        self._parts.traffic.wake_lines()
        for run in self._parts.moves.runs.values():
            self._parts.traffic.wake(run)

    async def _count_elsewhere(self, account: str, number: int) -> Answer:
        """Raises ``BadInput`` (``value_invalid``)."""
        if number < 0:
            raise BadInput(ErrorCode.VALUE_INVALID, field="elsewhere", value=str(number))
        today = self._parts.shop.clock.now().astimezone().date()
        await self._parts.lines.count_elsewhere(account, Elsewhere(today, number))
        self._wake_all()
        return {"account": account, "elsewhere": number}

    async def _take_in(self, taking: Coroutine[Any, Any, int]) -> Answer:
        campaign = await taking
        self._parts.reporter.note(campaigns=True)
        return {"campaign": campaign}

    async def _rename_route(self, route: str, name: str) -> Answer:
        """Raises ``Refused`` (``route_in_use``) while a campaign that is not over goes over it."""
        async with self._parts.intake.alone:
            runs = list(self._parts.moves.runs.values())
            for run in runs:
                used = run.submitted.snapshot.route
                if run.state not in OVER and route in (used.name, *used.named):
                    raise Refused(ErrorCode.ROUTE_IN_USE, name=route)
            await self._parts.lines.rename(route, name)
        for run in runs:
            await self._parts.moves.reload(run)
        return {"route": name}

    async def _suppress(self, patterns: tuple[str, ...], reason: str, source: str) -> Answer:
        try:
            why = SuppressionReason(reason)
        except ValueError as error:
            raise BadInput(ErrorCode.VALUE_INVALID, field="reason", value=reason) from error
        added = await self._parts.shop.suppressions.add(patterns, why, source)
        self._parts.reporter.note(suppressions=True)
        return {"added": added}
