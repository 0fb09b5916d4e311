"""Finds the lane of every domain of a campaign, asking name servers for those whose name tells nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from desktop_relay.policy.profiles import Directory

log = logging.getLogger(__name__)

LOOKUPS_AT_ONCE = 50
LOOKUP_SECONDS = 5.0
"""All of them together: a submission does not wait longer, what is unknown then gets a lane of its own."""

FIRST_ANSWER_SECONDS = 1.0
"""When no name server said anything at all by then, none is there: nobody waits for the rest."""

FAILURES_IN_A_ROW = 50
"""After so many questions without an answer no more are asked."""


class FindsHosts(Protocol):
    """Whom to ask for the hosts of a domain."""

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        """The hosts, best first, none for a domain without; ``None`` when nobody could tell."""
        ...


async def plan_lanes(
    domains: Iterable[str], directory: Directory, way: FindsHosts, *, seconds: float = LOOKUP_SECONDS
) -> Mapping[str, str]:
    """Domain to lane."""
    wanted = sorted(set(domains))
    unknown = [domain for domain in wanted if directory.lane_of_domain(domain) is None]
    hosts = await _Inquiry(way).ask_all(unknown, seconds)
    return {domain: directory.plan_lane(domain, hosts.get(domain)) for domain in wanted}


class _Inquiry:
    """The look-ups of one submission."""

    def __init__(self, way: FindsHosts) -> None:
        self._way = way
        self._found: dict[str, tuple[str, ...]] = {}
        self._answered = False
        self._failures = 0

    async def ask_all(self, domains: list[str], seconds: float) -> dict[str, tuple[str, ...]]:
        if not domains:
            return self._found
        left = iter(domains)
        asking = [asyncio.create_task(self._ask(left)) for _ in range(min(LOOKUPS_AT_ONCE, len(domains)))]
        first = min(seconds, FIRST_ANSWER_SECONDS)
        _, late = await asyncio.wait(asking, timeout=first)
        if late and self._answered:
            _, late = await asyncio.wait(late, timeout=seconds - first)
        for task in late:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        if late or self._failures >= FAILURES_IN_A_ROW:
            log.info("not all of %d domains could be looked up", len(domains))
        return self._found

    async def _ask(self, left: Iterator[str]) -> None:
        for domain in left:
            hosts = await self._way.lookup_mx(domain)
            if hosts is None:
                self._failures += 1
                if self._failures >= FAILURES_IN_A_ROW:
                    return
                continue
            self._answered = True
            self._failures = 0
            if hosts:
                self._found[domain] = hosts
