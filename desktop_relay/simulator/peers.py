"""The practice carriers in virtual time, found by the recipient's domain."""

from __future__ import annotations

from collections.abc import Callable

from desktop_relay.simulator.peer import Peer
from desktop_relay.simulator.scenario import Scenario
from desktop_relay.transport.sandbox.carriers import Carrier, Carriers


class Peers:
    """Each carrier is made when its first domain is asked for."""

    def __init__(self, scenario: Scenario, carriers: Carriers, draw: Callable[[], float]) -> None:
        self._scenario = scenario
        self._carriers = carriers
        self._draw = draw
        self._by_domain: dict[str, tuple[Peer, str]] = {}
        self._by_name: dict[str, Peer] = {}

    def find(self, domain: str) -> tuple[Peer, str]:
        """The carrier of a domain, and what the domains that share its connections have in common."""
        found = self._by_domain.get(domain)
        if found is None:
            carrier = self._carriers.of_domain(domain)
            peer = self._by_name.get(carrier.name) or self._make(carrier)
            found = self._by_domain[domain] = (peer, self._carriers.mx(domain)[0].host)
        return found

    def _make(self, carrier: Carrier) -> Peer:
        scenario = self._scenario
        peer = self._by_name[carrier.name] = Peer(
            carrier,
            seed=scenario.seed,
            timing=scenario.timing,
            troubles=[trouble for trouble in scenario.troubles if trouble.carrier == carrier.name],
            draw=self._draw,
            faults=scenario.faults,
        )
        return peer
