"""Carries messages over sessions of the pool, and once more where a session turned out to be dead."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.stream import Parcel
from desktop_relay.transport.pool import Pool
from desktop_relay.transport.session import Session

_TRIES = 3
_GONE = frozenset({Failure.CLOSED, Failure.RESET})

Coming = Callable[[], Parcel | None]
"""The message that certainly comes next: known, and its begin on the disk."""


class _Seat(NamedTuple):
    """A session in use, where it goes back to, and the lane it counts for."""

    session: Session
    pool: Pool
    lane: Lane


class Carriage:
    """Takes one message after the other.

    A session of an account stays here between two messages when the second was announced on it.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._kept: _Seat | None = None

    async def carry(self, parcel: Parcel, coming: Coming) -> Exchange:
        """What happened over the wire; raises only ``CancelledError``."""
        for _ in range(_TRIES):
            seat = self._take_kept(parcel) or await self._acquire(parcel)
            if isinstance(seat, Exchange):
                return seat
            session = seat.session
            used_before = session.sent > 0
            try:
                exchange = await session.send(
                    parcel.message,
                    # a lane that fast is no carrier with moods; what its server says is kept, how we got
                    # there is not
                    keep_transcript=not parcel.stream.lane.is_fast(),
                    following=self._following(seat, parcel, coming),
                )
            finally:
                self._put_away(seat, coming())
            if not (used_before and was_unseen(exchange)):
                return exchange
        return exchange

    def end(self) -> None:
        """Give back what is kept; on an envelope that was announced in vain one can only hang up."""
        if self._kept is not None:
            seat, self._kept = self._kept, None
            seat.session.abort()
            self._release(seat)

    def _take_kept(self, parcel: Parcel) -> _Seat | None:
        seat = self._kept
        if seat is not None and seat.session.expects(parcel.message):
            self._kept = None
            return seat
        self.end()
        return None

    async def _acquire(self, parcel: Parcel) -> _Seat | Exchange:
        lane = parcel.stream.lane
        egress = parcel.egress or self._line.egresses[0]
        pool = egress.pool  # another one from the moment the route changes
        required, permit = lane.profile.tls_required, egress.permit_of(lane.governor)
        session = await pool.acquire(lane.key, parcel.domain, required, permit=permit)
        return session if isinstance(session, Exchange) else _Seat(session, pool, lane)

    def _following(self, seat: _Seat, parcel: Parcel, coming: Coming) -> Callable[[], Outgoing | None] | None:
        if self._line.account is None or not self._line.is_fast():
            return None  # which of a carrier's hosts takes the next message is not known yet

        def following() -> Outgoing | None:
            then = coming()
            if then is None or then.egress is not parcel.egress:
                return None
            limits = self._line.session_limits(seat.lane)
            return then.message if seat.pool.serves_another(seat.session, limits) else None

        return following

    def _put_away(self, seat: _Seat, then: Parcel | None) -> None:
        if then is not None and seat.session.expects(then.message):
            self._kept = seat
        else:
            self._release(seat)

    def _release(self, seat: _Seat) -> None:
        seat.pool.release(seat.lane.key, seat.session, self._line.session_limits(seat.lane))


def was_unseen(exchange: Exchange) -> bool:
    """On a session that was used before: the server had hung up, and nothing of this message was seen."""
    return exchange.stage is Stage.MAIL and exchange.failure in _GONE
