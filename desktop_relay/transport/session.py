"""An SMTP session ready for mail: one transaction after the other on one open connection."""

from __future__ import annotations

import asyncio

from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.outgoing import DeliveryNotifications, Outgoing
from desktop_relay.protocol.ehlo import Extensions
from desktop_relay.transport.peer import Peer
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.transaction import Following, Transactions
from desktop_relay.transport.wire import Wire, WireError


class Session:
    """Sends messages over a connection that was greeted, protected and logged in by ``open_session``.

    ``opened_at`` is the loop's time, ``sent`` the transactions begun, ``peer`` who the other end is.
    """

    def __init__(
        self,
        wire: Wire,
        peer: Peer,
        timeouts: Timeouts,
        notifications: DeliveryNotifications = DeliveryNotifications.OFF,
    ) -> None:
        self.peer = peer
        self.opened_at = asyncio.get_running_loop().time()
        self.sent = 0
        self._wire = wire
        self._timeouts = timeouts
        self._transactions = Transactions(wire, peer, timeouts, notifications)

    @property
    def usable(self) -> bool:
        """Another message may be sent on it."""
        return not self._transactions.over and self._wire.usable

    @property
    def host(self) -> str:
        """The peer as ``name:port``."""
        return self.peer.host

    @property
    def own_address(self) -> str:
        """The address of this machine that it was opened from."""
        return self._wire.own_address

    @property
    def tls(self) -> str | None:
        """The negotiated version, ``None`` for plain text."""
        return self.peer.tls

    @property
    def extensions(self) -> Extensions:
        """What the server offers."""
        return self.peer.extensions

    @property
    def awaits_verdict(self) -> bool:
        """The message at work is out, final dot and all: who hangs up now leaves it in doubt."""
        return self._transactions.awaits_verdict

    def expects(self, message: Outgoing) -> bool:
        """It was announced on this session, which now takes this message or none."""
        transactions = self._transactions
        return transactions.announced is message and not transactions.over and self._wire.alive

    async def send(
        self, message: Outgoing, *, keep_transcript: bool = True, following: Following | None = None
    ) -> Exchange:
        """One transaction; never raises for a delivery that failed, only ``CancelledError``.

        Where the server pipelines, the message that ``following`` answers is announced with this one's
        content, which saves a round trip: it must be sent next, on this session, or the session aborted.
        Stage MAIL with failure CLOSED or RESET on a session that had ``sent`` before means that
        nothing of this message was seen: it may go out at once on another session.
        """
        self.sent += 1
        try:
            return await self._transactions.send(
                message, keep_transcript=keep_transcript, following=following
            )
        except asyncio.CancelledError:
            self.abort()
            raise

    async def ask(self, sender: str, recipient: str) -> Exchange:
        """Whether ``recipient`` would be taken: MAIL and RCPT, then RSET. Sends no mail."""
        try:
            return await self._transactions.ask(sender, recipient)
        except asyncio.CancelledError:
            self.abort()
            raise

    def abort(self) -> None:
        """Drop the connection at once, without a word."""
        self._transactions.over = True
        self._wire.abort()

    async def close(self) -> None:
        """QUIT and hang up, waiting a few seconds at most; never raises."""
        if not self.usable:
            self.abort()
            return
        self._transactions.over = True
        seconds = self._timeouts.quit
        try:
            self._wire.write(b"QUIT\r\n")
            await self._wire.hear((seconds,), seconds)
        except WireError:
            pass  # it is over either way
        finally:
            await self._wire.close(seconds)
