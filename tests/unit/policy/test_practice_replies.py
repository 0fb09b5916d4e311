"""The practice carriers' replies, written apart from the rules, are understood as what they stand for."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from desktop_relay.domain.effect import EffectKind, Verdict
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.reply import EnhancedStatus, Reply
from desktop_relay.domain.route import RouteKind
from resources import locate

from .test_classify import SHIPPED, judged

FATES = {
    "unknown_user": Reason.UNKNOWN_USER,
    "mailbox_full": Reason.MAILBOX_FULL,
    "disabled": Reason.MAILBOX_DISABLED,
    "filtered": Reason.FILTERED,
    "greylist": Reason.GREYLISTED,
}
LIMITS = ("connections_reply", "rate_reply", "session_reply", "recipients_reply", "blocked_reply")
FILE: dict[str, Any] = tomllib.loads(locate("sandbox", "carriers.toml").read_text(encoding="utf-8"))


def merged(carrier: dict[str, Any], part: str) -> dict[str, Any]:
    return {**FILE["common"][part], **carrier.get(part, {})}


def lane_of(carrier: dict[str, Any]) -> str:
    """The lane that our own directory gives the carrier's first domain."""
    mail = (*carrier["mail"], {"domains": ["example.test"], **carrier.get("hosted", {})})[0]
    domain = mail["domains"][0].lstrip(".")
    hosts = [host.split()[-1].replace("{domain}", domain).replace("{label}", "a") for host in mail["hosts"]]
    return SHIPPED.plan_lane(domain, hosts)


def verdict_of(text: str, stage: Stage, lane: str) -> Verdict:
    if text == "reset":
        exchange = Exchange(stage, failure=Failure.RESET)
    else:
        rows = [re.fullmatch(r"(\d{3})[- ](?:(\d)\.(\d+)\.(\d+) )?(.*)", row) for row in text.splitlines()]
        first = rows[0]
        assert first is not None
        status = EnhancedStatus(int(first[2]), int(first[3]), int(first[4])) if first[2] else None
        exchange = Exchange(stage, Reply(int(first[1]), tuple(row[5] for row in rows if row), status))
    return judged(exchange, lane=lane, route_kind=RouteKind.SANDBOX)


def filled(text: str) -> str:
    values = {"rcpt": "taro@example.test", "domain": "example.test", "host": "mx.example.test"}
    return text.format_map(values | {"seconds": "300", "queue": "q1"})


@pytest.mark.parametrize("name", FILE["carrier"])
def test_fates_are_judged_as_what_they_are(name: str) -> None:
    carrier = FILE["carrier"][name]
    for fate, reason in FATES.items():
        told = merged(carrier, "fates")[fate]
        stage = Stage.DOT if told.get("at_dot") else Stage.RCPT
        verdict = verdict_of(filled(told["reply"]), stage, lane_of(carrier))
        assert verdict.outcome.reason is reason, (fate, told["reply"])
        assert verdict.effect.kind is EffectKind.NONE


@pytest.mark.parametrize("name", FILE["carrier"])
def test_nobody_is_bounced_for_our_pace(name: str) -> None:
    carrier = FILE["carrier"][name]
    for limit in LIMITS:
        told = merged(carrier, "limits")[limit]
        for stage in (Stage.BANNER, Stage.MAIL, Stage.RCPT):
            verdict = verdict_of(filled(told), stage, lane_of(carrier))
            assert verdict.outcome.disposition is Disposition.DEFERRED, (limit, told)
            assert verdict.effect.kind is not EffectKind.NONE, (limit, told)
            assert verdict.effect.kind is not EffectKind.STOP_CAMPAIGN, (limit, told)
