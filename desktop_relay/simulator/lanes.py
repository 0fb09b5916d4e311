"""The lanes of a simulated audience: which domains share one, and who is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from desktop_relay.policy.profiles import Directory
from desktop_relay.simulator.audience import People
from desktop_relay.transport.sandbox.carriers import Carriers


def plan_lanes(
    audience: Mapping[str, Sequence[str]], directory: Directory, carriers: Carriers
) -> Mapping[str, People]:
    """Lane to its people, by the directory and the practice carriers' MX hosts."""
    by_lane: defaultdict[str, dict[str, Sequence[str]]] = defaultdict(dict)
    for domain, addresses in audience.items():
        hosts = [record.host for record in carriers.mx(domain)]
        by_lane[directory.plan_lane(domain, hosts)][domain] = addresses
    return {lane: People(domains) for lane, domains in by_lane.items()}
