"""What a mutation changed; every view decides for itself whether it must re-read."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Changes:
    """Flags by noun of the library; changes of the spool travel as ``progress.Changed``."""

    contacts: bool = False
    lists: bool = False
    templates: bool = False
    identities: bool = False
    routes: bool = False
    campaigns: bool = False
    suppressions: bool = False
    settings: bool = False

    def __or__(self, other: Changes) -> Changes:
        return Changes(**{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)})
