"""The message of each recipient: a skeleton made once per campaign, and what differs set into it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime

from desktop_relay.domain.address import Address, parse_address
from desktop_relay.domain.attachment import Attachment
from desktop_relay.domain.campaign import CampaignSnapshot
from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.identity import DkimKeys
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.domain.recipient import Recipient
from desktop_relay.message.dkim import Signer
from desktop_relay.message.header import check_header_value, compose_mailbox, compose_unstructured
from desktop_relay.message.identifiers import (
    compose_boundary,
    compose_feedback_id,
    compose_list_id,
    compose_message_id,
    compose_token,
)
from desktop_relay.message.part import compose_attachment, compose_text_part
from desktop_relay.message.template import Rendered, compile_template
from desktop_relay.message.unsubscribe import plan_unsubscribe

LONGEST_HEADER = 10_000  # octets, which leaves the signatures room below SoftBank's 12 KB
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,500}>")
_SHOWN = 60
_EMPTY = dict.fromkeys(STANDARD_FIELDS, "")  # a person without a company has an empty one


class Builder:
    """Builds the messages of one campaign. ``build`` has no state and may run in several threads."""

    def __init__(
        self, snapshot: CampaignSnapshot, *, keys: DkimKeys | None, attachments: Sequence[Attachment]
    ) -> None:
        """Compile the template and compose all that stays the same.

        Raises ``BadInput``: ``template_broken``, ``address_invalid``, ``header_injection``, ``key_invalid``,
        or ``value_invalid`` for an unsubscribe address that is not plain https.
        """
        identity = snapshot.identity
        sender = parse_address(identity.address)
        self._uid = snapshot.uid
        self._sender = sender
        self._template = compile_template(snapshot.template)
        self._unsubscribe = plan_unsubscribe(identity)
        self._own_fields = {
            "sender_name": identity.name,
            "sender_address": sender.text,
            "sender_postal": identity.postal,
            "unsubscribe_mailto": self._unsubscribe.address,
        }
        self._boundary = compose_boundary(snapshot.uid).encode("ascii")
        self._attachments = [compose_attachment(attachment) for attachment in attachments]
        name = check_header_value(identity.name, "sender_name")
        self._from = compose_mailbox("From", name, sender)
        self._reply_to = _reply_to(identity.reply_to)
        self._fixed = (
            f"List-Id: {compose_list_id(sender.text)}\r\n"
            f"Feedback-ID: {compose_feedback_id(snapshot.uid, sender.key, snapshot.kind.value)}\r\n"
            "MIME-Version: 1.0\r\n"
        ).encode("ascii")
        self._signer = (
            Signer(sender.domain, identity.selector, keys)
            if keys is not None and identity.selector is not None
            else None
        )

    @property
    def fields(self) -> frozenset[str]:
        """The merge fields that the template names."""
        return self._template.fields

    def build(self, recipient: Recipient, at: datetime) -> Outgoing:
        """The message as it leaves at ``at``; its ``Date`` has the zone of ``at``.

        Raises ``BadInput``: ``merge_field_missing``, ``header_injection``, ``template_too_slow``,
        ``address_invalid``, or ``value_invalid`` for a header too long and for broken Unicode.
        """
        return self._signed([self._compose(recipient, _date(at))], at)[0]

    def build_all(self, recipients: Sequence[Recipient], at: datetime) -> list[Outgoing | BadInput]:
        """As ``build`` for each, in order; what it would raise stands in the message's place."""
        date = _date(at)
        composed = [self._try(recipient, date) for recipient in recipients]
        signed = iter(self._signed([one for one in composed if isinstance(one, Outgoing)], at))
        return [one if isinstance(one, BadInput) else next(signed) for one in composed]

    def _try(self, recipient: Recipient, date: bytes) -> Outgoing | BadInput:
        try:
            return self._compose(recipient, date)
        except BadInput as error:
            return error

    def _compose(self, recipient: Recipient, date: bytes) -> Outgoing:
        """The message without its signatures."""
        address = parse_address(recipient.address)
        token = compose_token(self._uid, address.key)
        fields = self._merge(recipient, token)
        rendered = self._template.render(fields)
        message_id = recipient.message_id or compose_message_id(self._uid, address.key, self._sender.domain)
        header = self._header(address, fields["name"], rendered.subject, message_id, token, date)
        envelope = Envelope(self._sender.envelope, address.envelope)
        return Outgoing(envelope, header + self._body(rendered), message_id)

    def _signed(self, messages: Sequence[Outgoing], at: datetime) -> Sequence[Outgoing]:
        if self._signer is None:
            return messages
        contents = self._signer.sign_all([message.content for message in messages], at)
        return [
            Outgoing(message.envelope, content, message.message_id, message.smtputf8)
            for message, content in zip(messages, contents, strict=True)
        ]

    def _merge(self, recipient: Recipient, token: str) -> dict[str, str]:
        merged = {**_EMPTY, **_texts(recipient.fields), **self._own_fields}
        merged["email"] = recipient.address
        merged["unsubscribe_url"] = self._unsubscribe.link(token)
        return merged

    def _header(
        self, address: Address, name: str, subject: str, message_id: str, token: str, date: bytes
    ) -> bytes:
        if _MESSAGE_ID.fullmatch(message_id) is None:
            raise BadInput(ErrorCode.HEADER_INJECTION, field="message_id")
        to = compose_mailbox("To", check_header_value(name, "name"), address)
        about = compose_unstructured("Subject", subject)
        header = b"%b%b%b%bDate: %b\r\nMessage-ID: %b\r\n%b%b" % (
            self._from,
            to,
            self._reply_to,
            about,
            date,
            message_id.encode("ascii"),
            self._unsubscribe.header(token),
            self._fixed,
        )
        if len(header) > LONGEST_HEADER:
            field, value = ("subject", subject) if len(about) > len(to) else ("name", name)
            raise BadInput(ErrorCode.VALUE_INVALID, field=field, value=f"{value[:_SHOWN]}…")
        return header

    def _body(self, rendered: Rendered) -> bytes:
        boundary = self._boundary
        body = compose_text_part(rendered.text, "plain", boundary)
        if rendered.html:
            html = compose_text_part(rendered.html, "html", boundary)
            body = _multipart(b"alternative", boundary + b"a", (body, html))
        if self._attachments:
            body = _multipart(b"mixed", boundary + b"m", (body, *self._attachments))
        return body


def _multipart(subtype: bytes, boundary: bytes, parts: Sequence[bytes]) -> bytes:
    """Parts between boundaries (RFC 2046 5.1.1): the line end before a boundary is the boundary's."""
    pieces = [b'Content-Type: multipart/%b;\r\n boundary="%b"\r\n' % (subtype, boundary)]
    for part in parts:
        pieces += (b"\r\n--", boundary, b"\r\n", part)
    pieces += (b"\r\n--", boundary, b"--\r\n")
    return b"".join(pieces)


def _date(at: datetime) -> bytes:
    return format_datetime(at).encode("ascii")


def _reply_to(address: str | None) -> bytes:
    return compose_mailbox("Reply-To", "", parse_address(address)) if address else b""


def _texts(fields: Mapping[str, object]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else "" if value is None else str(value)
        for name, value in fields.items()
    }
