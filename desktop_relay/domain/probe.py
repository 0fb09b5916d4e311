"""What a connection test of a route found, without sending a mail."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.own_address import OwnAddress
from desktop_relay.domain.protection import Verified


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """``tls`` is the negotiated version, ``auth`` whether the login was taken (``None``: none was needed).

    ``verified`` is how it was made sure who is at the other end, ``None`` without encryption.
    ``problem`` says in a reason why it is not ``ok``, ``detail`` in the server's or system's own words.
    ``address`` is where a server says that a direct line comes from, ``None`` where none does.
    """

    ok: bool
    tls: str | None = None
    auth: bool | None = None
    banner: str = ""
    extensions: tuple[str, ...] = ()
    problem: Reason = Reason.NONE
    detail: str = ""
    verified: Verified | None = None
    address: OwnAddress | None = None
