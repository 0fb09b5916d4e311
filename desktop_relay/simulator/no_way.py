"""A way that leads nowhere: in virtual time nothing is opened."""

from __future__ import annotations

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.transport.session import Session


class NoWay:
    """What a line is given in the place of sockets."""

    async def open(self, domain: str, tls_required: bool = False) -> Session | Exchange:
        """Nothing is there."""
        return Exchange(Stage.CONNECT, failure=Failure.UNREACHABLE)

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        """Nobody is asked."""
        return None

    async def key_of(self, domain: str) -> str:
        """Every domain by itself."""
        return domain

    async def close(self) -> None:
        """Nothing is held."""
