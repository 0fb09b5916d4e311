"""Sample campaigns, recipients and outcomes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from desktop_relay.domain.campaign import CampaignKind, CampaignSnapshot
from desktop_relay.domain.exchange import Stage
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.route import Member, Route, RouteKind, RoutingRule, TlsMode
from desktop_relay.domain.settlement import NewRecipient, Settlement
from desktop_relay.domain.template import Template

LIFE = timedelta(days=2)


def snapshot(
    number: int = 1, *, expires_at: datetime | None = None, start_at: datetime | None = None
) -> CampaignSnapshot:
    return CampaignSnapshot(
        id=number,
        uid=f"uid-{number}",
        kind=CampaignKind.CAMPAIGN,
        name="秋のお知らせ",
        template=Template("秋", "{{ name }}様", "<p>こんにちは</p>", "", ("/tmp/案内.pdf",)),
        identity=Identity("news@shop.example", "青空商店", selector="relay"),
        route=Route(
            "account",
            RouteKind.SMARTHOST,
            "smtp.shop.example",
            465,
            TlsMode.TLS,
            "u",
            rate=2.5,
            members=(Member("x"),),
            rules=(RoutingRule("x", ("docomo",)),),
        ),
        speed=20.0,
        start_at=start_at,
        expires_at=expires_at,
    )


def people(number: int, lanes: Sequence[str] = ("docomo", "au"), first: int = 0) -> list[NewRecipient]:
    return [
        NewRecipient(
            address=f"Person{n}@mail.example",
            key=f"person{n}@mail.example",
            name=f"山田{n}",
            lane=lanes[n % len(lanes)],
            message_id=f"<{n}@shop.example>",
            fields={"name": f"山田{n}", "最終購入日": "2026-02-01"},
        )
        for n in range(first, first + number)
    ]


def accepted(recipient: int, at: datetime) -> Settlement:
    outcome = Outcome(
        Disposition.ACCEPTED,
        Reason.ACCEPTED,
        Stage.DOT,
        250,
        "2.0.0",
        "queued",
        "mx.mail.example:25",
        "TLSv1.3",
    )
    return Settlement(recipient, outcome, at)


def deferred(recipient: int, at: datetime, seconds: float = 600) -> Settlement:
    outcome = Outcome(
        Disposition.DEFERRED,
        Reason.GREYLISTED,
        Stage.RCPT,
        451,
        "4.7.1",
        "try again later",
        "mx.mail.example:25",
        retry_after=timedelta(seconds=seconds),
        transcript=("> RCPT TO:<…>", "< 451 4.7.1 try again later"),
    )
    return Settlement(recipient, outcome, at)


def ended(
    recipient: int, disposition: Disposition, at: datetime, reason: Reason = Reason.OTHER_PERMANENT
) -> Settlement:
    return Settlement(recipient, Outcome(disposition, reason, Stage.RCPT, 550, "5.1.1", "no such user"), at)
