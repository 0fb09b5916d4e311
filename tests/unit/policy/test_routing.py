"""The choice of an account: rules are data, turns have laws, and what may go over another one is proven."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.reply import Reply
from desktop_relay.domain.route import Member, Route, RouteKind, RoutingRule
from desktop_relay.policy.routing import (
    Choice,
    Mail,
    Turns,
    concerns_account,
    format_rule,
    may_fail_over,
    parse_member,
    parse_rule,
    plan_choice,
    problems_of,
)

MAIL = Mail("docomo", "shop@example.com", 20_000)
TABLE = (
    parse_rule("lane:docomo over:1MB -> C only"),
    parse_rule("lane:docomo lane:au -> B"),
    parse_rule("from:@news.example.com keep:100 -> C"),
)
NAMES = st.from_regex(r"[A-Za-z0-9_.-]{1,12}", fullmatch=True)
SENDERS = NAMES.map(lambda name: f"@{name}.example") | NAMES.map(lambda name: f"{name}@shop.example")
TEXTS = st.text(min_size=1, max_size=12) | st.text('" only->x', min_size=1, max_size=12)
ACCOUNTS = TEXTS.map(str.strip).filter(lambda name: bool(name) and name.isprintable())
"""As ``operations.routes`` lets accounts be called."""

RULES = st.builds(
    RoutingRule,
    NAMES | ACCOUNTS,
    st.lists(NAMES, max_size=3).map(tuple),
    st.lists(SENDERS, max_size=3).map(tuple),
    st.none() | st.integers(0, 10**8),
    st.integers(0, 1000),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("mail", "choice"),
    [
        (MAIL, Choice("B", ("A", "C"))),
        (replace(MAIL, lane="gmail"), Choice(others=("A", "B", "C"))),
        (replace(MAIL, octets=1_000_000), Choice("B", ("A", "C"))),
        (replace(MAIL, octets=1_000_001), Choice("C", ())),
        (Mail("gmail", "Shop@News.Example.com", 1), Choice("C", ("A", "B"), 100)),
        (Mail("gmail", "shop@oldnews.example.com", 1), Choice(others=("A", "B", "C"))),
    ],
)
def test_the_first_rule_that_fits(mail: Mail, choice: Choice) -> None:
    assert plan_choice(TABLE, ("A", "B", "C"), mail) == choice


def test_a_rule_for_an_account_that_is_gone_is_passed_over() -> None:
    assert plan_choice(TABLE, ("A", "C"), MAIL) == Choice(others=("A", "C"))


@given(st.lists(RULES, max_size=6), st.lists(NAMES, min_size=1, max_size=4, unique=True))
def test_every_choice_is_among_the_members_and_loses_none_without_need(
    rules: list[RoutingRule], members: list[str]
) -> None:
    choice = plan_choice(rules, members, MAIL)
    named = [*([choice.first] if choice.first else []), *choice.others]
    assert len(named) == len(set(named))
    assert set(named) <= set(members)
    assert choice.first or set(choice.others) == set(members)


@pytest.mark.parametrize(
    ("text", "to", "only"),
    [
        ("-> main only", "main", True),
        ('-> "main only"', "main only", False),
        ('-> "main only" only', "main only", True),
        ("-> only", "only", False),
        ("-> only only", "only", True),
        ('-> """the"" shop only"', '"the" shop only', False),
        ('-> "half', '"half', False),
    ],
)
def test_names_that_end_like_a_rule_stand_in_quotation_marks(text: str, to: str, only: bool) -> None:
    assert parse_rule(text) == RoutingRule(to, only=only)
    assert parse_rule(format_rule(RoutingRule(to, only=only))) == RoutingRule(to, only=only)


@given(RULES)
@example(RoutingRule("main only"))
def test_rules_are_read_back_as_written(rule: RoutingRule) -> None:
    assert parse_rule(format_rule(rule)) == rule


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "docomo",
            "lane:docomo",
            "lane: -> A",
            "-> ",
            "lane:docomo ->",
            "over:big -> A",
            "keep:-1 -> A",
        ),
        *("from:nobody -> A", "size:1 -> A", "over:1G -> A"),
    ],
)
def test_senseless_rules(text: str) -> None:
    with pytest.raises(BadInput):
        parse_rule(text)


@pytest.mark.parametrize(
    ("text", "member"),
    [("A", Member("A")), ("A:3", Member("A", 3)), ("x:y", Member("x:y")), ("x:y:2", Member("x:y", 2))],
)
def test_members(text: str, member: Member) -> None:
    assert parse_member(text) == member


