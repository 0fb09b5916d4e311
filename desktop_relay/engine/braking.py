"""The brakes of campaigns at work: told of every answer, kept over restarts, released by people."""

from __future__ import annotations

import logging

from desktop_relay.domain.effect import Verdict
from desktop_relay.domain.errors import ErrorCode, NotFound
from desktop_relay.domain.exchange import OPENING
from desktop_relay.engine.line import Line
from desktop_relay.engine.moves import Moves
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Parcel, Stream
from desktop_relay.engine.traffic import Traffic
from desktop_relay.engine.workshop import Workshop
from desktop_relay.policy.brake import Brake

log = logging.getLogger(__name__)


def hear(parcel: Parcel, verdict: Verdict) -> bool:
    """Count an attempt's end with its lane's brake; true when that may be reason to stop."""
    stream = parcel.stream
    line = stream.line
    if line is None:
        return False
    account = line.account if parcel.egress is None else parcel.egress.governor
    if account is not None and verdict.outcome.stage in OPENING:
        return False  # the account's own trouble, not the lane's
    if not stream.brake.take(verdict.outcome, verdict.effect, line.clock.monotonic()):
        return False
    stream.lane.note(verdict, line.clock.now(), line.speed)
    return True


class Braking:
    """Stops one lane of one campaign; the others go on."""

    def __init__(self, shop: Workshop, traffic: Traffic, moves: Moves) -> None:
        self._shop = shop
        self._traffic = traffic
        self._moves = moves

    async def load(self, run: Run) -> None:
        """What an earlier engine knew of a campaign that was just taken up."""
        load = self._shop.spool.load_brakes
        for lane, memory in (await self._shop.writer.call(load, run.id)).items():
            run.brakes[lane] = Brake(memory, strict=run.submitted.snapshot.brakes)

    def judged(self, parcel: Parcel, verdict: Verdict) -> None:
        """An attempt ended so."""
        if hear(parcel, verdict):
            self._check(parcel.stream)

    async def complain(self, run: Run, lane: str, line: Line) -> None:
        """Somebody reported a mail of this lane as unwanted; ``line`` is its campaign's. Then it is kept."""
        run.brake(lane).complain()
        stream = run.streams.get(lane)
        # the lane may have gone another way; nobody knows which account of a pool it was
        if stream is not None and stream.line is not None:
            line = stream.line
        for egress in line.egresses:
            egress.allowance.complain()
        self._shop.committer.remember(line.lessons(line.lane(lane)))
        if stream is not None:
            self._check(stream)
        await self._keep(run)
        await self._shop.committer.flush()

    async def release(self, run: Run, lane: str, *, leave: bool) -> int:
        """Send on anyway, or leave it stopped; answers whether there was a stop. Raises ``NotFound``."""
        if lane not in run.counts:
            raise NotFound(ErrorCode.NO_SUCH_LANE, lane=lane)
        async with run.lock:
            brake = run.brake(lane)
            if brake.stopped is None:
                return 0
            if leave:
                brake.leave()
            else:
                brake.release()
                log.info("campaign %d lane %s: sent on over its brake", run.id, lane)
                self._traffic.wake_stream(run, lane)
            await self._keep(run)
            return 1

    def hold(self, run: Run, lane: str, by: Stream | None = None) -> None:
        """The brake has just stopped for what went ``by`` a way, else the one of now.

        What was not begun goes back, and the warm-up of each account on that way hears of it.
        """
        stream = run.streams.get(lane)
        self._tell(by or stream)
        if stream is not None:
            self._traffic.stop_stream(stream)
        self._moves.do(run, self._keep)

    async def save(self) -> None:
        """Keep what was counted since the last time; raises ``StoreUnusable``."""
        for run in list(self._moves.runs.values()):
            await self._write(run)

    def _check(self, stream: Stream) -> None:
        run, lane = stream.run, stream.lane.key
        counts = run.counts.get(lane)
        finding = stream.brake.check(counts.open if counts is not None else run.open, self._shop.clock.now())
        if finding is not None:
            log.info(
                "campaign %d lane %s stops: %s, %d of %d",
                run.id,
                lane,
                finding.cause,
                finding.number,
                finding.sample,
            )
            self.hold(run, lane, stream)

    def _tell(self, stream: Stream | None) -> None:
        if stream is None or stream.line is None or stream.brake.stopped is None:
            return
        for egress in stream.line.egresses:
            egress.allowance.hold(stream.brake.stopped)
        self._shop.committer.remember(stream.line.lessons(stream.lane))

    async def _keep(self, run: Run) -> None:
        await self._write(run)
        run.dirty = True
        self._moves.changed()

    async def _write(self, run: Run) -> None:
        changed = {lane: brake for lane, brake in run.brakes.items() if brake.unsaved}
        if not changed:
            return
        for brake in changed.values():
            brake.unsaved = False
        memories = {lane: brake.memory for lane, brake in changed.items()}
        await self._shop.writer.call(self._shop.spool.save_brakes, run.id, memories)
