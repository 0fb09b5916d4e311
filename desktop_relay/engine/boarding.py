"""A session for every message, or the right to open one, before it is committed to be in flight."""

from __future__ import annotations

from typing import NamedTuple

from desktop_relay.domain.exchange import Exchange
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.stream import Parcel
from desktop_relay.transport.pool import Pool
from desktop_relay.transport.session import Session


class Seat(NamedTuple):
    """A session in use, where it goes back to, and the lane it counts for."""

    session: Session
    pool: Pool
    lane: Lane


class Boarding:
    """A lane may be allowed a number of sessions a minute only: who has to wait for one waits unbegun.

    Sessions of an account are not counted, so nobody waits for those.
    """

    def __init__(self, line: Line) -> None:
        self._line = line

    def wait(self, parcel: Parcel, at: float) -> float:
        """Seconds until the message could be given a session, 0.0 when it can; takes nothing."""
        pool, lane = self._pool(), parcel.stream.lane
        if pool is None or pool.has_idle(lane.key, parcel.domain, lane.profile.tls_required):
            return 0.0
        return lane.governor.wait_to_connect(at)

    def board(self, parcel: Parcel, at: float) -> None:
        """Give it the idle session that serves it, or the right to open one."""
        pool, lane = self._pool(), parcel.stream.lane
        if pool is None:
            return
        session = pool.claim(lane.key, parcel.domain, lane.profile.tls_required)
        if session is not None:
            parcel.seat = Seat(session, pool, lane)
        elif lane.governor.may_connect(at) == 0.0:
            parcel.permitted_at = at

    def leave(self, parcel: Parcel) -> None:
        """It is not sent: others may have what it was given."""
        if parcel.seat is not None:
            self.release(parcel.seat)
            parcel.seat = None
        self._give_permit_back(parcel)

    async def take(self, parcel: Parcel) -> Seat | Exchange | float:
        """Its session; else what came of opening one, or for how many seconds of the line none may be opened.

        Raises only ``CancelledError``.
        """
        seat, parcel.seat = parcel.seat, None
        if seat is not None and seat.session.usable:
            return seat
        if seat is not None:
            self.release(seat)
        lane = parcel.stream.lane
        egress = parcel.egress or self._line.egresses[0]
        pool = egress.pool  # another one from the moment the route changes
        ask = egress.permit_of(lane.governor)

        def permit() -> float:
            if parcel.permitted_at is None:
                return ask()
            parcel.permitted_at = None
            return 0.0

        found = await pool.acquire(lane.key, parcel.domain, lane.profile.tls_required, permit=permit)
        self._give_permit_back(parcel)
        return Seat(found, pool, lane) if isinstance(found, Session) else found

    def release(self, seat: Seat) -> None:
        """The session is not used any more, or by others."""
        seat.pool.release(seat.lane.key, seat.session, self._line.session_limits(seat.lane))

    def _pool(self) -> Pool | None:
        """Where sessions are counted by lane."""
        egress = self._line.egresses[0]
        return egress.pool if egress.governor is None else None

    def _give_permit_back(self, parcel: Parcel) -> None:
        if parcel.permitted_at is not None:
            parcel.stream.lane.governor.give_session_back(parcel.permitted_at)
            parcel.permitted_at = None
