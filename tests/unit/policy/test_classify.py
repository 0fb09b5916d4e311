from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.effect import EffectKind, Verdict
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.reply import EnhancedStatus, Reply
from desktop_relay.domain.route import RouteKind
from desktop_relay.policy.classify import FAILURE_REASONS, judge
from desktop_relay.policy.profiles import parse_profiles
from desktop_relay.policy.reactions import ADDRESS_IS_DEAD
from desktop_relay.policy.retry import schedule_of
from desktop_relay.protocol.reply import parse_reply_text
from resources import locate
from resources.phrases import LANGUAGES, load_phrases

NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("replies.toml").read_text(encoding="utf-8")
)["case"]
SHIPPED = parse_profiles(locate("carriers", "carriers.toml").read_text(encoding="utf-8"))
SHIPPED_RULES = [SHIPPED.rules_of_lane(lane) for lane in ("example.test", *SHIPPED.profiles)]


def reply_of(line: str) -> Reply:
    code, _, text = line.partition(" ")
    return parse_reply_text(int(code), text)


def judged(exchange: Exchange, **changes: Any) -> Verdict:
    wanted: dict[str, Any] = {
        "lane": "example.test",
        "directory": SHIPPED,
        "attempts": 1,
        "at": NOW,
        "expires_at": None,
        "route_kind": RouteKind.DIRECT,
        "jitter": 0.5,
    }
    return judge(exchange, **(wanted | changes))


def name_of(case: dict[str, Any]) -> str:
    parts = (case.get("route", "direct"), case.get("lane", "any"), case.get("stage", "rcpt"))
    return " ".join((*parts, str(case.get("reply") or case["failure"])[:40], str(case.get("at", ""))))


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_reply_table(case: dict[str, Any]) -> None:
    exchange = Exchange(
        stage=Stage(case.get("stage", "rcpt")),
        reply=reply_of(case["reply"]) if "reply" in case else None,
        failure=Failure(case["failure"]) if "failure" in case else None,
    )
    verdict = judged(
        exchange,
        lane=case.get("lane", "example.test"),
        attempts=case.get("attempt", 1),
        at=case.get("at", NOW),
        route_kind=RouteKind(case.get("route", "direct")),
    )
    found = [verdict.outcome.reason.value, verdict.outcome.disposition.value, verdict.effect.kind.value]
    assert found == case["wanted"]
    assert verdict.effect.pause_reason == PauseReason(case.get("pause_reason", ""))
    if "pause_minutes" in case:
        assert verdict.effect.pause == timedelta(minutes=case["pause_minutes"])
    if "messages_per_minute" in case:
        assert verdict.effect.rate == pytest.approx(case["messages_per_minute"] / 60)


def test_the_servers_words_are_kept() -> None:
    exchange = Exchange(
        Stage.RCPT,
        reply_of("450 4.2.0 later"),
        host="mx.example.test:25",
        tls="TLSv1.3",
        transcript=("> RCPT",),
    )
    outcome = judged(exchange).outcome
    assert (outcome.code, outcome.enhanced, outcome.text) == (450, "4.2.0", "later")
    assert (outcome.host, outcome.tls, outcome.transcript) == ("mx.example.test:25", "TLSv1.3", ("> RCPT",))
    assert outcome.stage is Stage.RCPT


def test_without_a_reply_the_detail_is_the_text() -> None:
    outcome = judged(Exchange(Stage.CONNECT, failure=Failure.REFUSED, detail="connection refused")).outcome
    assert (outcome.code, outcome.enhanced, outcome.text) == (None, None, "connection refused")


def test_an_exchange_without_anything_is_a_garbled_one() -> None:
    assert judged(Exchange(Stage.EHLO)).outcome.reason is Reason.PROTOCOL


def test_speed_divides_the_retry() -> None:
    exchange = Exchange(Stage.RCPT, reply_of("451 later"))
    life, practice = judged(exchange).outcome.retry_after, judged(exchange, speed=20.0).outcome.retry_after
    assert life is not None
    assert practice is not None
    assert life / practice == pytest.approx(20)


def test_a_retry_after_the_deadline_expires() -> None:
    exchange = Exchange(Stage.RCPT, reply_of("421 later"))
    verdict = judged(exchange, expires_at=NOW + timedelta(minutes=1))
    assert verdict.outcome.disposition is Disposition.EXPIRED
    assert verdict.outcome.reason is Reason.EXPIRED
    assert verdict.outcome.retry_after is None
    assert verdict.outcome.code == 421
    # the lane learns from the reply all the same
    assert verdict.effect.kind is EffectKind.SLOW
    assert judged(exchange, expires_at=NOW + timedelta(days=1)).outcome.disposition is Disposition.DEFERRED