@pytest.mark.parametrize("text", ["", ":2", "A:0", "A:1001"])
def test_senseless_members(text: str) -> None:
    with pytest.raises(BadInput):
        parse_member(text)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 200))
def test_each_has_its_share_at_any_time(weights: list[int], number: int) -> None:
    shares = {str(n): weight for n, weight in enumerate(weights)}
    turns = Turns(shares)
    taken: Counter[str] = Counter()
    for count in range(1, number + 1):
        name = turns.take(list(shares), lambda _: True)
        assert name is not None
        taken[name] += 1
        for each, weight in shares.items():
            assert abs(taken[each] - count * weight / sum(weights)) < len(weights)


@given(st.lists(st.sets(st.sampled_from("ABC")), max_size=60))
def test_only_who_admits_takes_and_somebody_does(steps: list[set[str]]) -> None:
    turns = Turns({"A": 3, "B": 2, "C": 1})
    for admitting in steps:
        name = turns.take("ABC", admitting.__contains__)
        assert name in admitting if admitting else name is None


def test_who_was_away_does_not_claim_what_it_missed() -> None:
    turns = Turns({"A": 1, "B": 1})
    for _ in range(100):
        turns.take(["A"], lambda _: True)
    after = Counter(turns.take(["A", "B"], lambda _: True) for _ in range(20))
    assert after == {"A": 10, "B": 10}


NO, LATER, YES = Reply(550), Reply(450), Reply(250)


@pytest.mark.parametrize(
    ("exchange", "concerns", "over"),
    [
        (Exchange(Stage.RESOLVE, failure=Failure.DNS_TEMPORARY), True, True),
        (Exchange(Stage.CONNECT, failure=Failure.REFUSED), True, True),
        (Exchange(Stage.BANNER, Reply(554)), True, True),
        (Exchange(Stage.AUTH, Reply(535)), True, True),
        (Exchange(Stage.AUTH, failure=Failure.NO_PASSWORD), True, True),
        (Exchange(Stage.MAIL, LATER), True, True),
        (Exchange(Stage.MAIL, NO), False, True),
        (Exchange(Stage.MAIL, failure=Failure.TOO_BIG), False, True),
        (Exchange(Stage.RCPT, LATER), False, True),
        (Exchange(Stage.DATA, failure=Failure.RESET), True, True),
        (Exchange(Stage.DOT, LATER), False, True),
        (Exchange(Stage.DOT, failure=Failure.RESET), True, False),
        (Exchange(Stage.DOT, failure=Failure.TIMEOUT), True, False),
        (Exchange(Stage.DOT, YES), False, False),
    ],
)
def test_what_concerns_the_account_and_what_may_go_over_another(
    exchange: Exchange, concerns: bool, over: bool
) -> None:
    assert concerns_account(exchange) is concerns
    assert may_fail_over(exchange) is over


@given(st.sampled_from(Failure))
def test_after_the_final_dot_nothing_goes_over_another(failure: Failure) -> None:
    assert not may_fail_over(Exchange(Stage.DOT, failure=failure))


A, B = Route("A", RouteKind.SMARTHOST, "a.example"), Route("B", RouteKind.SMARTHOST, "b.example")
POOL = Route("P", RouteKind.POOL, members=(Member("A", 2), Member("B")))
DIRECT = Route("D", RouteKind.DIRECT, fallback="P")


@pytest.mark.parametrize(
    ("route", "fields"),
    [
        (A, []),
        (POOL, []),
        (DIRECT, []),
        (replace(POOL, rules=(RoutingRule("A", lanes=("docomo",)),)), []),
        (replace(POOL, members=()), ["members"]),
        (replace(POOL, members=(Member("A"), Member("A"))), ["members", "members"]),
        (replace(POOL, members=(Member("gone"),)), ["members"]),
        (replace(POOL, members=(Member("P"),)), ["members"]),
        (replace(POOL, rules=(RoutingRule("C"),)), ["rules"]),
        (replace(POOL, fallback="A"), ["fallback"]),
        (replace(DIRECT, fallback="D"), ["fallback"]),
        (replace(DIRECT, fallback="gone"), ["fallback"]),
        (replace(A, members=(Member("B"),)), ["members"]),
    ],
)
def test_what_a_route_may_name(route: Route, fields: list[str]) -> None:
    known = {each.name: each for each in (A, B, POOL, DIRECT)}
    assert [field for field, _ in problems_of(route, known)] == fields
