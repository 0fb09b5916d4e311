"""One mail transaction: MAIL, RCPT, DATA and the message, pipelined where offered (RFC 5321, RFC 2920)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.reply import Reply
from desktop_relay.protocol.dot import LONE_DOT, stuff_dots
from desktop_relay.transport.peer import Peer
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.transcript import Transcript
from desktop_relay.transport.wire import Wire, WireError

_CONTROLS = re.compile("[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class _Command:
    stage: Stage
    line: bytes
    seconds: float
    resets: bool = False


class Transaction:
    """Runs one message over a wire and pairs every reply with its command.

    Afterwards ``needs_reset`` says that the server still holds an envelope, and ``over`` that
    nothing more can be said on this wire.
    """

    def __init__(
        self, wire: Wire, peer: Peer, timeouts: Timeouts, *, reset_first: bool, keep_transcript: bool
    ) -> None:
        self.needs_reset = reset_first
        self.over = False
        self._wire = wire
        self._peer = peer
        self._timeouts = timeouts
        self._transcript = Transcript(kept=keep_transcript, start=peer.prelude)
        self._stage = Stage.MAIL

    async def send(self, message: Outgoing) -> Exchange:
        """The decisive exchange of the whole transaction; never raises for a failed delivery."""
        refusal = self._refusal(message)
        if refusal is not None:
            return self._ended(Stage.MAIL, failure=refusal[0], detail=refusal[1])
        try:
            return await self._run(message)
        except WireError as error:
            self.over = True
            return self._ended(self._stage, failure=error.failure, detail=error.detail)

    async def ask(self, sender: str, recipient: str) -> Exchange:
        """The reply to RCPT, or the refusal before it; the envelope is taken back."""
        timeouts = self._timeouts
        try:
            if self.needs_reset:
                await self._step(self._reset())
            for command in (
                _Command(Stage.MAIL, _line("MAIL FROM:", sender), timeouts.mail),
                _Command(Stage.RCPT, _line("RCPT TO:", recipient), timeouts.rcpt),
            ):
                reply = await self._step(command)
                if not reply.positive:
                    break
            if not self.over and self.needs_reset:
                await self._step(self._reset())
            return self._ended(command.stage, reply=reply)
        except WireError as error:
            self.over = True
            return self._ended(self._stage, failure=error.failure, detail=error.detail)

    async def _run(self, message: Outgoing) -> Exchange:
        commands = self._commands(message)
        pipelined = self._peer.extensions.pipelining
        if pipelined:
            # RFC 2920 3.1: RSET, MAIL, RCPT may stand anywhere in a group, DATA only at its end
            self._say(b"".join(command.line for command in commands), replies=len(commands))
        refused: Exchange | None = None
        opened = False
        for command in commands:
            reply = await (self._hear(command) if pipelined else self._step(command))
            if command.stage is Stage.DATA and reply.code == 354:
                opened = True
            elif not reply.positive and not command.resets:
                refused = refused or self._ended(command.stage, reply=reply)
            if self.over or (refused is not None and not pipelined):
                break
        if refused is None:
            return await self._send_content(message.content)
        if opened and not self.over:
            await self._send_lone_dot()
        return self._with_transcript(refused)

    async def _send_content(self, content: bytes) -> Exchange:
        octets = stuff_dots(content)
        self._stage = Stage.DATA
        self._wire.write(octets)
        self._transcript.said_octets(len(octets))
        try:
            await self._wire.flush(self._timeouts.block)
        finally:
            unsent = self._wire.unsent
            # while the last dot is still on this machine nobody can have taken the message
            self._stage = Stage.DATA if unsent else Stage.DOT
        reply = await self._wire.next_reply(self._timeouts.dot)
        self._transcript.heard(reply)
        # RFC 5321 4.1.1.4: whatever the answer, the envelope is gone
        self.needs_reset = False
        # a refusal in mid-message leaves the two sides out of step
        self.over = unsent or reply.code == 421
        if not (reply.temporary or reply.permanent or (reply.positive and not unsent)):
            self._stage = Stage.DOT
            raise WireError(Failure.GARBLED, f"out of turn: {reply}")
        return self._ended(self._stage, reply=reply)

    async def _send_lone_dot(self) -> None:
        # RFC 2920 3.1: every recipient was refused, but the server waits for a message
        self._stage = Stage.DATA
        self._say(LONE_DOT)
        reply = await self._wire.next_reply(self._timeouts.dot)
        self._transcript.heard(reply)
        self.needs_reset = False
        self.over = reply.code == 421

    async def _step(self, command: _Command) -> Reply:
        self._stage = command.stage
        self._say(command.line)
        return await self._hear(command)

    async def _hear(self, command: _Command) -> Reply:
        """The reply to ``command``; raises ``WireError`` when it can be no reply to that."""
        self._stage = command.stage
        reply = await self._wire.next_reply(command.seconds)
        self._transcript.heard(reply)
        # RFC 5321 3.8: the server is closing, whatever it was asked
        self.over = reply.code == 421
        if command.resets:
            if not reply.positive:
                raise WireError(Failure.CLOSED, f"RSET: {reply}")
            self.needs_reset = False
        elif command.stage is Stage.DATA:
            if reply.code == 354:
                self.needs_reset = False
            elif reply.code < 400:
                raise WireError(Failure.GARBLED, f"out of turn: {reply}")
        elif 300 <= reply.code < 400:
            raise WireError(Failure.GARBLED, f"out of turn: {reply}")
        elif command.stage is Stage.MAIL and reply.positive:
            self.needs_reset = True
        return reply

    def _say(self, octets: bytes, *, replies: int = 1) -> None:
        self._wire.write(octets, replies=replies)
        self._transcript.said(octets)

    def _commands(self, message: Outgoing) -> list[_Command]:
        envelope, timeouts, offers = message.envelope, self._timeouts, self._peer.extensions
        parameters = []
        if offers.takes_size:
            parameters.append(f"SIZE={len(message.content)}")
        if not message.content.isascii():
            parameters.append("BODY=8BITMIME")
        if message.smtputf8:
            parameters.append("SMTPUTF8")
        return [
            *([self._reset()] if self.needs_reset else []),
            _Command(Stage.MAIL, _line("MAIL FROM:", envelope.return_path, parameters), timeouts.mail),
            _Command(Stage.RCPT, _line("RCPT TO:", envelope.recipient), timeouts.rcpt),
            _Command(Stage.DATA, b"DATA\r\n", timeouts.data),
        ]

    def _reset(self) -> _Command:
        return _Command(Stage.MAIL, b"RSET\r\n", self._timeouts.rset, resets=True)

    def _refusal(self, message: Outgoing) -> tuple[Failure, str] | None:
        """What can be told before a word is said."""
        offers, envelope = self._peer.extensions, message.envelope
        addresses = envelope.return_path + envelope.recipient
        if _CONTROLS.search(addresses):
            return Failure.NOT_ENCODABLE, "control character in the envelope"
        if message.smtputf8 and not offers.smtputf8:
            # RFC 6531 3.2: no silent downgrade
            return Failure.NOT_ENCODABLE, "SMTPUTF8 not offered"
        if not message.smtputf8 and not addresses.isascii():
            return Failure.NOT_ENCODABLE, "envelope is not ASCII"
        if not message.content.isascii() and not offers.eightbitmime:
            return Failure.NOT_ENCODABLE, "8BITMIME not offered"
        if offers.size is not None and len(message.content) > offers.size:
            # RFC 1870 6.1: do not begin what must be refused
            return Failure.TOO_BIG, f"{len(message.content)} > {offers.size}"
        return None

    def _ended(
        self, stage: Stage, *, reply: Reply | None = None, failure: Failure | None = None, detail: str = ""
    ) -> Exchange:
        lines = self._transcript.lines()
        return Exchange(stage, reply, failure, detail, self._peer.host, self._peer.tls, lines)

    def _with_transcript(self, exchange: Exchange) -> Exchange:
        return self._ended(exchange.stage, reply=exchange.reply)


def _line(verb: str, address: str, parameters: list[str] | tuple[str, ...] = ()) -> bytes:
    return " ".join([f"{verb}<{address}>", *parameters]).encode("utf-8") + b"\r\n"
