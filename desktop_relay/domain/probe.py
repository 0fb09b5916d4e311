"""What a connection test of a route found, without sending a mail."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.domain.outcome import Reason


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """``tls`` is the negotiated version, ``auth`` whether the login was taken (``None``: none was needed).

    ``problem`` says in a reason why it is not ``ok``, ``detail`` in the server's or system's own words.
    """

    ok: bool
    tls: str | None = None
    auth: bool | None = None
    banner: str = ""
    extensions: tuple[str, ...] = ()
    problem: Reason = Reason.NONE
    detail: str = ""
