"""The practice carriers as data: hosts, limits, replies and shares of fates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desktop_relay.domain.exchange import Failure
from desktop_relay.transport.resolver import MxRecord, ResolveError
from desktop_relay.transport.sandbox.fate import Fate, draw

RESET = "reset"
"""In the place of a reply: the connection is reset (TCP RST)."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a fate shows: ``share`` of the recipients, the ``reply``, and ``seconds`` of carrier time.

    ``at_dot``: after the message instead of at RCPT. ``seconds`` is how long a greylisting, a full
    mailbox (0: for good) or a slow answer lasts.
    """

    share: float = 0.0
    reply: str = ""
    at_dot: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a carrier bears, and its replies to more; ``RESET`` instead of a reply resets.

    ``messages_per_minute`` counts recipients, ``burst`` as many at once; with ``each_domain`` for each
    recipient domain by itself. ``block_after`` refusals within a carrier minute, or ``unknown_count``
    unknown users among 100 recipients, block the sender for ``block_seconds``; 0 means never.
    """

    connections: int
    messages_per_minute: float
    burst: float
    messages_per_session: int
    recipients: int
    each_domain: bool
    connections_reply: str
    rate_reply: str
    session_reply: str
    recipients_reply: str
    recipients_close: bool
    blocked_reply: str
    block_after: int
    block_seconds: float
    unknown_count: int


@dataclass(frozen=True, slots=True)
class MailHosts:
    """The MX hosts of some domains; ``{domain}`` and ``{label}`` in a host stand for the domain."""

    domains: tuple[str, ...]
    hosts: tuple[MxRecord, ...]


@dataclass(frozen=True, slots=True)
class Hosting:
    """The share of unknown domains that a carrier hosts, and their MX hosts."""

    share: float
    hosts: tuple[MxRecord, ...]


@dataclass(frozen=True, slots=True)
class Carrier:
    """One practice carrier with everything its server says."""

    name: str
    title: str
    banner: str
    mail: tuple[MailHosts, ...]
    hosted: Hosting | None
    extensions: tuple[str, ...]
    size: int
    starttls: bool
    accepted: str
    no_recipients: str
    relay_denied: str
    bad_address: str
    header_missing: str
    required_headers: tuple[str, ...]
    limits: Limits
    behaviours: Mapping[Fate, Behaviour]

    @property
    def host(self) -> str:
        """The name in the greeting."""
        for hosts in self._host_sets():
            return _host_of(hosts[0].host, "example.net")
        return f"{self.name}.example"

    @property
    def shares(self) -> Mapping[Fate, float]:
        """Fate to share of the recipients."""
        return {fate: behaviour.share for fate, behaviour in self.behaviours.items()}

    def compose(self, reply: str, **names: str | int) -> str:
        """A reply of the file as it goes on the wire, without its last line end.

        ``names`` are ``rcpt``, ``seconds``, ``queue`` and ``header`` as far as they are known.
        """
        domain = str(names.get("rcpt", "")).rpartition("@")[2]
        places = {"rcpt": "", "seconds": 0, "queue": "", "header": "", "host": self.host}
        return reply.format_map({**places, **names, "domain": domain}).replace("\n", "\r\n")

    def serves(self, host: str, domain: str) -> bool:
        """Whether ``host`` is one of this carrier's hosts for ``domain``."""
        return any(host == _host_of(record.host, domain) for hosts in self._host_sets() for record in hosts)

    def literal_hosts(self) -> Iterator[str]:
        """Hosts whose names do not depend on a domain."""
        for hosts in self._host_sets():
            yield from (record.host for record in hosts if "{" not in record.host)

    def host_suffixes(self) -> Iterator[str]:
        """What follows ``{label}`` in a host."""
        for hosts in self._host_sets():
            yield from (record.host.partition("{label}")[2] for record in hosts if "{label}" in record.host)

    def _host_sets(self) -> Iterator[tuple[MxRecord, ...]]:
        yield from (mail.hosts for mail in self.mail)
        if self.hosted is not None:
            yield self.hosted.hosts


class Carriers:
    """All practice carriers, looked up by recipient domain and by MX host."""

    def __init__(self, carriers: tuple[Carrier, ...]) -> None:
        self.all = carriers
        self._domains = {
            domain: (c, mail.hosts) for c in carriers for mail in c.mail for domain in mail.domains
        }
        self._hosts = {host: c for c in carriers for host in c.literal_hosts()}
        self._suffixes = {suffix: c for c in carriers for suffix in c.host_suffixes()}

    def of_domain(self, domain: str) -> Carrier:
        """The carrier that takes the mail of ``domain``; every domain has one."""
        return self._find(domain)[0]

    def mx(self, domain: str) -> tuple[MxRecord, ...]:
        """The MX records of ``domain``."""
        hosts = self._find(domain)[1]
        return tuple(MxRecord(record.preference, _host_of(record.host, domain)) for record in hosts)

    def of_host(self, host: str) -> Carrier:
        """The carrier behind an MX host; raises ``ResolveError`` (``no_address``) for a host nobody has."""
        found = self._hosts.get(host)
        if found is not None:
            return found
        for suffix, carrier in self._suffixes.items():
            if host.endswith(suffix):
                return carrier
        domain = host.partition(".")[2]
        carrier = self.of_domain(domain)
        if not carrier.serves(host, domain):
            raise ResolveError(Failure.NO_ADDRESS, host)
        return carrier

    def _find(self, domain: str) -> tuple[Carrier, tuple[MxRecord, ...]]:
        found = self._domains.get(domain)
        rest = domain
        while found is None and "." in rest:
            rest = rest.partition(".")[2]
            found = self._domains.get(f".{rest}")
        return found or self._host_by_chance(domain)

    def _host_by_chance(self, domain: str) -> tuple[Carrier, tuple[MxRecord, ...]]:
        """Shops' own domains lie with a large hoster or have a server of their own."""
        left = draw(0, "hosting", domain)  # not the user's seed: a domain's MX stays where it is
        hosting = [(carrier, carrier.hosted) for carrier in self.all if carrier.hosted is not None]
        for carrier, hosted in hosting:
            left -= hosted.share
            if left < 0.0:
                return carrier, hosted.hosts
        carrier, hosted = hosting[-1]
        return carrier, hosted.hosts


def _host_of(pattern: str, domain: str) -> str:
    return pattern.replace("{domain}", domain).replace("{label}", domain.replace(".", "-"))
