"""What all parts of one engine share: the spool and its thread, the committer, clock, alarms and network."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.domain.clock import Clock
from desktop_relay.engine.committer import Committer
from desktop_relay.engine.preparer import Preparer
from desktop_relay.engine.suppressions import Suppressions
from desktop_relay.engine.uplink import Uplink
from desktop_relay.engine.wakeups import Wakeups
from desktop_relay.engine.writer import Writer
from desktop_relay.store.spool import Spool


@dataclass(frozen=True, slots=True)
class Workshop:
    """Made once by the engine; nothing in it is replaced."""

    writer: Writer
    spool: Spool
    committer: Committer
    preparer: Preparer
    suppressions: Suppressions
    wakeups: Wakeups
    clock: Clock
    uplink: Uplink
