"""Accounts: encrypted, and by whoever the name stands for, before a password or a mail is said."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from desktop_relay.cli.commands import route as route_command
from desktop_relay.cli.parser import Parser
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.transport.resolver import Endpoint
from desktop_relay.transport.security import SECURITY_OF_ROUTE, Security
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.ways import SmarthostWay
from tests.fakes.smtp_server import ScriptedSmtpServer, load_dialogue
from tests.fakes.table_resolver import TableResolver

HOST = "smtp.example"
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
SHORT = Timeouts(connect=2.0, banner=2.0, ehlo=2.0, starttls=2.0, quit=0.3)


def test_an_account_is_encrypted_and_checked_unless_its_route_says_other() -> None:
    assert Route("mine", RouteKind.SMARTHOST).tls is TlsMode.STARTTLS
    parser = Parser(prog="route")
    route_command.add_arguments(parser)
    assert parser.parse_args(["add", "mine", "--kind", "smarthost"]).tls == TlsMode.STARTTLS
    checked = {
        mode for mode, kind in SECURITY_OF_ROUTE.items() if kind in (Security.VERIFIED, Security.WRAPPED)
    }
    assert set(TlsMode) - checked == {TlsMode.NONE}


@pytest.mark.parametrize("mode", [TlsMode.STARTTLS, TlsMode.TLS])
@pytest.mark.parametrize("fault", ["name", "expired", "stranger"])
async def test_a_bad_certificate_is_told_no_password(
    authority: trustme.CA, ca_file: str, mode: TlsMode, fault: str
) -> None:
    certificate = {
        "name": authority.issue_cert("other.example"),
        "expired": authority.issue_cert(HOST, not_after=YESTERDAY),
        "stranger": trustme.CA().issue_cert(HOST),
    }[fault]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    wrapped = mode is TlsMode.TLS
    dialogue = load_dialogue("login_plain" if wrapped else "starttls_accepts")
    async with ScriptedSmtpServer(dialogue, tls=context, wrapped=wrapped) as server:
        route = Route("mine", RouteKind.SMARTHOST, host=HOST, port=server.port, tls=mode, user="anna")
        names = TableResolver({}, {HOST: [Endpoint("127.0.0.1")]})
        way = SmarthostWay(route, "heimlich", resolver=names, ca_file=ca_file, timeouts=SHORT)
        result = await way.open("anything.example")
        assert isinstance(result, Exchange)
        assert (result.stage, result.failure) == (Stage.STARTTLS, Failure.TLS_FAILED)
        assert not any(line.startswith(("AUTH", "MAIL")) for line in server.heard)
        # a server that is wrapped counts those whose handshake succeeded
        assert server.connections == (0 if wrapped else 1), "no second try without"
