"""Servers that mean no good or are broken: a dialogue each, which says what must come of it."""

from __future__ import annotations

import asyncio
import ssl

import pytest

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.transport.connect import Terms, open_session
from desktop_relay.transport.security import Security, encrypting_context
from desktop_relay.transport.timeouts import Timeouts
from tests.fakes.smtp_server import DIALOGUES, ScriptedSmtpServer, load_dialogue

NAMES = sorted(path.stem for path in (DIALOGUES / "hostile").glob("*.smtp"))
SECONDS = 10.0
"""No dialogue may hold us longer, whatever the other side does."""

SMALL = b"Subject: hello\r\n\r\nhello\r\n"
LARGE = b"Subject: large\r\n\r\n" + (b"x" * 70 + b"\r\n") * 200_000
PATIENCE = Timeouts(
    banner=0.4, ehlo=0.4, mail=1.0, rcpt=1.0, data=1.0, block=0.4, octet=0.15, dot=1.0, rset=0.4, quit=0.3
)


async def play(server: ScriptedSmtpServer, content: bytes, *, encrypted: bool) -> Exchange:
    terms = Terms(
        Security.WRAPPED if encrypted else Security.NONE,
        context=encrypting_context() if encrypted else None,
        ehlo_name="pc.example",
        timeouts=PATIENCE,
    )
    session = await open_session("mx.example", "127.0.0.1", server.port, terms)
    if isinstance(session, Exchange):
        return session
    await asyncio.sleep(0.1)
    envelope = Envelope("news@shop.example", "anna@test.example")
    exchange = await session.send(Outgoing(envelope, content, "<1@shop.example>"))
    await session.close()
    assert not session.usable
    return exchange


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "tls"])
async def test_hostile(name: str, encrypted: bool, server_tls: ssl.SSLContext) -> None:
    script = load_dialogue(f"hostile/{name}")
    stage, outcome, *size = script.partition("# wants: ")[2].partition("\n")[0].split()
    tls = server_tls if encrypted else None
    scripted = ScriptedSmtpServer(script, tls=tls, wrapped=encrypted, read_limit=4096)
    async with scripted as server, asyncio.timeout(SECONDS):
        exchange = await play(server, LARGE if size else SMALL, encrypted=encrypted)
    told = exchange.reply.code if exchange.reply is not None else exchange.failure
    wanted = int(outcome) if outcome.isdigit() else Failure(outcome)
    # a hang-up with our octets unread is an RST
    assert told == wanted or {told, wanted} == {Failure.CLOSED, Failure.RESET}
    assert exchange.stage is Stage(stage)
    assert server.problems == []
    assert all(line.isprintable() for line in exchange.transcript)
