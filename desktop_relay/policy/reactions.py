"""What a reason means by itself: whether to try again, and how the lane reacts to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Reason

_R = Reason

FINAL_REASONS = frozenset(
    {
        _R.UNKNOWN_USER,
        _R.MAILBOX_DISABLED,
        # the reader's own filter answers the same to every further try
        _R.FILTERED,
        _R.BAD_ADDRESS,
        _R.RELAY_DENIED,
        _R.CONTENT,
        _R.TOO_BIG,
        _R.PROTOCOL,
        _R.NOT_ENCODABLE,
        _R.NO_SUCH_DOMAIN,
        _R.NULL_MX,
        _R.NO_ADDRESS,
        _R.OTHER_PERMANENT,
    }
)
"""A permanent reply for one of these bounces; for another it is about our standing or pace, and waits."""

ADDRESS_IS_DEAD = frozenset({_R.UNKNOWN_USER, _R.MAILBOX_DISABLED})
"""Only these say that the address itself is no use; nobody is taken off a list for a filter or a block."""

CONNECT_FAILURE = Effect(EffectKind.FEWER_CONNECTIONS, reason=LaneReason.CONNECT_FAILURES)
"""The connection did not come about or broke: fewer at once, and a pause when it goes on."""

EFFECTS: Mapping[Reason, Effect] = {
    _R.THROTTLED: Effect(EffectKind.SLOW, reason=LaneReason.REPLIES),
    _R.CONNECTION_LIMIT: Effect(EffectKind.FEWER_CONNECTIONS, reason=LaneReason.REPLIES),
    _R.SESSION_LIMIT: Effect(EffectKind.RECONNECT),
    _R.TOO_MANY_RECIPIENTS: Effect(EffectKind.RECONNECT),
    _R.POSSIBLE_BLOCK: CONNECT_FAILURE,
    _R.BLOCKED: Effect(EffectKind.SUSPEND, pause=timedelta(hours=1), reason=LaneReason.BLOCKED),
    _R.BAD_REPUTATION: Effect(EffectKind.SUSPEND, pause=timedelta(hours=2), reason=LaneReason.BLOCKED),
    _R.NO_REVERSE_DNS: Effect(EffectKind.SUSPEND, pause=timedelta(hours=1), reason=LaneReason.BLOCKED),
    _R.AUTH_FAILURE: Effect(EffectKind.STOP_CAMPAIGN, pause_reason=PauseReason.AUTH_FAILURE),
}
"""The reaction to a reason unless a rule says otherwise; those left out teach the lane nothing."""

_STANDING = frozenset({_R.BLOCKED, _R.BAD_REPUTATION, _R.NO_REVERSE_DNS, _R.AUTH_FAILURE, _R.SENDER_REFUSED})


def lane_reason_of(reason: Reason) -> LaneReason:
    """What a lane shows that was slowed or suspended for ``reason``."""
    if reason is Reason.POSSIBLE_BLOCK:
        return LaneReason.CONNECT_FAILURES
    return LaneReason.BLOCKED if reason in _STANDING else LaneReason.REPLIES
