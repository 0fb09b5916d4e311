"""MAIL and RCPT: parameters stand where they are offered and needed, and what cannot be said is not begun."""

from __future__ import annotations

import pytest

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.outgoing import DeliveryNotifications, Envelope, Outgoing
from desktop_relay.domain.reply import Reply
from desktop_relay.protocol.ehlo import Extensions, parse_ehlo
from desktop_relay.protocol.envelope import compose_envelope, find_obstacle

ALL_OFFERED = parse_ehlo(Reply(250, ("mx.example", "SIZE 100", "8BITMIME", "SMTPUTF8", "DSN", "PIPELINING")))
FAILURE = DeliveryNotifications.FAILURE
ASCII, EIGHT = b"Subject: x\r\n\r\n", "Subject: こ\r\n\r\n".encode()


def mail(
    content: bytes = ASCII, *, to: str = "anna@test.example", sender: str = "n@s.example", utf8: bool = False
) -> Outgoing:
    return Outgoing(Envelope(sender, to), content, "<1@s.example>", utf8)


@pytest.mark.parametrize(
    ("message", "offers", "wanted", "lines"),
    [
        (mail(), Extensions(), FAILURE, "MAIL FROM:<n@s.example>|RCPT TO:<anna@test.example>"),
        (
            mail(),
            ALL_OFFERED,
            DeliveryNotifications.OFF,
            "MAIL FROM:<n@s.example> SIZE=14|RCPT TO:<anna@test.example>",
        ),
        (
            mail(),
            ALL_OFFERED,
            FAILURE,
            "MAIL FROM:<n@s.example> SIZE=14 RET=HDRS ENVID=1@s.example"
            "|RCPT TO:<anna@test.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;anna@test.example",
        ),
        (
            mail(EIGHT, to="あ@test.example", utf8=True),
            ALL_OFFERED,
            DeliveryNotifications.OFF,
            "MAIL FROM:<n@s.example> SIZE=16 BODY=8BITMIME SMTPUTF8|RCPT TO:<あ@test.example>",
        ),
        # RFC 5321 4.5.5: no sender at all
        (mail(sender=""), Extensions(), FAILURE, "MAIL FROM:<>|RCPT TO:<anna@test.example>"),
        # a real customer of docomo's
        (
            mail(to='"a..b"@docomo.ne.jp'),
            Extensions(),
            FAILURE,
            'MAIL FROM:<n@s.example>|RCPT TO:<"a..b"@docomo.ne.jp>',
        ),
    ],
)
def test_lines(message: Outgoing, offers: Extensions, wanted: DeliveryNotifications, lines: str) -> None:
    assert find_obstacle(message, offers) is None
    assert compose_envelope(message, offers, wanted).decode() == lines.replace("|", "\r\n") + "\r\n"


@pytest.mark.parametrize(
    ("message", "offers", "failure"),
    [
        (mail(to="anna@test.example>\r\nDATA"), ALL_OFFERED, Failure.NOT_ENCODABLE),
        (mail(to="anna\x00@test.example"), ALL_OFFERED, Failure.NOT_ENCODABLE),
        (mail(to="あ@test.example"), ALL_OFFERED, Failure.NOT_ENCODABLE),
        (mail(to="あ@test.example", utf8=True), Extensions(), Failure.NOT_ENCODABLE),
        (mail(EIGHT), Extensions(), Failure.NOT_ENCODABLE),
        (mail(b"x" * 101), ALL_OFFERED, Failure.TOO_BIG),
    ],
)
def test_obstacles(message: Outgoing, offers: Extensions, failure: Failure) -> None:
    found = find_obstacle(message, offers)
    assert found is not None
    assert found[0] is failure


def test_the_demand_for_tls_is_never_left_out() -> None:
    line = compose_envelope(mail(), Extensions(), requiretls=True)
    assert line.startswith(b"MAIL FROM:<n@s.example> REQUIRETLS\r\n")
