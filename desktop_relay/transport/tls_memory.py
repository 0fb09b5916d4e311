"""What must be remembered of other people's encryption, so that nobody can talk us out of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from desktop_relay.policy.protection import REMEMBERED_FOR
from desktop_relay.protocol.mta_sts import KeptPolicy

_WRITE_AGAIN = timedelta(hours=12)
"""A host that is seen encrypted all day is written down twice a day."""


class TlsMemory:
    """Hosts that were seen encrypted, and the policies of domains; the engine keeps it over its restarts."""

    def __init__(self) -> None:
        self._hosts: dict[str, datetime] = {}
        self._policies: dict[str, KeptPolicy] = {}
        self._new_hosts: dict[str, datetime] = {}
        self._new_policies: dict[str, KeptPolicy] = {}

    def restore(self, hosts: Mapping[str, datetime], policies: Mapping[str, KeptPolicy]) -> None:
        """Add what was kept; what was learned since is newer."""
        self._hosts = {**hosts, **self._hosts}
        self._policies = {**policies, **self._policies}

    def note_encrypted(self, host: str, now: datetime) -> None:
        """A session with ``host`` is encrypted."""
        before = self._hosts.get(host)
        if before is None or abs(now - before) >= _WRITE_AGAIN:
            self._hosts[host] = self._new_hosts[host] = now

    def was_encrypted(self, host: str, now: datetime) -> bool:
        """Whether ``host`` was lately; a moment in the future counts, for a clock may have been set back."""
        seen = self._hosts.get(host)
        return seen is not None and now - seen < REMEMBERED_FOR

    def policy_of(self, domain: str, now: datetime) -> KeptPolicy | None:
        """The policy of ``domain`` that is still good."""
        kept = self._policies.get(domain)
        return kept if kept is not None and kept.is_valid(now) else None

    def keep_policy(self, domain: str, kept: KeptPolicy) -> None:
        """A policy was fetched."""
        self._policies[domain] = self._new_policies[domain] = kept

    def take_changes(self) -> tuple[dict[str, datetime], dict[str, KeptPolicy]]:
        """Hosts and policies since this was asked last."""
        changes = self._new_hosts, self._new_policies
        self._new_hosts, self._new_policies = {}, {}
        return changes

    def give_back(self, hosts: Mapping[str, datetime], policies: Mapping[str, KeptPolicy]) -> None:
        """Changes could not be written: they are taken again next time."""
        self._new_hosts = {**hosts, **self._new_hosts}
        self._new_policies = {**policies, **self._new_policies}
