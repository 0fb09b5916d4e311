"""Messages from recipients, in this process or in a helper beside it; all it keeps is compiled builders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from desktop_relay.domain.campaign import CampaignSnapshot
from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.recipient import Recipient
from desktop_relay.message.builder import Builder
from desktop_relay.store.attachments import load_attachments
from desktop_relay.store.keys import load_dkim_keys


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What a campaign's builder is made of. A new ``edition`` reads keys and attachments again."""

    directory: Path
    snapshot: CampaignSnapshot
    edition: int


@lru_cache(maxsize=8)
def open_builder(blueprint: Blueprint) -> Builder:
    """The builder, compiled once a process; raises ``BadInput``, ``StoreUnusable``."""
    snapshot = blueprint.snapshot
    identity = snapshot.identity
    keys = (
        load_dkim_keys(blueprint.directory, identity.domain, identity.selector) if identity.selector else None
    )
    return Builder(snapshot, keys=keys, attachments=load_attachments(snapshot.template))


def assemble(
    blueprint: Blueprint, recipients: Sequence[Recipient], at: datetime
) -> list[Outgoing | BadInput]:
    """A message for each, or why there is none, in order."""
    builder = open_builder(blueprint)
    local = at.astimezone()  # RFC 5322 3.3: the Date tells the sender's own time of day
    return builder.build_all(recipients, local)
