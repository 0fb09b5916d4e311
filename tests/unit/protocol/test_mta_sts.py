"""MTA-STS: every form of record and policy, and nothing but StsError for the rest (RFC 8461 3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.protocol.mta_sts import (
    LONGEST_SECONDS,
    POLICY_LIMIT_BYTES,
    KeptPolicy,
    StsError,
    StsMode,
    StsPolicy,
    parse_sts_policy,
    parse_sts_record,
)

GOOD = b"version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: *.example.net\r\nmax_age: 86400\r\n"


def text(*parts: str) -> bytes:
    """A TXT record's data, in one or more strings."""
    return b"".join(bytes([len(part)]) + part.encode() for part in parts)


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ([text("v=STSv1; id=20160831085700Z;")], "20160831085700Z"),
        ([text("v=STSv1;id=1")], "1"),
        ([text("v=STSv1; ", "id=2")], "2"),
        ([text("v=STSv1; future=x; id=3;")], "3"),
        ([text("google-site-verification=x"), text("v=STSv1; id=4")], "4"),
        ([text("v=STSv1; id=5"), text("v=STSv1; id=6")], None),
        ([text("v=STSv2; id=7")], None),
        ([text("v=STSv1 ; id=7")], None),
        ([text("v=STSv1; id=with-hyphen")], None),
        ([text("v=STSv1; id=" + "1" * 33)], None),
        ([text("v=STSv1; id=")], None),
        ([text("v=STSv1;")], None),
        ([], None),
        ([b"\xff\x00"], None),
    ],
)
def test_records(records: list[bytes], found: str | None) -> None:
    assert parse_sts_record(records) == found


@given(st.lists(st.binary(max_size=80), max_size=3))
def test_any_record_has_an_answer(records: list[bytes]) -> None:
    found = parse_sts_record(records)
    assert found is None or (found.isalnum() and len(found) <= 32)


def test_a_policy() -> None:
    expected = StsPolicy(StsMode.ENFORCE, ("mx1.example.com", "*.example.net"), timedelta(days=1))
    assert parse_sts_policy(GOOD) == expected
    assert parse_sts_policy(GOOD.replace(b"\r\n", b"\n")) == expected
    assert parse_sts_policy(GOOD.removesuffix(b"\r\n")) == expected
    assert parse_sts_policy(GOOD + b"\r\n") == expected
    assert parse_sts_policy(GOOD.replace(b"mx1.example.com", b"MX1.Example.Com")) == expected
    assert parse_sts_policy(GOOD + b"mode: none\r\nx-new: anything: at all\r\n") == expected


def test_a_policy_that_ends_it_all() -> None:
    policy = parse_sts_policy(b"version: STSv1\nmode: none\nmax_age: 99999999999".replace(b"999", b"9", 1))
    assert (policy.mode, policy.mx) == (StsMode.NONE, ())
    assert policy.max_age == timedelta(seconds=LONGEST_SECONDS)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>nobody here</html>",
        GOOD.replace(b"STSv1", b"STSv2"),
        GOOD.replace(b"version: STSv1\r\n", b""),
        GOOD.replace(b"enforce", b"Enforce"),
        GOOD.replace(b"mode: enforce\r\n", b""),
        GOOD.replace(b"max_age: 86400\r\n", b""),
        GOOD.replace(b"86400", b"-1"),
        GOOD.replace(b"86400", b"1e5"),
        GOOD.replace(b"86400", b"12345678901"),
        b"version: STSv1\nmode: enforce\nmax_age: 1\n",
        GOOD.replace(b"*.example.net", b"*"),
        GOOD.replace(b"*.example.net", b"mx.*.example.net"),
        GOOD.replace(b"*.example.net", b""),
        GOOD.replace(b"*.example.net", b"a b"),
        GOOD.replace(b"mx1", b"\xff"),
        GOOD + b"no colon\r\n",
        GOOD + b"x: " + b"y" * POLICY_LIMIT_BYTES,
        GOOD + b"mx: a.example\n" * 1000,
    ],
)
def test_what_is_no_policy(body: bytes) -> None:
    with pytest.raises(StsError):
        parse_sts_policy(body)


LABEL = st.text("abcdefghij0123456789-", min_size=1, max_size=8).filter(lambda s: s.strip("-") == s)
HOST = st.lists(LABEL, min_size=2, max_size=4).map(".".join)


@given(
    st.sampled_from(StsMode),
    st.lists(
        st.builds("{}{}".format, st.sampled_from(["", "*."]), HOST), min_size=1, max_size=4, unique=True
    ),
    st.integers(0, LONGEST_SECONDS),
)
def test_what_was_written_is_read(mode: StsMode, mx: list[str], seconds: int) -> None:
    lines = ["version: STSv1", f"mode: {mode}", *(f"mx: {host}" for host in mx), f"max_age: {seconds}"]
    policy = parse_sts_policy("\r\n".join(lines).encode())
    assert policy == StsPolicy(mode, tuple(mx), timedelta(seconds=seconds))
    assert all(policy.allows(host.removeprefix("*.")) for host in mx if not host.startswith("*."))


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_octets_of_any_kind(body: bytes) -> None:
    for candidate in (body, GOOD + body, body + GOOD):
        try:
            policy = parse_sts_policy(candidate)
        except StsError:
            continue
        assert policy.mx or policy.mode is StsMode.NONE
        assert timedelta(0) <= policy.max_age <= timedelta(seconds=LONGEST_SECONDS)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("mx1.example.com", True),
        ("MX1.Example.com.", True),
        ("mx2.example.com", False),
        ("a.example.net", True),
        ("example.net", False),
        ("a.b.example.net", False),
        ("evil-example.net", False),
        ("", False),
    ],
)
def test_hosts(host: str, allowed: bool) -> None:
    assert parse_sts_policy(GOOD).allows(host) is allowed


def test_validity() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    kept = KeptPolicy("1", parse_sts_policy(GOOD), now)
    assert kept.is_valid(now)
    assert kept.is_valid(now + timedelta(hours=23))
    assert not kept.is_valid(now + timedelta(days=1))
    assert not kept.is_valid(now - timedelta(seconds=1))
