"""What is looked after all the time: campaigns that lie still, lane memory, clock, network, the data."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable

from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.engine.clock import Jump, TimeWatch, follow_zone
from desktop_relay.engine.lines import Lines
from desktop_relay.engine.moves import Moves
from desktop_relay.engine.steering import Steering
from desktop_relay.engine.traffic import Traffic
from desktop_relay.engine.uplink import LOOK_SECONDS
from desktop_relay.engine.warden import Warden
from desktop_relay.engine.workshop import Workshop
from desktop_relay.store.connection import Database

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_TURNS_A_SAVE = 5
_AGAIN_SECONDS = 5.0


class Caretaker:
    """Makes the rounds. ``on_gone`` hears when the data is no longer where it was opened."""

    def __init__(
        self,
        shop: Workshop,
        database: Database,
        parts: tuple[Lines, Traffic, Moves, Steering, Warden],
        on_gone: Callable[[StoreUnusable], None],
    ) -> None:
        self._shop = shop
        self._clock = shop.clock
        self._database = database
        self._lines, self._traffic, self._moves, self._steering, self._warden = parts
        self._on_gone = on_gone

    async def run(self) -> None:
        """Go round for ever."""
        for turn in itertools.count(1):
            await self._clock.sleep(_LOOK_SECONDS)
            self._warden.look_after()
            if turn % _TURNS_A_SAVE == 0:
                await self.save()
                await self._look_at_data()

    async def watch_time(self) -> None:
        """Notice jumps for ever; apart from the rounds, so that no work on the disk looks like one."""
        clock = self._clock
        watch = TimeWatch(clock.now(), clock.monotonic())
        while True:
            await clock.sleep(_LOOK_SECONDS)
            follow_zone()
            jump = watch.look(clock.now(), clock.monotonic(), _LOOK_SECONDS)
            if jump is not None:
                await self._after(jump)
                watch = TimeWatch(clock.now(), clock.monotonic())

    async def watch_network(self) -> None:
        """Notice another network for ever: sessions, names and paces are those of the old one."""
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            if await self._shop.uplink.look():
                await self._begin_anew()

    async def save(self, *, everything: bool = False) -> None:
        """Keep what lanes learned and brakes counted."""
        try:
            await self._lines.save(everything=everything)
            await self._warden.save()
        except StoreUnusable as error:
            self._warden.trouble(error)

    async def _look_at_data(self) -> None:
        # on the spool's thread: a disk that hangs must not stop the loop
        if not await self._shop.writer.call(self._database.is_in_place):
            self._on_gone(StoreUnusable(ErrorCode.DATA_GONE, path=str(self._database.path)))

    async def _after(self, jump: Jump) -> None:
        """The machine slept, or its clock was set: nothing kept about the network can be trusted.

        Sessions are dead on the other side, names may lead elsewhere, and what was to happen at a time of
        day is due at another moment than was reckoned. Paces have nothing saved up: a bucket holds a second.
        """
        log.info("time jumped: %.0f s slept, the clock set by %s", jump.slept, jump.was_set)
        if jump.was_set_back:
            spool, now = self._shop.spool, self._clock.now()
            try:
                await self._shop.writer.call_sliced(spool.bring_forward, jump.was_set, now)
            except StoreUnusable as error:
                log.warning("retries could not be brought forward: %r", error)
        await self._shop.uplink.look(at_once=True)  # a notebook wakes elsewhere, or before its network
        await self._begin_anew()

    async def _begin_anew(self) -> None:
        """Nothing found over the network of before is kept; what is on the wire ends by itself."""
        try:
            await self._lines.renew()
        except (StoreUnusable, OSError) as error:
            log.warning("lines could not be opened anew: %r", error)
        self._look_again()
        # what was being fetched at that moment reckoned with the time of before
        self._shop.wakeups.after(_AGAIN_SECONDS, self._look_again)

    def _look_again(self) -> None:
        self._shop.wakeups.look_again()
        for run in list(self._moves.runs.values()):
            self._moves.do(run, self._steering.look_again)
        self._traffic.wake_lines()
