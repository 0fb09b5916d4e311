"""Who is on the other end in virtual time: practice carriers by the recipient's domain, accounts by name."""

from __future__ import annotations

from collections.abc import Callable

from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.simulator.account import compose_account
from desktop_relay.simulator.peer import Peer
from desktop_relay.simulator.scenario import Scenario
from desktop_relay.transport.sandbox.carriers import Carrier, Carriers


class Peers:
    """Each is made when first asked for."""

    def __init__(self, scenario: Scenario, carriers: Carriers, draw: Callable[[], float]) -> None:
        self._scenario = scenario
        self._carriers = carriers
        self._draw = draw
        self._by_domain: dict[str, tuple[Peer, str]] = {}
        self._by_name: dict[str, Peer] = {}
        self._accounts: dict[str, tuple[Peer, str]] = {}

    def find(self, domain: str, route: Route) -> tuple[Peer, str]:
        """Who takes mail for a domain over a route, and what domains sharing its sessions have in common."""
        if route.kind is RouteKind.SMARTHOST:
            return self._account(route)
        found = self._by_domain.get(domain)
        if found is None:
            carrier = self._carriers.of_domain(domain)
            peer = self._by_name.get(carrier.name)
            if peer is None:
                peer = self._by_name[carrier.name] = self._make(carrier)
            found = self._by_domain[domain] = (peer, self._carriers.mx(domain)[0].host)
        return found

    def _account(self, route: Route) -> tuple[Peer, str]:
        found = self._accounts.get(route.name)
        if found is None:
            server = compose_account(route, self._carriers.all[-1])
            found = self._accounts[route.name] = (self._make(server), route.name)
        return found

    def _make(self, carrier: Carrier) -> Peer:
        scenario = self._scenario
        return Peer(
            carrier,
            seed=scenario.seed,
            timing=scenario.timing,
            troubles=[trouble for trouble in scenario.troubles if trouble.where == carrier.name],
            draw=self._draw,
            faults=scenario.faults,
        )
