"""The MTA-STS policies of domains: looked for, fetched, kept and fetched again (RFC 8461 3.3, 5)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from desktop_relay.protocol.mta_sts import KeptPolicy, StsPolicy, parse_sts_record
from desktop_relay.transport.policy_host import PolicyUnavailable
from desktop_relay.transport.resolver import Records, ResolveError
from desktop_relay.transport.tls_memory import TlsMemory

log = logging.getLogger(__name__)

LOOK_SECONDS = 300.0
"""A domain's record is not looked at more often, nor a policy that could not be had (RFC 8461 3.3)."""

PATIENCE_SECONDS = 5.0
"""Mail waits so long for the first policy of its domain. A policy host that is slower is one that is down."""

_REFRESH = timedelta(days=1)
_AT_ONCE = 20
_ENTRIES_LIMIT = 20_000


class FetchesPolicies(Protocol):
    """Where policies come from."""

    async def fetch(self, domain: str) -> StsPolicy:
        """The policy; raises ``PolicyUnavailable``."""
        ...


@dataclass(frozen=True, slots=True)
class _Look:
    task: asyncio.Task[None]
    until: float


class StsPolicies:
    """Looks at most once at a time for a domain; ``memory`` keeps what was found.

    ``now`` tells the aware time, ``monotonic`` seconds.
    """

    def __init__(
        self,
        records: Records,
        host: FetchesPolicies,
        memory: TlsMemory,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._records = records
        self._host = host
        self._memory = memory
        self._now = now
        self._monotonic = monotonic
        self._patience = patience
        self._looked: dict[str, float] = {}
        self._looking: dict[str, _Look] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def policy_of(self, domain: str) -> StsPolicy | None:
        """The policy in force; waits a little where it is not known yet. Raises only ``CancelledError``."""
        if self._monotonic() >= self._looked.get(domain, 0.0):
            look = self._looking.get(domain) or self._begin(domain)
            # whoever comes later waits for what is left of the first one's patience, perhaps not at all
            left = look.until - self._monotonic()
            if left > 0:
                await asyncio.wait([look.task], timeout=left)
        kept = self._memory.policy_of(domain, self._now())
        return None if kept is None else kept.policy

    async def close(self) -> None:
        """Give up what is being looked for."""
        tasks = [look.task for look in self._looking.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _begin(self, domain: str) -> _Look:
        task = asyncio.create_task(self._look(domain))
        look = self._looking[domain] = _Look(task, self._monotonic() + self._patience)
        task.add_done_callback(lambda _: self._looking.pop(domain, None))
        return look

    async def _look(self, domain: str) -> None:
        try:
            found = await self._records.lookup(f"_mta-sts.{domain}", "TXT")
            policy_id = parse_sts_record(found.records)
        except ResolveError:
            policy_id = None
        # RFC 8461 5.1: a kept policy holds to its end, even when the record has gone
        if policy_id is not None and self._is_stale(domain, policy_id):
            await self._fetch(domain, policy_id)
        self._note(domain)

    def _is_stale(self, domain: str, policy_id: str) -> bool:
        """Nothing is kept, it was kept under another id, or its end draws near (RFC 8461 3.3)."""
        now = self._now()
        kept = self._memory.policy_of(domain, now)
        if kept is None or kept.id != policy_id:
            return True
        return now - kept.fetched_at > min(_REFRESH, kept.policy.max_age / 2)

    async def _fetch(self, domain: str, policy_id: str) -> None:
        try:
            async with self._turns:
                policy = await self._host.fetch(domain)
        except PolicyUnavailable as error:
            log.info("the MTA-STS policy of %s cannot be had: %s", domain, error)
        else:
            self._memory.keep_policy(domain, KeptPolicy(policy_id, policy, self._now()))

    def _note(self, domain: str) -> None:
        now = self._monotonic()
        if len(self._looked) >= _ENTRIES_LIMIT:
            self._looked = {name: until for name, until in self._looked.items() if until > now}
            while len(self._looked) >= _ENTRIES_LIMIT:
                self._looked.pop(next(iter(self._looked)))
        self._looked[domain] = now + LOOK_SECONDS
