"""How long each step of an SMTP dialogue may take (RFC 5321 4.5.3.2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds until a whole answer must be there, however slowly its octets come.

    ``connect`` and ``banner`` are shorter than the RFC's, as all MTAs have them: a dead host must not
    hold a lane. ``block`` is how long a write may make no headway. ``octet`` is how long an answer that has
    begun may pause. ``dot`` must never be shortened, not even by ``octet``: whoever gives up early sends the
    message twice (RFC 5321 4.5.3.2.6). Nobody waits for QUIT.

    The RFC's times are for each command alone, and several hosts that connect and then say nothing would hold
    a connection for many minutes: after ``opening`` no further address is tried. That is what the most of
    them take when none answers at all.
    """

    opening: float = 150.0
    connect: float = 30.0
    banner: float = 60.0
    ehlo: float = 300.0
    starttls: float = 60.0
    auth: float = 120.0
    mail: float = 300.0
    rcpt: float = 300.0
    data: float = 120.0
    block: float = 180.0
    octet: float = 60.0
    dot: float = 600.0
    rset: float = 20.0
    quit: float = 3.0