def test_connect_failures_say_so_to_the_lane() -> None:
    refused = judged(Exchange(Stage.CONNECT, failure=Failure.REFUSED))
    assert refused.effect.reason is LaneReason.CONNECT_FAILURES
    too_many = judged(Exchange(Stage.RCPT, reply_of("421 too many connections")))
    assert too_many.effect.reason is LaneReason.REPLIES
    assert judged(Exchange(Stage.RCPT, reply_of("554 blacklisted"))).effect.reason is LaneReason.BLOCKED


statuses = st.builds(EnhancedStatus, st.sampled_from([2, 4, 5]), st.integers(0, 7), st.integers(0, 40))
exchanges = st.one_of(
    st.builds(
        Exchange,
        st.sampled_from(Stage),
        reply=st.builds(
            Reply,
            st.integers(200, 599),
            st.tuples(st.text(max_size=80)),
            st.none()
            | st.builds(EnhancedStatus, st.sampled_from([2, 4, 5]), st.integers(0, 7), st.integers(0, 40)),
        ),
    ),
    st.builds(Exchange, st.sampled_from(Stage), failure=st.sampled_from(Failure)),
)


@given(
    exchange=exchanges,
    lane=st.sampled_from([*SHIPPED.profiles, "mx:host.test", "example.test"]),
    attempts=st.integers(1, 40),
    route=st.sampled_from(RouteKind),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_every_exchange_gets_a_lawful_judgement(
    exchange: Exchange, lane: str, attempts: int, route: RouteKind, jitter: float
) -> None:
    verdict = judged(exchange, lane=lane, attempts=attempts, route_kind=route, jitter=jitter)
    outcome, effect = verdict.outcome, verdict.effect
    assert outcome.reason is not Reason.NONE
    assert (outcome.retry_after is not None) == (outcome.disposition is Disposition.DEFERRED)
    if outcome.retry_after is not None:
        low, high = schedule_of(outcome.reason).bounds(attempts)
        assert low <= outcome.retry_after <= high
    if exchange.reply is not None and not exchange.reply.permanent and exchange.stage is not Stage.DOT:
        assert outcome.disposition is Disposition.DEFERRED
    if exchange.message_may_have_been_taken:
        assert outcome.disposition is Disposition.UNKNOWN
    assert (outcome.disposition is Disposition.ACCEPTED) == (effect.kind is EffectKind.SUCCESS)
    assert (effect.kind is EffectKind.STOP_CAMPAIGN) == (effect.pause_reason is not PauseReason.NONE)
    if effect.kind is EffectKind.STOP_CAMPAIGN:
        assert outcome.disposition is Disposition.DEFERRED
    if outcome.reason is Reason.MAILBOX_FULL:
        assert effect.kind is EffectKind.NONE


mailbox_words = st.sampled_from(
    ["mailbox unavailable", "user unknown", "no such user", "recipient rejected", "account disabled", ""]
)
list_words = st.sampled_from(
    ["blacklisted at list.example", "blocked using zen.spamhaus.org", "on our block list", "found on a DNSBL"]
)


@given(
    before=mailbox_words,
    standing=list_words,
    after=mailbox_words,
    code=st.sampled_from([550, 553, 554]),
    enhanced=st.sampled_from(["", "5.7.1 ", "5.2.1 ", "5.1.1 "]),
    stage=st.sampled_from([Stage.RCPT, Stage.DATA, Stage.DOT]),
    lane=st.sampled_from(["example.test", "mx:host.test"]),
)
def test_whoever_names_a_block_list_says_nothing_of_the_mailbox(
    before: str, standing: str, after: str, code: int, enhanced: str, stage: Stage, lane: str
) -> None:
    reply = reply_of(f"{code} {enhanced}{before} {standing} {after}".strip())
    outcome = judged(Exchange(stage, reply), lane=lane).outcome
    assert (outcome.reason, outcome.disposition) == (Reason.BLOCKED, Disposition.DEFERRED)


@given(
    account=st.sampled_from(
        ["Your account", "your mailbox", "Your user", "YOUR ACCESS", "The sender account", "sending user"]
    ),
    shut=st.sampled_from(["suspended", "disabled", "blocked", "closed", "locked", "restricted"]),
    after=mailbox_words,
    enhanced=st.sampled_from(["", "5.7.1 ", "5.2.1 ", "5.1.1 "]),
    stage=st.sampled_from([Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT]),
    route=st.sampled_from([RouteKind.DIRECT, RouteKind.SMARTHOST]),
)
def test_an_account_of_ours_that_is_shut_is_nobodys_mailbox(
    account: str, shut: str, after: str, enhanced: str, stage: Stage, route: RouteKind
) -> None:
    reply = reply_of(f"550 {enhanced}{account} has been {shut}. {after}".strip())
    outcome = judged(Exchange(stage, reply), route_kind=route).outcome
    assert outcome.disposition is Disposition.DEFERRED
    assert outcome.reason not in ADDRESS_IS_DEAD


@given(
    wrong=st.sampled_from(["Invalid", "unknown", "Bad", "wrong", "no such", "nonexistent"]),
    sender=st.sampled_from(["sender", "sender address", "envelope sender", "From address", "return-path"]),
    after=mailbox_words,
    stage=st.sampled_from([Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT]),
    enhanced=st.sampled_from(["", "5.7.1 ", "5.1.0 ", "5.1.1 "]),
)
def test_a_sender_that_is_refused_is_nobodys_dead_address(
    wrong: str, sender: str, after: str, stage: Stage, enhanced: str
) -> None:
    outcome = judged(Exchange(stage, reply_of(f"550 {enhanced}{wrong} {sender} {after}".strip()))).outcome
    assert outcome.disposition is Disposition.DEFERRED
    assert outcome.reason not in ADDRESS_IS_DEAD


@given(
    refusal=st.sampled_from(
        [
            "<shop@example.com>: Sender address rejected",
            "Your account has been suspended",
            "The sender account is disabled",
            "Relay access denied",
            "Sender verify failed",
        ]
    ),
    after=st.sampled_from(
        ["", "Unknown user", "<shop@example.com>: User unknown", "Invalid recipient", "mailbox not found"]
    ),
    enhanced=st.sampled_from(["", "5.1.0 ", "5.1.1 ", "5.1.10 ", "5.4.1 ", "5.5.0 "]),
    lane=st.sampled_from([*SHIPPED.profiles, "mx:host.test", "kar.biglobe.ne.jp"]),
)
def test_an_accounts_server_speaks_of_the_account_whoever_the_lane_belongs_to(
    refusal: str, after: str, enhanced: str, lane: str
) -> None:
    reply = reply_of(f"550 {enhanced}{refusal}: {after}")
    verdict = judged(Exchange(Stage.RCPT, reply), lane=lane, route_kind=RouteKind.SMARTHOST)
    assert verdict.outcome.disposition is Disposition.DEFERRED
    assert verdict.effect.kind is EffectKind.STOP_CAMPAIGN


@given(
    before=st.sampled_from(["", "<hana@example.test>: ", "Recipient rejected: ", "Sorry, the "]),
    what=st.sampled_from(["mailbox", "user", "recipient", "account"]),
    shut=st.sampled_from(["locked", "disabled", "suspended", "inactive", "limited", "unavailable", "closed"]),
    words=st.sampled_from(["{what} is temporarily {shut}", "{what} temporary {shut}, sorry"]),
    code=st.sampled_from([450, 452, 550, 552, 553, 554]),
    enhanced=st.sampled_from(["", ".2.1 ", ".7.1 "]),
    stage=st.sampled_from([Stage.RCPT, Stage.DATA, Stage.DOT]),
)
def test_a_mailbox_that_is_shut_for_a_while_is_tried_again(
    before: str, what: str, shut: str, words: str, code: int, enhanced: str, stage: Stage
) -> None:
    status = f"{code // 100}{enhanced}" if enhanced else ""
    reply = reply_of(f"{code} {status}{before}{words.format(what=what, shut=shut)}")
    outcome = judged(Exchange(stage, reply)).outcome
    assert (outcome.reason, outcome.disposition) == (Reason.MAILBOX_UNAVAILABLE, Disposition.DEFERRED)


def test_replies_and_failures_are_told_apart_by_thirty_causes() -> None:
    """Each has its sentences, what to do included, in both languages: see test_phrases_complete."""
    told = {rule.reason for rules in SHIPPED_RULES for rule in rules} | set(FAILURE_REASONS.values())
    assert len(told) >= 30
    for language in LANGUAGES:
        phrases = load_phrases(language)
        for section in ("reasons", "reason_why", "reason_do"):
            assert all(phrases[section][reason.value] for reason in told)
        assert len({phrases["reasons"][reason.value] for reason in told}) == len(told), (
            "each in its own words"
        )


def test_every_lane_asks_the_general_rules() -> None:
    general = set(SHIPPED.rules_of_lane("example.test"))
    for lane in (*SHIPPED.profiles, "mx:host.test", "kar.biglobe.ne.jp"):
        assert general <= set(SHIPPED.rules_of_lane(lane))


@pytest.mark.parametrize("failure", [Failure.NO_SUCH_DOMAIN, Failure.NULL_MX, Failure.NO_ADDRESS])
def test_a_carrier_does_not_vanish_but_a_name_server_lies(failure: Failure) -> None:
    exchange = Exchange(Stage.RESOLVE, failure=failure, detail="docomo.ne.jp")
    outcome = judged(exchange, lane="docomo").outcome
    assert (outcome.disposition, outcome.reason) == (Disposition.DEFERRED, Reason.DNS_TEMPORARY)
    assert judged(exchange).outcome.disposition is Disposition.BOUNCED, "of anybody else it is believed"
