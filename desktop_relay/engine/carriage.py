"""Carries one message over a session of the pool, and once more where the session turned out to be dead."""

from __future__ import annotations

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.engine.line import Line
from desktop_relay.engine.stream import Parcel

_TRIES = 3
_GONE = frozenset({Failure.CLOSED, Failure.RESET})


async def carry(line: Line, parcel: Parcel) -> Exchange:
    """What happened over the wire; raises only ``CancelledError``."""
    lane = parcel.stream.lane
    pool = line.pool
    # a lane that fast is no carrier with moods; what its server says is kept, how we got there is not
    keeps_transcript = not lane.is_fast()
    for _ in range(_TRIES):
        session = await pool.acquire(lane.key, parcel.domain, lane.profile.tls_required)
        if isinstance(session, Exchange):
            return session
        used_before = session.sent > 0
        try:
            exchange = await session.send(parcel.message, keep_transcript=keeps_transcript)
        finally:
            pool.release(lane.key, session, line.session_limits(lane))
        if not (used_before and was_unseen(exchange)):
            return exchange
    return exchange


def was_unseen(exchange: Exchange) -> bool:
    """On a session that was used before: the server had hung up, and nothing of this message was seen."""
    return exchange.stage is Stage.MAIL and exchange.failure in _GONE
