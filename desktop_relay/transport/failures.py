"""What kind of end an error of the network or of aiosmtplib is."""

from __future__ import annotations

import ssl

import aiosmtplib

from desktop_relay.domain.exchange import Failure

BROKEN_OFF = frozenset({Failure.RESET, Failure.CLOSED, Failure.TIMEOUT, Failure.UNREACHABLE})
"""The connection ended, which says nothing of what was being said: that happens at any time."""


def failure_of(error: BaseException) -> Failure:
    """What kind of end this is; aiosmtplib keeps the system's own error as the cause."""
    cause = error.__cause__ if isinstance(error, aiosmtplib.SMTPException) else None
    if cause is not None and not isinstance(cause, (TimeoutError, ValueError)):
        return failure_of(cause)
    for kinds, failure in (
        (ssl.SSLError, Failure.TLS_FAILED),
        (TimeoutError, Failure.TIMEOUT),
        (aiosmtplib.SMTPServerDisconnected, Failure.CLOSED),
        (aiosmtplib.SMTPException, Failure.GARBLED),
        (ConnectionRefusedError, Failure.REFUSED),
        ((ConnectionResetError, BrokenPipeError, ConnectionAbortedError), Failure.RESET),
        (OSError, Failure.UNREACHABLE),
    ):
        if isinstance(error, kinds):
            return failure
    return Failure.GARBLED
