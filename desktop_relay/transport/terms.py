"""On what terms we talk to a server."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

from desktop_relay.domain.outgoing import DeliveryNotifications
from desktop_relay.transport.access_tokens import AccessTokens
from desktop_relay.transport.encryption import Trust
from desktop_relay.transport.security import Security
from desktop_relay.transport.timeouts import Timeouts


@dataclass(frozen=True, slots=True)
class Terms:
    """Protection, name to say in EHLO, login, patience.

    ``context`` belongs to every security but NONE. An empty ``ehlo_name`` says the machine's name or
    address (RFC 5321 4.1.4). Without ``user`` there is no login. ``trust`` says what
    makes a certificate good beyond what ``context`` checks. ``requiretls`` asks for a server that keeps
    mail encrypted further on (RFC 8689). ``tokens`` stand in for the password where the account is signed in
    to in the browser. ``egress`` is the address of this machine that connections leave from, empty for the
    system's choice; ``notifications`` what every message asks for. ``history`` are transcript lines of what
    led to this opening. ``fails_testing`` is told of the connection, as in ``Protection``.
    """

    security: Security
    context: ssl.SSLContext | None = None
    trust: Trust = field(default_factory=Trust)
    requiretls: bool = False
    ehlo_name: str = ""
    user: str = ""
    password: str | None = field(default=None, repr=False)
    tokens: AccessTokens | None = field(default=None, repr=False)
    egress: str = ""
    notifications: DeliveryNotifications = DeliveryNotifications.OFF
    timeouts: Timeouts = field(default_factory=Timeouts)
    history: tuple[str, ...] = ()
    fails_testing: bool = False
