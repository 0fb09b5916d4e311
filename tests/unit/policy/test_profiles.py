from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.lane import LaneLimits
from desktop_relay.policy.names import NameIndex, roll_up
from desktop_relay.policy.profile_file import UNITS, Confidence, Grounds
from desktop_relay.policy.profiles import parse_profiles
from resources import locate

SHIPPED_TEXT = locate("carriers", "carriers.toml").read_text(encoding="utf-8")
SHIPPED = parse_profiles(SHIPPED_TEXT)

NUMBER = (
    '{ value = 60, unit = "connections", source = "s", source_ja = "根", dated = "2026-11", '
    'confidence = "estimate" }'
)
HEAD = 'schema = 1\n[default]\nname = "O"\nname_ja = "他"\n'
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
PLACE = re.compile(r"[a-z.]+/[a-z_/-]+")
CARRIER = HEAD + '[carriers.one]\nname = "One"\nname_ja = "一"\ndomains = ["one.test"]\n'


# -- lanes


@pytest.mark.parametrize(
    ("domain", "lane"),
    [
        ("docomo.ne.jp", "docomo"),
        ("DOCOMO.ne.jp.", "docomo"),
        ("ezweb.ne.jp", "au"),
        ("t7.ezweb.ne.jp", "au"),
        ("k.vodafone.ne.jp", "softbank"),
        ("dj.pdx.ne.jp", "ymobile"),
        ("yahoo.co.jp", "yahoo_jp"),
        ("yahoo.ne.jp", "ymobile"),
        ("yahoo.com", "yahoo"),
        ("jcom.home.ne.jp", "jcom"),
        ("gmail.com", "google"),
        ("icloud.com", "apple"),
        ("hotmail.co.jp", "outlook"),
        ("aa0.so-net.ne.jp", None),
        ("notdocomo.ne.jp", None),
        ("example.test", None),
    ],
)
def test_domains_that_decide_by_themselves(domain: str, lane: str | None) -> None:
    assert SHIPPED.lane_of_domain(domain) == lane


@pytest.mark.parametrize(
    ("domain", "hosts", "lane"),
    [
        ("docomo.ne.jp", ["mx.elsewhere.test"], "docomo"),
        ("shop.test", ["aspmx.l.google.com", "alt1.aspmx.l.google.com"], "google"),
        ("shop.test", ["SHOP-TEST.mail.protection.outlook.com."], "microsoft365"),
        ("hotmail.test", ["mx.olc.protection.outlook.com"], "outlook"),
        ("shop.test", ["mx1.example-host.test", "mx2.example-host.test"], "mx:example-host.test"),
        ("other.test", ["mx2.example-host.test"], "mx:example-host.test"),
        ("shop.test", ["mx.shop.test"], "shop.test"),
        ("shop.test", ["shop.test"], "shop.test"),
        ("news.shop.test", ["mail.shop.test"], "shop.test"),
        ("shop.test", ["example.co.jp"], "mx:example.co.jp"),
        ("shop.test", ["mx.example.co.jp"], "mx:example.co.jp"),
        ("shop.test", ["example.test"], "mx:example.test"),
        ("biglobe.ne.jp", ["mx.biglobe.ne.jp"], "biglobe.ne.jp"),
        ("kar.biglobe.ne.jp", ["mx.biglobe.ne.jp"], "biglobe.ne.jp"),
        ("Shop.test", None, "shop.test"),
        ("shop.test", [], "shop.test"),
    ],
)
def test_lanes_go_by_the_hosts_that_answer(domain: str, hosts: list[str] | None, lane: str) -> None:
    assert SHIPPED.plan_lane(domain, hosts) == lane


def test_a_lane_without_a_profile_bears_its_own_name() -> None:
    hosted = SHIPPED.profile_of_lane("mx:example-host.test")
    assert (hosted.key, hosted.name, hosted.domains) == ("mx:example-host.test", "example-host.test", ())
    assert hosted.limits == SHIPPED.default.limits
    single = SHIPPED.profile_of_lane("shop.test")
    assert (single.key, single.name_ja, single.domains) == ("shop.test", "shop.test", ("shop.test",))


def test_a_line_provider_has_a_lane_of_its_own_with_the_groups_limits() -> None:
    group = SHIPPED.profiles["jp_isp"]
    for lane in ("biglobe.ne.jp", "mx:so-net.ne.jp"):
        profile = SHIPPED.profile_of_lane(lane)
        assert profile.key == lane
        assert profile.limits == group.limits
        assert profile.limits.connections != SHIPPED.default.limits.connections
    assert SHIPPED.profile_of_lane("docomo") is SHIPPED.profiles["docomo"]


