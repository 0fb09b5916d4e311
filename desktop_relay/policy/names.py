"""An index of host and domain names: exact ones, and suffixes that start with a dot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Finds the entry of a name: the exact one first, then the longest suffix."""

    entries: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str) -> str | None:
        """The value kept for ``name`` in lower case without a trailing dot, or ``None``."""
        name = name.lower().rstrip(".")
        found = self.entries.get(name)
        while found is None and "." in name:
            name = name.partition(".")[2]
            found = self.entries.get(f".{name}")
        return found


_GENERIC_SECOND_LEVEL = frozenset(
    ("ac", "ad", "co", "com", "ed", "edu", "go", "gov", "gr", "lg", "mil", "ne", "net", "nom", "or", "org")
)  # example.co.jp is somebody's, co.jp is nobody's


def roll_up(host: str) -> str:
    """What the hosts of one service share: the name above ``host``, or itself where that is a registry's."""
    host = host.lower().rstrip(".")
    parent = host.partition(".")[2]
    labels = parent.split(".")
    is_registry = len(labels) < 2 or (
        len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _GENERIC_SECOND_LEVEL
    )
    return host if is_registry else parent


def lies_in(name: str, domains: Iterable[str]) -> bool:
    """Whether ``name`` is one of ``domains`` or below one."""
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)
