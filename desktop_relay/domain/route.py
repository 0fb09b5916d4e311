"""A route: a transport with its next hop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RouteKind(StrEnum):
    """How mail leaves: through an account, straight to the MX, or into the practice carriers."""

    SMARTHOST = "smarthost"
    DIRECT = "direct"
    SANDBOX = "sandbox"


class TlsMode(StrEnum):
    """How a smarthost connection is protected (RFC 8314): never, by STARTTLS, or from the first byte."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Route:
    """Where mail goes next.

    ``rate`` is messages per second for the account as a whole, ``None`` without a limit.
    ``max_connections`` likewise for the account. ``ehlo_name`` overrides the machine's name.
    The password is not here: it lies encrypted in the library under the route's name.
    """

    name: str
    kind: RouteKind
    host: str = ""
    port: int = 0
    tls: TlsMode = TlsMode.STARTTLS
    user: str = ""
    rate: float | None = None
    max_connections: int | None = None
    ehlo_name: str = ""


PRACTICE = Route(name="sandbox", kind=RouteKind.SANDBOX)
"""The route into the practice carriers that every library has."""