def test_an_exact_name_beats_a_suffix_and_the_longest_suffix_the_others() -> None:
    find = NameIndex({".a.test": "a", ".b.a.test": "b", "c.b.a.test": "c", ".test": "t"}).find
    assert [find(n) for n in ("c.b.a.test", "d.b.a.test", "d.a.test", "a.test", "jp")] == [
        "c",
        "b",
        "a",
        "t",
        None,
    ]


@given(st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5}){0,5}", fullmatch=True))
def test_hosts_beside_each_other_share_a_lane(parent: str) -> None:
    one, other = roll_up(f"mx1.{parent}"), roll_up(f"mx2.{parent}")
    assert one == other == parent or (one, other) == (f"mx1.{parent}", f"mx2.{parent}")


# -- the shipped file


def test_every_shipped_number_is_founded() -> None:
    assert set(SHIPPED.profiles) >= {"docomo", "au", "softbank", "google", "yahoo_jp", "apple", "outlook"}
    for key, numbers in SHIPPED.standings.items():
        assert {"messages_per_minute", "connections"} <= set(numbers), key
        for name, number in numbers.items():
            assert number.source
            assert number.unit == UNITS[name]
            assert number.confidence in Confidence
    # nobody publishes a pace
    assert all(
        numbers["messages_per_minute"].confidence == "estimate" for numbers in SHIPPED.standings.values()
    )


def test_every_source_is_said_in_japanese_and_the_same_source_the_same() -> None:
    numbers: list[Grounds] = [n for numbers in SHIPPED.standings.values() for n in numbers.values()]
    numbers += SHIPPED.encrypted.values()
    pairs = {(number.source, number.source_ja) for number in numbers}
    assert len(pairs) == len({source for source, _ in pairs}) == len({source_ja for _, source_ja in pairs})
    assert [source_ja for _, source_ja in pairs if JAPANESE.search(source_ja) is None] == []
    for source, source_ja in pairs:
        assert set(PLACE.findall(source)) <= set(PLACE.findall(source_ja)), source
    docomo = SHIPPED.profiles["docomo"]
    pace = SHIPPED.standings["docomo"]["messages_per_minute"]
    assert (docomo.source, docomo.source_ja) == (pace.source, pace.source_ja)


def test_profiles_are_modest_with_carriers() -> None:
    for key in ("docomo", "au", "softbank", "ymobile", "rakuten_mobile"):
        limits = SHIPPED.profiles[key].limits
        assert limits.rate == pytest.approx(1.0)
        assert limits.connections == 2
    assert SHIPPED.profiles["softbank"].max_message_bytes == 1024 * 1024


def test_who_is_never_written_to_in_the_clear_and_how_that_is_known() -> None:
    required = {key for key, profile in SHIPPED.profiles.items() if profile.tls_required}
    # the big receivers of the world; of the Japanese ones nobody says that they all offer encryption
    assert required == {"google", "outlook", "microsoft365", "apple", "yahoo"} == set(SHIPPED.encrypted)
    assert not SHIPPED.default.tls_required
    for grounds in SHIPPED.encrypted.values():
        assert grounds.confidence is not Confidence.ESTIMATE, "a guess must not hold mail up"
    # a host of theirs keeps the demand in a lane of another name, and the domain's lane whatever its hosts
    assert SHIPPED.profile_of_lane(SHIPPED.plan_lane("gmail.com", ["mx.evil.test"])).tls_required
    hosted = SHIPPED.plan_lane("shop.test", ["shop-test.mail.protection.outlook.com"])
    assert SHIPPED.profile_of_lane(hosted).tls_required


