"""The connection test of a route: how far one gets, and what stands in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from desktop_relay.domain.address import Address, parse_address, repair_address
from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.exchange import Exchange, Stage
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.own_address import OwnAddress
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.protection import Protection, parse_protection
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.policy.classify import FAILURE_REASONS
from desktop_relay.policy.port25 import SILENT, is_blocked
from desktop_relay.transport.access_tokens import AccessTokens
from desktop_relay.transport.failures import BROKEN_OFF
from desktop_relay.transport.guard import Guard
from desktop_relay.transport.own_address import find_own_address
from desktop_relay.transport.resolver import DnsResolver
from desktop_relay.transport.session import Session
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.ways import way_of_route

_PATIENCE = Timeouts(
    connect=15.0, banner=30.0, ehlo=30.0, starttls=30.0, auth=30.0, mail=30.0, rcpt=30.0, rset=10.0
)
"""A person waits in front of the window; no message is at stake."""

_HASTE = Timeouts(connect=4.0, banner=10.0, ehlo=10.0, starttls=10.0)
"""Who is there answers within a fraction of this; with a few addresses each it is over in half a minute."""

_REFUSALS = {
    Stage.BANNER: Reason.BLOCKED,
    Stage.EHLO: Reason.BLOCKED,
    Stage.STARTTLS: Reason.TLS_FAILED,
    Stage.AUTH: Reason.LOGIN_FAILED,
    Stage.MAIL: Reason.SENDER_REFUSED,
}


async def probe_route(  # noqa: PLR0913
    route: Route,
    *,
    password: str | None,
    ca_file: str | None,
    to: str | None = None,
    sender: str | None = None,
    nameservers: Sequence[str] = (),
    direct_port: int = 25,
    timeouts: Timeouts = _PATIENCE,
    reachable: Sequence[str] = (),
    tokens: AccessTokens | None = None,
    guard: Guard | None = None,
) -> ProbeResult:
    """Connect, protect and log in as the route says; with ``to`` also ask whether it would be taken.

    ``sender`` (else the login, if it is an address) stands in MAIL FROM. A direct route is tested towards
    an address; without one, or when that is silent, towards the ``reachable`` domains, which tell whether
    the line lets port 25 through. ``guard`` knows what hosts must show, as for mail itself. No mail leaves,
    and nothing is raised.
    """
    if route.kind is RouteKind.SANDBOX:
        return ProbeResult(ok=True)
    try:
        recipient = parse_address(repair_address(to)) if to else None
    except BadInput:
        return ProbeResult(ok=False, problem=Reason.BAD_ADDRESS, detail=to or "")
    direct = route.kind is RouteKind.DIRECT
    resolver = DnsResolver(nameservers)
    way = way_of_route(
        route,
        password=password,
        resolver=resolver if direct or nameservers else None,
        ca_file=ca_file,
        direct_port=direct_port,
        timeouts=timeouts,
        tokens=tokens,
        guard=guard,
    )
    if direct and recipient is None:
        return await _try_line(route, resolver, direct_port, reachable)
    opened = await way.open("" if recipient is None else recipient.domain)
    if isinstance(opened, Exchange):
        if direct and opened.stage is Stage.CONNECT and opened.failure in SILENT:
            line = await _try_line(route, resolver, direct_port, reachable)
            if line.problem is Reason.PORT25_BLOCKED:
                return line
        return _failed(opened, login=bool(route.user))
    try:
        asked = await _ask(opened, recipient, sender or (route.user if "@" in route.user else ""))
        address = await find_own_address([opened], resolver) if direct else None
    finally:
        await opened.close()
        await way.close()
    return _found(opened, asked, login=bool(route.user), address=address)


async def _try_line(route: Route, resolver: DnsResolver, port: int, domains: Sequence[str]) -> ProbeResult:
    """Whether servers that answer everybody answer us, asked all at once and for seconds only."""
    if not domains:
        return ProbeResult(ok=False, problem=Reason.BAD_ADDRESS)
    way = way_of_route(route, resolver=resolver, direct_port=port, timeouts=_HASTE)
    opened = await asyncio.gather(*(way.open(domain) for domain in domains))
    sessions = [each for each in opened if isinstance(each, Session)]
    failed = [each for each in opened if isinstance(each, Exchange)]
    address = await find_own_address(sessions, resolver)
    await asyncio.gather(*(session.close() for session in sessions))
    await way.close()
    if sessions:
        return _found(sessions[0], None, login=False, address=address)
    if is_blocked(failed):
        return ProbeResult(ok=False, problem=Reason.PORT25_BLOCKED, detail=", ".join(domains))
    return _failed(failed[-1], login=False)


async def _ask(session: Session, recipient: Address | None, sender: str) -> Exchange | None:
    return None if recipient is None else await session.ask(sender, recipient.envelope)


def _found(
    session: Session, asked: Exchange | None, *, login: bool, address: OwnAddress | None
) -> ProbeResult:
    problem = _problem(asked) if asked is not None else Reason.NONE
    protection = _protection(session.tls)
    return ProbeResult(
        ok=problem is Reason.NONE,
        tls=None if protection is None else protection.version,
        verified=None if protection is None else protection.verified,
        auth=True if login else None,
        banner=session.peer.banner,
        extensions=session.extensions.names,
        problem=problem,
        detail=_words(asked) if asked is not None and problem is not Reason.NONE else "",
        address=address,
    )


def _failed(exchange: Exchange, *, login: bool) -> ProbeResult:
    refused = login and exchange.stage is Stage.AUTH
    protection = _protection(exchange.tls)
    return ProbeResult(
        ok=False,
        tls=None if protection is None else protection.version,
        verified=None if protection is None else protection.verified,
        auth=False if refused else None,
        problem=_problem(exchange),
        detail=_words(exchange),
    )


def _protection(tls: str | None) -> Protection | None:
    return parse_protection(tls or "")


def _words(exchange: Exchange) -> str:
    return str(exchange.reply) if exchange.reply is not None else exchange.detail


def _problem(exchange: Exchange) -> Reason:
    """The reason that a person is told."""
    reply, stage = exchange.reply, exchange.stage
    if exchange.failure in BROKEN_OFF and stage is Stage.STARTTLS:
        # mail would try again; whoever sets the route up looks at its encryption first
        return Reason.TLS_FAILED
    if reply is None:
        return FAILURE_REASONS[exchange.failure] if exchange.failure is not None else Reason.NONE
    if reply.positive:
        return Reason.NONE
    if reply.temporary:
        return Reason.SERVER_BUSY if stage in (Stage.BANNER, Stage.EHLO) else Reason.OTHER_TEMPORARY
    if stage is Stage.RCPT and "relay" in reply.text.lower():
        return Reason.RELAY_DENIED
    return _REFUSALS.get(stage, Reason.OTHER_PERMANENT)
