"""Carries messages over sessions of the pool, and once more where a session turned out to be dead."""

from __future__ import annotations

from collections.abc import Callable

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.engine.boarding import Boarding, Seat
from desktop_relay.engine.line import Line
from desktop_relay.engine.stream import Parcel
from desktop_relay.transport.session import Session

_TRIES = 3
_GONE = frozenset({Failure.CLOSED, Failure.RESET})

Coming = Callable[[], Parcel | None]
"""The message that comes next unless it is stopped: known, and its begin on the disk."""


class Carriage:
    """Takes one message after the other.

    A session of an account stays here between two messages when the second was announced on it.
    """

    def __init__(self, line: Line, boarding: Boarding) -> None:
        self._line = line
        self._boarding = boarding
        self._kept: Seat | None = None
        self._announced: Parcel | None = None
        self._at_work: Session | None = None
        self._hung_up = False

    async def carry(self, parcel: Parcel, coming: Coming) -> Exchange | float:
        """What happened over the wire; raises only ``CancelledError``.

        A number when nothing did: the message was stopped before anything of it was sent, or has to wait for
        a session for so many seconds of the line.
        """
        self._announced = None
        for _ in range(_TRIES):
            seat = self._take_kept(parcel) or await self._take_seat(parcel)
            if not isinstance(seat, Seat):
                return seat
            session = seat.session
            used_before = session.sent > 0
            self._at_work = session
            try:
                exchange = await session.send(
                    parcel.message,
                    # a lane that fast is no carrier with moods; what its server says is kept, how we got
                    # there is not
                    keep_transcript=not parcel.stream.lane.is_fast(),
                    following=self._following(seat, parcel, coming),
                )
            finally:
                self._at_work = None
                self._put_away(seat, coming())
            if self._hung_up and exchange.failure is not None and not exchange.message_may_have_been_taken:
                return 0.0
            if not (used_before and was_unseen(exchange)):
                return exchange
        return exchange

    def hang_up(self) -> None:
        """The engine ends: what the other end has not got whole yet goes back unsent."""
        self._hung_up = True
        if self._at_work is not None and not self._at_work.awaits_verdict:
            self._at_work.abort()

    def end(self) -> None:
        """Give back what is kept; on an envelope that was announced in vain one can only hang up."""
        if self._kept is not None:
            seat, self._kept = self._kept, None
            seat.session.abort()
            self._boarding.release(seat)

    def is_stopped(self, parcel: Parcel) -> bool:
        """Its campaign or lane was stopped since it was begun, by a person or by replies.

        What was announced on a session goes on: the other end has its envelope (RFC 2920 3.1).
        """
        if parcel is self._announced:
            return False
        clock = self._line.clock
        return not parcel.stream.is_open(clock.now()) or self._line.refuses(parcel, clock.monotonic())

    def _take_kept(self, parcel: Parcel) -> Seat | None:
        seat = self._kept
        if seat is not None and seat.session.expects(parcel.message):
            self._kept = None
            return seat
        self.end()
        return None

    async def _take_seat(self, parcel: Parcel) -> Seat | Exchange | float:
        if self.is_stopped(parcel):
            return 0.0
        seat = await self._boarding.take(parcel)
        if isinstance(seat, Seat) and self.is_stopped(parcel):  # opening a session takes its time
            self._boarding.release(seat)
            return 0.0
        return seat

    def _following(self, seat: Seat, parcel: Parcel, coming: Coming) -> Callable[[], Outgoing | None] | None:
        if self._line.account is None or not self._line.is_fast():
            return None  # which of a carrier's hosts takes the next message is not known yet

        def following() -> Outgoing | None:
            then = coming()
            if then is None or then.egress is not parcel.egress or self.is_stopped(then):
                return None
            limits = self._line.session_limits(seat.lane)
            self._announced = then if seat.pool.serves_another(seat.session, limits) else None
            return None if self._announced is None else self._announced.message

        return following

    def _put_away(self, seat: Seat, then: Parcel | None) -> None:
        if then is not None and seat.session.expects(then.message):
            self._kept = seat
        else:
            self._boarding.release(seat)


def was_unseen(exchange: Exchange) -> bool:
    """On a session that was used before: the server had hung up, and nothing of this message was seen."""
    return exchange.stage is Stage.MAIL and exchange.failure in _GONE
