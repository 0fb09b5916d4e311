"""An SMTP session ready for mail: one transaction after the other on one open connection."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.protocol.ehlo import Extensions
from desktop_relay.transport.peer import Peer
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.transaction import Transaction
from desktop_relay.transport.wire import Wire, WireError


class Session:
    """Sends messages over a connection that was greeted, protected and logged in by ``open_session``.

    ``opened_at`` is the loop's time, ``sent`` the transactions begun, ``peer`` who the other end is.
    """

    def __init__(self, wire: Wire, peer: Peer, timeouts: Timeouts) -> None:
        self.peer = peer
        self.opened_at = asyncio.get_running_loop().time()
        self.sent = 0
        self._wire = wire
        self._timeouts = timeouts
        self._needs_reset = False
        self._over = False

    @property
    def usable(self) -> bool:
        """Another message may be sent on it."""
        return not self._over and self._wire.usable

    @property
    def host(self) -> str:
        """The peer as ``name:port``."""
        return self.peer.host

    @property
    def tls(self) -> str | None:
        """The negotiated version, ``None`` for plain text."""
        return self.peer.tls

    @property
    def extensions(self) -> Extensions:
        """What the server offers."""
        return self.peer.extensions

    async def send(self, message: Outgoing, *, keep_transcript: bool = True) -> Exchange:
        """One transaction; never raises for a delivery that failed, only ``CancelledError``.

        Stage MAIL with failure CLOSED or RESET on a session that had ``sent`` before means that
        nothing of this message was seen: it may go out at once on another session.
        """
        transaction = self._transaction(keep_transcript)
        self.sent += 1
        return await self._run(transaction, transaction.send(message))

    async def ask(self, sender: str, recipient: str) -> Exchange:
        """Whether ``recipient`` would be taken: MAIL and RCPT, then RSET. Sends no mail."""
        transaction = self._transaction(keep_transcript=True)
        return await self._run(transaction, transaction.ask(sender, recipient))

    def _transaction(self, keep_transcript: bool) -> Transaction:
        return Transaction(
            self._wire,
            self.peer,
            self._timeouts,
            reset_first=self._needs_reset,
            keep_transcript=keep_transcript,
        )

    async def _run(self, transaction: Transaction, exchange: Coroutine[Any, Any, Exchange]) -> Exchange:
        try:
            return await exchange
        except asyncio.CancelledError:
            self._wire.abort()
            raise
        finally:
            self._needs_reset = transaction.needs_reset
            self._over = self._over or transaction.over

    def abort(self) -> None:
        """Drop the connection at once, without a word."""
        self._over = True
        self._wire.abort()

    async def close(self) -> None:
        """QUIT and hang up, waiting a few seconds at most; never raises."""
        if not self.usable:
            self.abort()
            return
        self._over = True
        seconds = self._timeouts.quit
        try:
            self._wire.write(b"QUIT\r\n")
            await self._wire.next_reply(seconds)
        except WireError:
            pass  # it is over either way
        finally:
            await self._wire.close(seconds)
