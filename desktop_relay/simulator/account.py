"""An account's server in the simulator: it takes everything that its contract allows, and relays it later."""

from __future__ import annotations

from dataclasses import replace

from desktop_relay.domain.route import Route
from desktop_relay.engine.egress import account_limits
from desktop_relay.transport.sandbox.carriers import Behaviour, Carrier
from desktop_relay.transport.sandbox.fate import Fate

_UNLIMITED = 1e9
_SESSION = 1000
"""Messages a session: more than the engine sends over one."""

_FATES = {
    # EST: no provider publishes how often its servers are busy or hang up
    Fate.BUSY: Behaviour(0.001, "451 4.3.2 <{rcpt}>: system busy, try again later"),
    Fate.DROP_LOST: Behaviour(0.0001, at_dot=True),
}


def compose_account(route: Route, model: Carrier) -> Carrier:
    """The server behind a route: its replies are an account's own, its limits those that the route states.

    Whoever does not exist is found out later, by the provider; ``model`` lends everything else.
    """
    agreed = account_limits(route)
    per_minute = _UNLIMITED if agreed.rate is None else agreed.rate * 60.0
    limits = replace(
        model.limits,
        connections=agreed.connections,
        messages_per_minute=per_minute,
        burst=max(1.0, per_minute),
        messages_per_session=_SESSION,
        each_domain=False,
        connections_reply="421 4.7.0 {host} too many connections for this account",
        rate_reply="451 4.7.1 {host} sending rate of this account exceeded, slow down",
        blocked_reply="421 4.3.2 {host} service not available",
        block_after=0,
        unknown_count=0,
    )
    return replace(
        model,
        name=route.name,
        title=route.name,
        starttls=True,
        accepted="250 2.0.0 queued as {queue}",
        limits=limits,
        behaviours=_FATES,
    )
