"""Finds the lane of every domain of a campaign, asking name servers for those whose name tells nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Protocol

from desktop_relay.policy.profiles import Directory

log = logging.getLogger(__name__)

LOOKUPS_AT_ONCE = 50
LOOKUP_SECONDS = 5.0
"""All of them together: a submission does not wait longer, what is unknown then gets a lane of its own."""


class FindsHosts(Protocol):
    """Whom to ask for the hosts of a domain."""

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        """The hosts, best first, or ``None``."""
        ...


async def plan_lanes(
    domains: Iterable[str], directory: Directory, way: FindsHosts, *, seconds: float = LOOKUP_SECONDS
) -> Mapping[str, str]:
    """Domain to lane."""
    wanted = sorted(set(domains))
    unknown = [domain for domain in wanted if directory.lane_of_domain(domain) is None]
    hosts = await _lookup(unknown, way, seconds)
    return {domain: directory.plan_lane(domain, hosts.get(domain)) for domain in wanted}


async def _lookup(domains: list[str], way: FindsHosts, seconds: float) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    left = iter(domains)

    async def ask() -> None:
        for domain in left:
            hosts = await way.lookup_mx(domain)
            if hosts:
                found[domain] = hosts

    if domains:
        asking = [asyncio.create_task(ask()) for _ in range(min(LOOKUPS_AT_ONCE, len(domains)))]
        await asyncio.wait(asking, timeout=seconds)
        late = [task for task in asking if not task.done()]
        for task in late:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        if late:
            log.info("not all of %d domains could be looked up in time", len(domains))
    return found
