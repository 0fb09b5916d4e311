"""A resolver that answers from a table, and says so when a name is not in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from desktop_relay.domain.exchange import Failure
from desktop_relay.transport.resolver import Endpoint, MxRecord, ResolveError


class TableResolver:
    """``mx`` by domain, ``hosts`` by host name; a ``Failure`` in place of an answer is raised.

    ``asked`` are all questions in order.
    """

    def __init__(
        self,
        mx: Mapping[str, Sequence[MxRecord] | Failure],
        hosts: Mapping[str, Sequence[Endpoint] | Failure] | None = None,
    ) -> None:
        self._mx = mx
        self._hosts = hosts or {}
        self.asked: list[str] = []

    async def mx(self, domain: str) -> tuple[MxRecord, ...]:
        """As the table says; NO_SUCH_DOMAIN for what is not in it."""
        self.asked.append(f"MX {domain}")
        return tuple(_known(self._mx.get(domain, Failure.NO_SUCH_DOMAIN)))

    async def addresses(self, host: str) -> tuple[Endpoint, ...]:
        """As the table says; NO_ADDRESS for what is not in it."""
        self.asked.append(f"A {host}")
        return tuple(_known(self._hosts.get(host, Failure.NO_ADDRESS)))


T = TypeVar("T")


def _known(answer: Sequence[T] | Failure) -> Sequence[T]:
    if isinstance(answer, Failure):
        raise ResolveError(answer)
    return answer
