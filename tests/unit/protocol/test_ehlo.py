"""EHLO: what is offered is understood, what makes no sense is left out."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.reply import Reply
from desktop_relay.protocol.ehlo import Extensions, parse_ehlo, parse_seen_address
from desktop_relay.protocol.reply import ProtocolError, ReplyParser


def offers(*lines: str) -> Extensions:
    return parse_ehlo(Reply(250, ("mx.example greets you", *lines)))


def test_a_full_offer() -> None:
    found = offers(
        "PIPELINING",
        "SIZE 10240000",
        "ETRN",
        "STARTTLS",
        "AUTH PLAIN LOGIN CRAM-MD5",
        "AUTH=PLAIN",
        "ENHANCEDSTATUSCODES",
        "8BITMIME",
        "DSN",
        "SMTPUTF8",
        "CHUNKING",
        "LIMITS MAILMAX=100 RCPTMAX=50",
    )
    assert found.size == 10_240_000
    assert found.takes_size
    assert found.pipelining
    assert found.starttls
    assert found.enhanced
    assert found.eightbitmime
    assert found.dsn
    assert found.smtputf8
    assert found.chunking
    assert found.auth == {"PLAIN", "LOGIN", "CRAM-MD5"}
    assert found.mail_max == 100
    assert found.names[:3] == ("PIPELINING", "SIZE", "ETRN")


@pytest.mark.parametrize(
    ("line", "size"),
    [
        ("SIZE", None),
        ("SIZE 0", None),
        ("size 42", 42),
        ("SIZE -1", None),
        ("SIZE " + "9" * 30, None),
        ("SIZE ٣", None),
    ],
)
def test_size(line: str, size: int | None) -> None:
    assert offers(line).size == size
    assert offers(line).takes_size


@pytest.mark.parametrize(
    ("line", "limits"),
    [
        ("LIMITS MAILMAX=20 RCPTMAX=100 RCPTDOMAINMAX=1", (20, 100, 1)),
        ("LIMITS rcptmax=5", (None, 5, None)),
        ("LIMITS MAILMAX=0 RCPTMAX=x RCPTDOMAINMAX=", (None, None, None)),
        ("LIMITS XMAILMAX=3", (None, None, None)),
        ("LIMITS MAILMAX=12345678", (None, None, None)),
        ("LIMITS", (None, None, None)),
    ],
)
def test_limits(line: str, limits: tuple[int | None, ...]) -> None:
    found = offers(line)
    assert (found.mail_max, found.rcpt_max, found.rcpt_domain_max) == limits


def test_nothing_offered() -> None:
    assert parse_ehlo(Reply(250, ("mx.example",))) == Extensions()
    assert parse_ehlo(Reply(250)) == Extensions()


def test_the_greeting_is_no_offer() -> None:
    assert not parse_ehlo(Reply(250, ("PIPELINING", "SIZE 5"))).pipelining


def test_old_form_of_auth() -> None:
    assert offers("AUTH=LOGIN PLAIN").auth == {"LOGIN", "PLAIN"}


def test_senseless_lines_are_left_out() -> None:
    assert offers("", "  ", "<script>", "ＰＩＰＥＬＩＮＩＮＧ", "pipelining").names == ("PIPELINING",)


@given(st.lists(st.text(max_size=60), max_size=12))
def test_no_text_breaks_it(lines: list[str]) -> None:
    found = parse_ehlo(Reply(250, tuple(lines)))
    assert found.size is None or found.size > 0


@given(st.binary(max_size=300))
def test_no_octets_break_it(data: bytes) -> None:
    try:
        replies = ReplyParser().feed(b"250-mx.example\r\n" + data)
    except ProtocolError:
        return
    for reply in replies:
        parse_ehlo(reply)


@pytest.mark.parametrize(
    ("greeting", "address"),
    [
        ("mx.example at your service, [203.0.113.7]", "203.0.113.7"),
        ("mx.example Hello [203.0.113.7]", "203.0.113.7"),
        ("mx.example Hello pc.example [IPv6:2001:DB8::7], pleased to meet you", "2001:db8::7"),
        ("mx.example Hello pc.example [IPv6:::ffff:203.0.113.7]", "203.0.113.7"),
        ("[mx1] mx.example Hello [2001:db8::7]", "2001:db8::7"),
        ("mx.example Hello 203.0.113.7", ""),
        ("mx.example [203.0.113.700]", ""),
        ("mx.example", ""),
    ],
)
def test_where_the_server_sees_us(greeting: str, address: str) -> None:
    assert parse_seen_address(Reply(250, (greeting, "SIZE [192.0.2.1]"))) == address


@given(st.lists(st.text("[]0123456789abcdefIPv:. ", max_size=60), max_size=3))
def test_no_greeting_breaks_it(lines: list[str]) -> None:
    found = parse_seen_address(Reply(250, tuple(lines)))
    assert found == "" or str(ip_address(found)) == found
