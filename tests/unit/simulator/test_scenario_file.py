"""The file of a scenario: all of it, and what is wrong with it told with the place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.route import Member, RouteKind, RoutingRule
from desktop_relay.simulator.scenario_file import parse_scenario
from desktop_relay.simulator.trouble import Trouble, TroubleKind, parse_span, parse_trouble

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
WHOLE = """
start = 2026-11-25T09:00:00+09:00
seed = 7
until = "3d"
faults = false
troubles = ["a:dead:2h-5h"]
restarts = ["1h30m"]

[[route]]
name = "a"
kind = "smarthost"
rate = 2.5
max_connections = 4
daily_quota = 1000
hourly_quota = 200

[[route]]
name = "b"
kind = "smarthost"

[[route]]
name = "shops"
kind = "pool"
members = ["a:2", "b"]
rules = ["lane:docomo -> b only"]

[[lane]]
name = "docomo"
rate = 3
per_day = 5000

[[campaign]]
name = "sale"
route = "shops"
recipients = 500
begins = "30m"
canary_minutes = 30
octets = 20000
sender = "shop@example.jp"

[[campaign]]
route = "sandbox"
domains = { "docomo.ne.jp" = 10, "gmail.com" = 20 }
expires_after = "12h"
brakes = false
"""


def test_all_of_it() -> None:
    scenario = parse_scenario(WHOLE, NOW, 1)
    assert scenario.start == datetime(2026, 11, 25, tzinfo=UTC)
    assert (scenario.seed, scenario.until, scenario.faults) == (7, timedelta(days=3), False)
    assert scenario.troubles == [Trouble("a", TroubleKind.DEAD, 7200.0, 18000.0)]
    assert scenario.restarts == [timedelta(minutes=90)]
    assert set(scenario.accounts) == {"a", "b"}
    assert (scenario.accounts["a"].rate, scenario.accounts["a"].daily_quota) == (2.5, 1000)
    assert (scenario.accounts["a"].max_connections, scenario.accounts["a"].hourly_quota) == (4, 200)
    sale, other = scenario.campaigns
    assert sale.route.kind is RouteKind.POOL
    assert sale.route.members == (Member("a", 2), Member("b", 1))
    assert sale.route.rules == (RoutingRule("b", lanes=("docomo",), only=True),)
    assert sum(len(people) for people in sale.audience.values()) == 500
    assert (sale.begins, sale.canary_minutes, sale.octets) == (timedelta(minutes=30), 30.0, 20000)
    assert (sale.brakes, other.brakes) == (True, False)
    assert {domain: len(people) for domain, people in other.audience.items()} == {
        "docomo.ne.jp": 10,
        "gmail.com": 20,
    }
    assert other.expires_after == timedelta(hours=12)
    assert (scenario.overrides["docomo"].rate, scenario.overrides["docomo"].per_day) == (3.0, 5000)


def test_what_is_not_said_is_as_usual() -> None:
    scenario = parse_scenario("[[campaign]]\nrecipients = 5\n", NOW, 3)
    assert (scenario.start, scenario.seed, scenario.faults) == (NOW, 3, True)
    assert scenario.campaigns[0].route.kind is RouteKind.SANDBOX


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "campaign"),
        ("sede = 1\n[[campaign]]\nrecipients = 1", "sede"),
        ("[[campaign]]\n", "campaign[1].recipients"),
        ("[[campaign]]\nrecipients = 1.5", "campaign[1].recipients"),
        ("[[campaign]]\nrecipients = 1\nroute = 'x'", "campaign[1].route"),
        ("[[campaign]]\nrecipients = 1\nmix = 'x'", "campaign[1].mix"),
        ("[[campaign]]\nrecipients = 1\nbegins = 'soon'", "campaign[1].begins"),
        ("[[campaign]]\n[campaign.domains]\n'a.example' = 20000000000", "campaign[1].domains"),
        ("start = 5\n[[campaign]]\nrecipients = 1", "start"),
        ("troubles = ['a:ill']\n[[campaign]]\nrecipients = 1", "troubles"),
        (
            "[[route]]\nname = 'p'\nkind = 'pool'\nmembers = ['x']\n[[campaign]]\nrecipients = 1",
            "route[1].members",
        ),
        ("[[route]]\nname = 'p'\nkind = 'ship'\n[[campaign]]\nrecipients = 1", "route[1].kind"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, where: str) -> None:
    with pytest.raises(BadInput, match="scenario_invalid") as caught:
        parse_scenario(text, NOW)
    assert caught.value.params["where"] == where


@pytest.mark.parametrize(
    ("text", "seconds"), [("2h", 7200), ("1d2h3m4s", 93784), ("90s", 90), (" 5m ", 300), ("0s", 0)]
)
def test_spans(text: str, seconds: int) -> None:
    assert parse_span(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "h", "2", "-1h", "1h2d", "soon"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(BadInput):
        parse_span(text)


def test_troubles() -> None:
    assert parse_trouble("docomo:blocked") == Trouble("docomo", TroubleKind.BLOCKED)
    assert parse_trouble("a:tarpit:30m") == Trouble("a", TroubleKind.TARPIT, 1800.0)
    with pytest.raises(BadInput):
        parse_trouble("docomo")


@pytest.mark.parametrize(
    ("text", "line"), [("seed = ", 1), ("seed = 1\n\n[[campaign\n", 3), ("seed = 1\nname = 'x", 2)]
)
def test_what_is_no_toml_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(BadInput, match="scenario_unreadable") as caught:
        parse_scenario(text, NOW)
    assert caught.value.params["line"] == line


def test_a_name_is_given_once() -> None:
    route = "[[route]]\nname = 'p'\nkind = '{}'\n"
    text = f"{route.format('direct')}{route.format('smarthost')}[[campaign]]\nrecipients = 1"
    with pytest.raises(BadInput, match="scenario_invalid") as caught:
        parse_scenario(text, NOW)
    assert caught.value.params["where"] == "route[1].name"
