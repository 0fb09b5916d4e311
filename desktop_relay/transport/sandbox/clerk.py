"""The answers of a practice carrier to MAIL, RCPT and the final dot."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from datetime import UTC, datetime
from typing import NoReturn, Protocol

from aiosmtpd.smtp import Envelope, Session, TLSSetupException

from desktop_relay.domain.address import domain_of, parse_address
from desktop_relay.domain.errors import BadInput
from desktop_relay.transport.sandbox.desk import Deed, Treatment
from desktop_relay.transport.sandbox.log import SandboxMail, message_id_of
from desktop_relay.transport.sandbox.post import Post
from desktop_relay.transport.sandbox.reception import Reception

_log = logging.getLogger(__name__)


class Line(Protocol):
    """The connection: messages ``sent`` on it, and the treatments of the recipients taken so far."""

    sent: int
    treatments: list[Treatment]

    async def refuse(self, reply: str, *, close: bool = False) -> str:
        """Answer a refusal, which may end the connection."""
        ...

    async def reset(self) -> NoReturn:
        """Reset the connection."""
        ...

    async def hang_up(self) -> NoReturn:
        """Close it without a word."""
        ...


class Clerk:
    """The hooks that aiosmtpd calls; every answer is the carrier's."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._reception = Reception(post.carrier, post.gate, post.desk)
        self._enhanced = "ENHANCEDSTATUSCODES" in post.carrier.extensions

    async def handle_MAIL(
        self, server: Line, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A sender, unless the session had its share of messages."""
        gate = self._post.gate
        refusal = gate.message(server.sent, self._post.clock()) if gate is not None else None
        if refusal is not None:
            return await server.refuse(refusal)
        server.sent += 1
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK" if self._enhanced else "250 OK"

    async def handle_RCPT(
        self, server: Line, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A recipient: right here, within limits, and then as its fate has it."""
        carrier = self._post.carrier
        try:
            parsed = parse_address(address)
            text, key, domain = parsed.text, parsed.key, parsed.domain
        except BadInput:
            text, key, domain = address, address.lower(), domain_of(address)
            if address.isascii():
                return self._post.compose(carrier.bad_address, rcpt=text)
        if self._post.carriers.of_domain(domain) is not carrier:
            return self._post.compose(carrier.relay_denied, rcpt=text)
        treatment = self._reception.recipient(key, domain, len(envelope.rcpt_tos), self._post.clock())
        if isinstance(treatment, str):
            too_many = treatment == carrier.limits.recipients_reply
            return await server.refuse(treatment, close=too_many and carrier.limits.recipients_close)
        if treatment.wait:
            await asyncio.sleep(treatment.wait / self._post.speed)
        if not treatment.at_dot and treatment.deed is not Deed.TAKE:
            return await self._perform(server, treatment, text)
        envelope.rcpt_tos.append(text)
        server.treatments.append(treatment)
        return "250 2.1.5 OK" if self._enhanced else "250 OK"

    async def handle_DATA(self, server: Line, session: Session, envelope: Envelope) -> str:
        """A whole message; its first recipient with something at the dot decides."""
        carrier = self._post.carrier
        content = bytes(envelope.original_content or b"")
        missing = _missing_header(content, carrier.required_headers)
        if missing is not None:
            return self._post.compose(carrier.header_missing, header=missing)
        pairs = zip(envelope.rcpt_tos, server.treatments, strict=True)
        special = next((pair for pair in pairs if pair[1].at_dot and pair[1].deed is not Deed.TAKE), None)
        if special is not None and special[1].deed is not Deed.HANG_UP_TAKEN:
            return await self._perform(server, special[1], special[0])
        queue = self._record(envelope, content)
        if special is not None:
            await server.hang_up()
        return self._post.compose(carrier.accepted, queue=queue)

    async def handle_exception(self, error: Exception) -> str:
        """aiosmtpd caught something: a client that broke off STARTTLS, or a defect of ours."""
        if not isinstance(error, TLSSetupException):
            _log.exception("practice carrier %s", self._post.carrier.name, exc_info=error)
        return "451 4.3.0 internal error" if self._enhanced else "451 internal error"

    async def _perform(self, server: Line, treatment: Treatment, rcpt: str) -> str:
        match treatment.deed:
            case Deed.RESET:
                await server.reset()
            case Deed.HANG_UP_LOST | Deed.HANG_UP_TAKEN:
                await server.hang_up()
            case _:
                return self._post.compose(treatment.reply, rcpt=rcpt, seconds=treatment.seconds)

    def _record(self, envelope: Envelope, content: bytes) -> str:
        """Into the log before the 250 (RFC 5321 6.1); answers the queue's name for it."""
        digest = hashlib.sha256(content).hexdigest()
        message_id = message_id_of(content)
        time = datetime.now(UTC).isoformat()
        sender = (envelope.mail_from or "").removeprefix("<").removesuffix(">")
        name = self._post.carrier.name
        mails = [
            SandboxMail(time, name, message_id, rcpt, sender, len(content), digest)
            for rcpt in envelope.rcpt_tos
        ]
        self._post.log.record(mails, content)
        return digest[:12]


def _missing_header(content: bytes, names: tuple[str, ...]) -> str | None:
    header = b"\r\n" + content.partition(b"\r\n\r\n")[0].lower() + b"\r\n"
    for name in names:
        value = header.partition(b"\r\n" + name.lower().encode() + b":")[2].partition(b"\r\n")[0]
        if not value.strip():
            return name
    return None