# -- the validator


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("schema = ", "", "not TOML"),
        ("", "schema", "must be 1"),
        ("schema = 2", "schema", "must be 1"),
        ("schema = 1", "default", "is missing"),
        ("schema = 1\ndefault = 3", "default", "must be a table"),
        (HEAD + "[extra]", "extra", "unknown key"),
        ('schema = 1\n[default]\nname = "O"', "default.name_ja", "is missing"),
        ('schema = 1\n[default]\nname = " "\nname_ja = "O"', "default.name", "empty"),
        (HEAD + 'domains = ["a.test"]', "default.domains", "needs domains"),
        (HEAD + '[carriers.Bad]\nname = "x"', "carriers.Bad", "lower-case"),
        (HEAD + '[carriers.default]\nname = "x"', "carriers.default", "lower-case"),
        (HEAD + '[carriers.one]\nname = "x"\nname_ja = "x"', "carriers.one.domains", "needs domains"),
        (CARRIER + "colour = 1", "carriers.one.colour", "unknown key"),
        (CARRIER + "mx = 1", "carriers.one.mx", "list of texts"),
        (CARRIER + "mx = [1]", "carriers.one.mx", "list of texts"),
        (CARRIER + 'mx = [""]', "carriers.one.mx", "empty text"),
        (CARRIER + 'mx = ["Big.test"]', "carriers.one.mx", "no lower-case host name"),
        (CARRIER + "tls_required = true", "carriers.one.tls_required", "must be a table"),
        (CARRIER + "tls_required = {}", "carriers.one.tls_required.dated", "is missing"),
        (CARRIER + "tls_required = { value = 1 }", "carriers.one.tls_required.value", "unknown key"),
        (CARRIER + "[carriers.one.limits]\nspeed = 1", "carriers.one.limits.speed", "unknown key"),
        (CARRIER + "[carriers.one.limits]\nconnections = 1", "carriers.one.limits.connections", "a table"),
        (CARRIER + 'rules = ["x"]', "carriers.one.rules", "list of tables"),
        (
            CARRIER + '[carriers.two]\nname="2"\nname_ja="2"\ndomains=["one.test"]',
            "carriers.two.domains",
            "already claimed by one",
        ),
    ],
)
def test_what_is_wrong_and_where(text: str, where: str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_profiles(text)
    assert caught.value.code is ErrorCode.PROFILE_INVALID
    assert caught.value.params["where"] == where
    assert problem in str(caught.value.params["problem"])


@pytest.mark.parametrize(
    ("number", "where", "problem"),
    [
        (NUMBER.replace("60", "-1"), "value", "above zero"),
        (NUMBER.replace("60", "0"), "value", "above zero"),
        (NUMBER.replace("60", "nan"), "value", "above zero"),
        (NUMBER.replace("60", "inf"), "value", "above zero"),
        (NUMBER.replace("60", "true"), "value", "a number"),
        (NUMBER.replace("60", "'6'"), "value", "a number"),
        (NUMBER.replace("60", "2.5"), "value", "whole"),
        (NUMBER.replace("value = 60, ", ""), "value", "is missing"),
        (NUMBER.replace('source = "s", ', ""), "source", "is missing"),
        (NUMBER.replace('"s"', '""'), "source", "empty"),
        (NUMBER.replace('source_ja = "根", ', ""), "source_ja", "is missing"),
        (NUMBER.replace('"根"', '" "'), "source_ja", "empty"),
        (NUMBER.replace("2026-11", "2026-13"), "dated", "month or day"),
        (NUMBER.replace("estimate", "rumour"), "confidence", "none of: published"),
        (NUMBER.replace("{ ", "{ colour = 1, "), "colour", "unknown key"),
        (NUMBER.replace('unit = "connections", ', ""), "unit", "is missing"),
        (NUMBER.replace("connections", "connections/min"), "unit", "must be connections"),
    ],
)
def test_every_number_needs_its_standing(number: str, where: str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_profiles(CARRIER + f"[carriers.one.limits]\nconnections = {number}")
    assert caught.value.params["where"] == f"carriers.one.limits.connections.{where}"
    assert problem in str(caught.value.params["problem"])


@pytest.mark.parametrize(
    ("rule", "where", "problem"),
    [
        ('codes=["550"]', ".reason", "is missing"),
        ('codes=["550"]\nreason="bored"', ".reason", "none of"),
        ('codes=["550"]\nreason=""', ".reason", "empty"),
        ('codes=["9yz"]\nreason="policy"', ".codes", "no reply code"),
        ('codes=["550"]\nreason="policy"\ncolour=1', ".colour", "unknown key"),
        ('text="("\nreason="policy"', ".text", "regular expression"),
        ('text="a{99999999999}"\nreason="policy"', ".text", "regular expression"),
        ('text=3\nreason="policy"', ".text", "a text"),
        ('stages=["later"]\ncodes=["550"]\nreason="policy"', ".stages", "none of"),
        ('reason="policy"', "", "either codes"),
        ('codes=["550"]\nfailures=["reset"]\nreason="policy"', "", "either codes"),
        ('codes=["550"]\nreason="policy"\ndisposition="held"', ".disposition", "deferred or bounced"),
        ('codes=["550"]\nreason="policy"\npause_minutes=3', ".pause_minutes", "suspend"),
        ('codes=["550"]\nreason="blocked"\npause_minutes=1e9', ".pause_minutes", "suspend"),
        ('codes=["550"]\nreason="policy"\nmessages_per_minute=3', ".messages_per_minute", "slow"),
        ('codes=["550"]\nreason="policy"\neffect="stop_campaign"', ".pause_reason", "only there"),
        ('codes=["550"]\nreason="policy"\npause_reason="user"', ".pause_reason", "only there"),
        ('codes=["550"]\nreason="policy"\nsince="2025-01-01"', ".since", "a date"),
        ('codes=["550"]\nreason="policy"\nsince=2025-01-01T00:00:00', ".since", "a date"),
        ('codes=["550"]\nreason="policy"\nsince=2025-01-02\nuntil=2025-01-02', ".until", "after since"),
        ('codes=["550"]\nreason="policy"\nnote=3', ".note", "a text"),
        ('codes=["550"]\nreason="policy"\nsource=""', "", ""),
    ],
)
def test_rules_are_checked(rule: str, where: str, problem: str) -> None:
    text = CARRIER + f"[[carriers.one.rules]]\n{rule}"
    if not problem:
        assert parse_profiles(text).rules_of_lane("one")
        return
    with pytest.raises(BadInput) as caught:
        parse_profiles(text)
    assert caught.value.params["where"] == f"carriers.one.rules[1]{where}"
    assert problem in str(caught.value.params["problem"])


def limits_of(**numbers: float) -> LaneLimits:
    standing = 'source = "s", source_ja = "根", dated = "2026-11", confidence = "estimate"'
    lines = [
        f'{key} = {{ value = {value}, unit = "{UNITS[key]}", {standing} }}' for key, value in numbers.items()
    ]
    return parse_profiles(CARRIER + "[carriers.one.limits]\n" + "\n".join(lines)).profiles["one"].limits


def test_all_limits_hold_at_once_and_the_slower_pace_counts() -> None:
    limits = limits_of(
        messages_per_second=2,
        messages_per_minute=30,
        messages_per_hour=500,
        messages_per_day=4000,
        connections_per_minute=7,
        recipients_per_session=50,
    )
    assert limits.rate == pytest.approx(0.5)
    assert (limits.per_hour, limits.per_day, limits.connects_per_minute) == (500, 4000, 7)
    assert limits.messages_per_session == 20
    assert limits_of(messages_per_second=2, messages_per_minute=300).rate == pytest.approx(2.0)
    assert limits_of(messages_per_connection=1000).messages_per_session == 100
    assert limits_of(recipients_per_session=5).messages_per_session == 5


def test_a_session_never_has_more_than_a_hundred_recipients() -> None:
    with pytest.raises(BadInput, match="profile_invalid"):
        limits_of(recipients_per_session=101)
    assert all(profile.limits.messages_per_session <= 100 for profile in SHIPPED.profiles.values())


def test_a_lane_without_a_pace_is_unlimited() -> None:
    profile = parse_profiles(CARRIER).profiles["one"]
    assert profile.limits.rate is None
    assert (profile.source, profile.source_ja, profile.confidence) == ("", "", "estimate")


def test_an_effect_of_ones_own_drops_the_usual_ones_details() -> None:
    text = CARRIER + '[[carriers.one.rules]]\ncodes=["550"]\nreason="auth_failure"\neffect="suspend"'
    effect = parse_profiles(text).rules_of_lane("one")[0].effect
    assert effect.pause is None
    assert effect.pause_reason == ""


FRAGMENTS = ["[[", "]]", '"', "=", "1e999", "'", "\n", "true", "(?P<", "{9}{9}"]


def refusal_of(text: str) -> BadInput | None:
    """The only error that the validator may raise."""
    try:
        parse_profiles(text)
    except BadInput as error:
        return error
    return None


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@settings(max_examples=300)
@given(data=st.data())
def test_no_damage_to_the_file_raises_anything_else(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SHIPPED_TEXT) - 1))
    length = data.draw(st.integers(0, 60))
    inserted = data.draw(
        st.text(max_size=12) | st.sampled_from(["[[", "]]", '"', "=", "1e999", "'", "\n", "true"])
    )
    damaged = SHIPPED_TEXT[:start] + inserted + SHIPPED_TEXT[start + length :]
    error = refusal_of(damaged)
    assert error is None or error.code is ErrorCode.PROFILE_INVALID
    assert error is None or set(error.params) == {"where", "problem"}


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text: str) -> None:
    with pytest.raises(BadInput):
        parse_profiles(text)


def test_deep_nesting_is_refused_too() -> None:
    with pytest.raises(BadInput):
        parse_profiles("a = " + "[" * 100_000)
