"""A route: a transport with its next hop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from desktop_relay.domain.warmup import Warmup


class RouteKind(StrEnum):
    """How mail leaves: through an account, several, straight to the MX, or into the practice carriers."""

    SMARTHOST = "smarthost"
    DIRECT = "direct"
    SANDBOX = "sandbox"
    POOL = "pool"

    @property
    def is_counted(self) -> bool:
        """Whether its messages count against quotas, now or later: it is an account, or stands for one."""
        return self in (RouteKind.SMARTHOST, RouteKind.DIRECT)


class TlsMode(StrEnum):
    """How a smarthost connection is protected (RFC 8314): never, by STARTTLS, or from the first byte."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Member:
    """An account of a pool: its route's name, and its share of the mail beside the others'."""

    route: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """Which mail of a pool goes to which member; what is empty fits all, the first rule that fits holds.

    ``senders`` are addresses or ``@domain``; ``over_octets`` fits messages larger than that. ``keep`` leaves
    the last so many of the member's daily quota to other mail. With ``only``, mail waits for its member
    rather than going over another one.
    """

    to: str
    lanes: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    over_octets: int | None = None
    keep: int = 0
    only: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Where mail goes next.

    ``rate`` is messages per second for the account as a whole, ``None`` without a limit.
    ``max_connections`` likewise for the account, ``daily_quota`` messages in a day of the user's zone and
    ``hourly_quota`` in any sixty minutes. With a ``warmup`` an account or a direct route begins with few
    messages a day. ``ehlo_name`` overrides the machine's name and ``egress`` is the
    address of this machine that connections leave from, empty for the system's choice. ``oauth`` names the
    provider of tokens for an account that takes no password, ``client_id`` this program as the user
    registered it there. ``members`` and
    ``rules`` belong to a pool; ``fallback`` names the route that a direct one's lanes move to when they are
    blocked. With ``requiretls`` mail goes only to servers that promise to keep it encrypted (RFC 8689). The
    password is not here: it lies encrypted in the library under the route's name.
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
    daily_quota: int | None = None
    hourly_quota: int | None = None
    members: tuple[Member, ...] = ()
    rules: tuple[RoutingRule, ...] = ()
    fallback: str = ""
    requiretls: bool = False
    egress: str = ""
    oauth: str = ""
    client_id: str = ""
    warmup: Warmup | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The other routes that this one needs."""
        return (*(member.route for member in self.members), *((self.fallback,) if self.fallback else ()))

    def renamed(self, old: str, new: str) -> Route:
        """The same where the route ``old`` is called ``new``: this one, or one that it names."""

        def now(name: str) -> str:
            return new if name == old else name

        return replace(
            self,
            name=now(self.name),
            members=tuple(replace(member, route=now(member.route)) for member in self.members),
            rules=tuple(replace(rule, to=now(rule.to)) for rule in self.rules),
            fallback=now(self.fallback),
        )


PRACTICE = Route(name="sandbox", kind=RouteKind.SANDBOX)
"""The route into the practice carriers that every library has."""
