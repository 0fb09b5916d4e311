"""A resolver that answers from a table with the standing of each answer, as one behind a validator does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop_relay.domain.exchange import Failure
from desktop_relay.transport.resolver import Endpoint, Found, MxRecord, ResolveError
from tests.fakes.table_resolver import TableResolver


def txt(text: str) -> bytes:
    """A TXT record's data."""
    return bytes([len(text)]) + text.encode()


class SignedNames(TableResolver):
    """``signed`` zones have secure answers of every type, also none; ``records`` are data of TXT and TLSA.

    ``aliases`` are names that stand for another one; an answer that goes by an alias is secure when both of
    its zones are. A ``Failure`` in place of records is raised: what cannot be validated is SERVFAIL.
    """

    def __init__(
        self,
        mx: Mapping[str, Sequence[MxRecord] | Failure],
        hosts: Mapping[str, Sequence[Endpoint] | Failure] | None = None,
        *,
        records: Mapping[tuple[str, str], Sequence[bytes] | Failure] | None = None,
        signed: frozenset[str] = frozenset(),
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(mx, hosts)
        self.records = dict(records or {})
        self.signed = signed
        self._aliases = aliases or {}

    async def lookup(self, name: str, kind: str) -> Found:
        """As the tables say."""
        self.asked.append(f"{kind} {name}")
        answer = self.records.get((name, kind), ())
        if isinstance(answer, Failure):
            raise ResolveError(answer, name)
        found = tuple(answer)
        if kind == "A" and not found and name in self._hosts:
            found = (b"\x7f\0\0\1",)
        target = self._aliases.get(name, name)
        if kind == "CNAME":
            found, target = (b"alias",) if target != name else (), name
        # a record's owner is as good as the zone it lies in
        return Found(found, target, all(self._is_signed(owner) for owner in (name, target)))

    def _is_signed(self, name: str) -> bool:
        return any(name == zone or name.endswith(f".{zone}") for zone in self.signed)
