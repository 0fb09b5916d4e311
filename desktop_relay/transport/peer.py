"""The other end of an open session: who it is and what it can do."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop_relay.protocol.ehlo import Extensions


@dataclass(frozen=True, slots=True)
class Peer:
    """``host`` is ``name:port``, ``tls`` a ``Protection`` as text or ``None`` for plain text.

    ``prelude`` is the dialogue from the banner to the login as transcript lines, secrets removed.
    ``banner`` is the text of the greeting. ``requiretls`` says that mail goes out on it with the demand to
    stay encrypted further on (RFC 8689), which the server offers. ``seen_address`` is where it says that we
    come from, empty when it does not.
    """

    host: str
    tls: str | None = None
    extensions: Extensions = field(default_factory=Extensions)
    prelude: tuple[str, ...] = ()
    banner: str = ""
    requiretls: bool = False
    seen_address: str = ""
