"""Keeps over restarts what the ways out remember of other people's encryption."""

from __future__ import annotations

from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.engine.workshop import Workshop
from desktop_relay.policy.protection import REMEMBERED_FOR
from desktop_relay.store.tls_standing import load_sts_policies, load_tls_hosts, save_tls_standing
from desktop_relay.transport.tls_memory import TlsMemory


class TlsKeeper:
    """Loads ``memory`` out of the spool once, and writes what changes in it."""

    def __init__(self, shop: Workshop, memory: TlsMemory) -> None:
        self._writer = shop.writer
        self._database = shop.spool.db
        self._clock = shop.clock
        self._memory = memory
        self._loaded = False

    async def load(self) -> None:
        """Before the first way is opened; raises ``StoreUnusable``."""
        if self._loaded:
            return
        now = self._clock.now()
        hosts = await self._writer.call(load_tls_hosts, self._database, now - REMEMBERED_FOR)
        policies = await self._writer.call(load_sts_policies, self._database, now)
        self._memory.restore(hosts, policies)
        self._loaded = True

    async def save(self) -> None:
        """What is new since the last time; raises ``StoreUnusable``, and it stays new."""
        hosts, policies = self._memory.take_changes()
        if not hosts and not policies:
            return
        since = self._clock.now() - REMEMBERED_FOR
        try:
            await self._writer.call(save_tls_standing, self._database, hosts, policies, since)
        except StoreUnusable:
            self._memory.give_back(hosts, policies)
            raise
