"""Names in the sandbox: real domains to practice carriers on loopback; no name server is ever asked."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_relay.domain.exchange import Failure
from desktop_relay.transport.resolver import Endpoint, MxRecord, ResolveError
from desktop_relay.transport.sandbox.carriers import Carriers

_LOOPBACK = "127.0.0.1"
_NO_ADDRESS = "no-address.example"
_FAILURES = {
    "no-such-domain.example": Failure.NO_SUCH_DOMAIN,
    "null-mx.example": Failure.NULL_MX,
    "dns-temporary.example": Failure.DNS_TEMPORARY,
}


class SandboxResolver:
    """Answers for every domain there is; ``ports`` is carrier name to loopback port."""

    def __init__(self, carriers: Carriers, ports: Mapping[str, int]) -> None:
        self._carriers = carriers
        self._ports = ports

    async def mx(self, domain: str) -> tuple[MxRecord, ...]:
        """The MX records of ``domain``; raises ``ResolveError`` for ``*.invalid`` and three example names."""
        name = _normal(domain)
        failure = Failure.NO_SUCH_DOMAIN if _is_invalid(name) else _FAILURES.get(name)
        if failure is not None:
            raise ResolveError(failure, name)
        if name == _NO_ADDRESS:
            return (MxRecord(10, f"mx.{_NO_ADDRESS}"),)
        return self._carriers.mx(name)

    async def addresses(self, host: str) -> tuple[Endpoint, ...]:
        """The loopback listener of the carrier behind ``host``; raises ``ResolveError`` (``no_address``)."""
        name = _normal(host)
        if name.endswith(_NO_ADDRESS) or _is_invalid(name):
            raise ResolveError(Failure.NO_ADDRESS, name)
        return (Endpoint(_LOOPBACK, self._ports[self._carriers.of_host(name).name]),)


def _normal(name: str) -> str:
    return name.rstrip(".").lower()


def _is_invalid(name: str) -> bool:
    """RFC 2606 2: names that never exist."""
    return name == "invalid" or name.endswith(".invalid")
