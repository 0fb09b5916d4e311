"""Campaigns, senders and recipients that message tests are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

from desktop_relay.domain.attachment import Attachment
from desktop_relay.domain.campaign import CampaignKind, CampaignSnapshot
from desktop_relay.domain.identity import DkimKeys, Identity
from desktop_relay.domain.recipient import Recipient
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.template import Template
from desktop_relay.message.builder import Builder

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=9)))
SHOP = Identity(
    address="shop@example.jp",
    name="みなと商店",
    reply_to="info@example.jp",
    postal="〒100-0001 東京都千代田区千代田1-1",
    unsubscribe_url="https://www.example.jp/stop",
    selector="relay",
)


def snapshot(
    template: Template, identity: Identity = SHOP, uid: str = "uid-of-this-campaign"
) -> CampaignSnapshot:
    """A campaign of that template."""
    return CampaignSnapshot(
        id=1,
        uid=uid,
        kind=CampaignKind.CAMPAIGN,
        name="秋の新着",
        template=template,
        identity=identity,
        route=Route("practice", RouteKind.SANDBOX),
    )


def builder(
    *,
    subject: str = "お知らせ",
    html: str = "",
    text: str = "",
    identity: Identity = SHOP,
    keys: DkimKeys | None = None,
    attachments: Sequence[Attachment] = (),
) -> Builder:
    """A builder of such a campaign."""
    template = Template("テスト", subject, html, text)
    return Builder(snapshot(template, identity), keys=keys, attachments=attachments)


def recipient(address: str = "taro@example.test", **fields: object) -> Recipient:
    """A leased recipient with those merge fields."""
    return Recipient(
        id=7,
        campaign=1,
        address=address,
        lane="others",
        attempts=0,
        message_id="<0123456789abcdef@example.jp>",
        fields={"email": address, **fields},
    )


def opened(content: bytes) -> EmailMessage:
    """The message as Python's own parser reads it."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def display_name(content: bytes, field: str) -> str:
    """The decoded name of the mailbox in a field.

    Python's newer parser keeps the space between two encoded words of a phrase, which RFC 2047 6.2 ignores.
    """
    name, _ = parseaddr(message_from_bytes(content)[field])
    return str(make_header(decode_header(name)))


def part(message: EmailMessage, kind: str) -> str:
    """The text of the part with that subtype, line ends as in Python."""
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")
