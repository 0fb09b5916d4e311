"""What the settings page does: general settings, senders with their keys."""

from __future__ import annotations

from desktop_relay.domain.identity import Identity
from desktop_relay.domain.settings import Setting, Value
from desktop_relay.operations import identities, settings

from ui.context import Context


class Presenter:
    """Every method that waits is a coroutine; no widgets here."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._workspace = context.workspace

    # -- settings

    async def settings(self) -> list[tuple[Setting, Value]]:
        """Every setting with its value."""
        return await self._context.tasks.in_worker(settings.overview, self._workspace)

    async def set_value(self, key: str, text: str) -> None:
        """Raises ``BadInput`` for what cannot be."""
        _, changes = await self._context.tasks.in_worker(settings.set_value, self._workspace, key, text)
        self._context.publish(changes)

    # -- senders

    async def identities(self) -> list[Identity]:
        """Every sender."""
        return await self._context.tasks.in_worker(identities.overview, self._workspace)

    async def identity(self, address: str) -> Identity:
        """As it is kept now; raises ``NotFound``."""
        return await self._context.tasks.in_worker(identities.load, self._workspace, address)

    async def save_identity(self, identity: Identity, seen: Identity | None) -> None:
        """``seen`` is how it was before, ``None`` for a new one. Raises ``BadInput``, ``Refused``."""
        worker, ws = self._context.tasks.in_worker, self._workspace
        if seen is None:
            _, changes = await worker(identities.add, ws, identity)
        else:
            _, changes = await worker(identities.change, ws, seen, identity)
        self._context.publish(changes)

    async def delete_identity(self, address: str) -> Identity:
        """Its keys stay; raises ``NotFound``."""
        identity, changes = await self._context.tasks.in_worker(identities.delete, self._workspace, address)
        self._context.publish(changes)
        return identity

    async def dns_records(self, address: str) -> list[tuple[str, str]]:
        """What to publish; makes the keys when there are none."""
        records, changes = await self._context.tasks.in_worker(
            identities.create_key, self._workspace, address
        )
        self._context.publish(changes)
        return records
