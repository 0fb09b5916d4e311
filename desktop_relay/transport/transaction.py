"""Mail transactions on one wire: MAIL, RCPT, DATA, message; pipelined where offered (RFC 5321, RFC 2920)."""

from __future__ import annotations

from collections.abc import Callable

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import DeliveryNotifications, Outgoing
from desktop_relay.domain.reply import Reply
from desktop_relay.protocol.dot import LONE_DOT, stuff_dots
from desktop_relay.protocol.envelope import compose_envelope, find_obstacle
from desktop_relay.transport.peer import Peer
from desktop_relay.transport.step import GO_AHEAD, Step, Steps
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.transcript import Transcript
from desktop_relay.transport.wire import Wire, WireError

_CLOSING = 421


Following = Callable[[], Outgoing | None]


class Transactions:
    """Runs one message after the other over a wire and pairs every reply with its command.

    ``over`` says that nothing more can be said on this wire. ``announced`` is a message whose envelope was
    given already, in one group with the content before it: only that one can be sent next.
    """

    def __init__(
        self,
        wire: Wire,
        peer: Peer,
        timeouts: Timeouts,
        notifications: DeliveryNotifications = DeliveryNotifications.OFF,
    ) -> None:
        self.over = False
        self.announced: Outgoing | None = None
        self._wire = wire
        self._peer = peer
        self._timeouts = timeouts
        self._notifications = notifications
        self._transcript = Transcript(kept=False)
        self._stage = Stage.MAIL
        self._needs_reset = False
        self._steps = Steps(timeouts)

    @property
    def awaits_verdict(self) -> bool:
        """The message is out, final dot and all, and no reply is known to it."""
        return self._stage is Stage.DOT

    async def send(
        self, message: Outgoing, *, keep_transcript: bool, following: Following | None = None
    ) -> Exchange:
        """The decisive exchange of a whole transaction; never raises for a failed delivery.

        ``following`` is asked for the message to announce once the recipient of this one was taken.
        """
        self._begin(keep_transcript)
        obstacle = find_obstacle(message, self._peer.extensions)
        if obstacle is not None:
            return self._ended(Stage.MAIL, failure=obstacle[0], detail=obstacle[1])
        try:
            if not self._peer.extensions.pipelining:
                return await self._run_stepwise(message)
            return await self._run_pipelined(message, following)
        except WireError as error:
            return self._lost(error)

    async def ask(self, sender: str, recipient: str) -> Exchange:
        """The reply to RCPT, or the refusal before it; the envelope is taken back."""
        self._begin(keep_transcript=True)
        try:
            if self._needs_reset:
                await self._ask_one(self._steps.reset, b"RSET\r\n")
            step = self._steps.mail
            reply = await self._ask_one(step, f"MAIL FROM:<{sender}>\r\n".encode())
            if reply.positive:
                step = self._steps.rcpt
                reply = await self._ask_one(step, f"RCPT TO:<{recipient}>\r\n".encode())
            if not self.over and self._needs_reset:
                await self._ask_one(self._steps.reset, b"RSET\r\n")
            return self._ended(step.stage, reply=reply)
        except WireError as error:
            return self._lost(error)

    def _begin(self, keep_transcript: bool) -> None:
        self._stage = Stage.MAIL
        self._transcript = Transcript(kept=keep_transcript, start=self._peer.prelude)

    async def _run_pipelined(self, message: Outgoing, following: Following | None) -> Exchange:
        steps, words = self._opening(message)
        if self.announced is message:
            self._transcript.said(words)
        else:
            self._say(words, replies=len(steps))
        self.announced = None
        refused, opened = await self._hear_group(steps)
        if refused is None:
            return await self._send_content(message.content, following)
        if opened and not self.over:
            await self._send_lone_dot()
        return self._ended(refused.stage, reply=refused.reply)

    async def _run_stepwise(self, message: Outgoing) -> Exchange:
        steps, words = self._opening(message)
        for step, line in zip(steps, words.splitlines(keepends=True), strict=True):
            reply = await self._ask_one(step, line)
            if step.refuses(reply):
                return self._ended(step.stage, reply=reply)
        return await self._send_content(message.content)

    def _opening(self, message: Outgoing) -> tuple[tuple[Step, ...], bytes]:
        peer = self._peer
        words = compose_envelope(message, peer.extensions, self._notifications, requiretls=peer.requiretls)
        # RFC 2920 3.1: RSET, MAIL, RCPT may stand anywhere in a group, DATA only at its end
        words += b"DATA\r\n"
        if not self._needs_reset:
            return self._steps.group, words
        return (self._steps.reset, *self._steps.group), b"RSET\r\n" + words

    async def _send_content(self, content: bytes, following: Following | None = None) -> Exchange:
        octets = stuff_dots(content)
        self._stage = Stage.DATA
        words = b"" if following is None else self._announce(following())
        # RFC 2920 3.1: the content of a message may be the first in a group
        announced = len(self._steps.group) if words else 0
        self._transcript.said_octets(len(octets))
        await self._pour(octets, words, replies=1 + announced)
        unsent = self._wire.unsent
        reply = await self._hear_dot()
        # a refusal in mid-message leaves the two sides out of step
        self.over = unsent or reply.code == _CLOSING
        if not (reply.temporary or reply.permanent or (reply.positive and not unsent)):
            self._stage = Stage.DOT
            raise WireError(Failure.GARBLED, f"out of turn: {reply}")
        return self._ended(self._stage, reply=reply)

    def _announce(self, message: Outgoing | None) -> bytes:
        """The words that open the transaction of the message which comes next, if it may be announced."""
        if message is None or find_obstacle(message, self._peer.extensions) is not None:
            return b""
        self.announced = message
        return self._opening(message)[1]

    async def _pour(self, octets: bytes, words: bytes, *, replies: int) -> None:
        try:
            await self._wire.pour(octets, words, self._timeouts.block, replies=replies)
        finally:
            # while the last octet is still on this machine nobody can have taken the message; but what
            # is still on its way may be only what is announced behind it
            here = self._wire.withheld or (self._wire.unsent and self.announced is None)
            self._stage = Stage.DATA if here else Stage.DOT

    async def _send_lone_dot(self) -> None:
        # RFC 2920 3.1: every recipient was refused, but the server waits for a message
        try:
            self._say(LONE_DOT)
            self.over = (await self._hear_dot()).code == _CLOSING
        except WireError:
            self.over = True

    async def _hear_dot(self) -> Reply:
        (reply,) = await self._wire.hear(self._steps.dot, self._timeouts.dot)
        self._transcript.heard(reply)
        # RFC 5321 4.1.1.4: whatever the answer, the envelope is gone
        self._needs_reset = False
        return reply

    async def _ask_one(self, step: Step, line: bytes) -> Reply:
        self._stage = step.stage
        self._say(line)
        (reply,) = await self._wire.hear((step.seconds,), self._timeouts.octet)
        self._note(step, reply)
        return reply

    async def _hear_group(self, steps: tuple[Step, ...]) -> tuple[Exchange | None, bool]:
        """The first refusal, and whether DATA was opened.

        What goes wrong behind a refusal takes nothing back from it.
        """
        replies = await self._wire.hear([step.seconds for step in steps], self._timeouts.octet)
        refused: Exchange | None = None
        for position, step in enumerate(steps):
            self._stage = step.stage
            try:
                if position == len(replies):
                    raise self._wire.ending()
                reply = replies[position]
                self._note(step, reply)
            except WireError:
                if refused is None:
                    raise
                self.over = True
                return refused, False
            if refused is None and step.refuses(reply):
                refused = self._ended(step.stage, reply=reply)
        return refused, replies[-1].code == GO_AHEAD

    def _note(self, step: Step, reply: Reply) -> None:
        """Keep what ``reply`` changes; raises ``WireError`` when it can be no reply to that."""
        self._transcript.heard(reply)
        # RFC 5321 3.8: the server is closing, whatever it was asked
        self.over = self.over or reply.code == _CLOSING
        step.check(reply)
        if step.resets or (step.opens and reply.code == GO_AHEAD):
            self._needs_reset = False
        elif step is self._steps.mail and reply.positive:
            self._needs_reset = True

    def _say(self, octets: bytes, *, replies: int = 1) -> None:
        self._wire.write(octets, replies=replies)
        self._transcript.said(octets)

    def _lost(self, error: WireError) -> Exchange:
        self.over = True
        return self._ended(self._stage, failure=error.failure, detail=error.detail)

    def _ended(
        self, stage: Stage, *, reply: Reply | None = None, failure: Failure | None = None, detail: str = ""
    ) -> Exchange:
        peer = self._peer
        return Exchange(stage, reply, failure, detail, peer.host, peer.tls, self._transcript.lines())
