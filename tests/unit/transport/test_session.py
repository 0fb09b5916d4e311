"""Sessions against scripted servers: every reply is paired, every end is told for what it is."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.transport.connect import Terms, open_session
from desktop_relay.transport.security import Security, encrypting_context
from desktop_relay.transport.session import Session
from desktop_relay.transport.timeouts import Timeouts
from tests.fakes.patience import eventually
from tests.fakes.smtp_receiver import receive
from tests.fakes.smtp_server import ScriptedSmtpServer, load_dialogue

CONTENT = b"Subject: hello\r\n\r\n.dots\r\nend\r\n"
SHORT = Timeouts(mail=0.3, rcpt=0.3, data=0.3, block=0.3, dot=0.3, rset=0.3, quit=0.3)


def mail(content: bytes = CONTENT, *, to: str = "anna@test.example", smtputf8: bool = False) -> Outgoing:
    return Outgoing(Envelope("news@shop.example", to), content, "<1@shop.example>", smtputf8)


@asynccontextmanager
async def dialogue(
    name: str,
    timeouts: Timeouts | None = None,
    *,
    by_script: bool = True,
    read_limit: int = 2**16,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[tuple[ScriptedSmtpServer, Session]]:
    script, wrapped = load_dialogue(name), tls is not None
    async with ScriptedSmtpServer(script, tls=tls, wrapped=wrapped, read_limit=read_limit) as server:
        terms = Terms(
            Security.WRAPPED if wrapped else Security.NONE,
            context=encrypting_context() if wrapped else None,
            ehlo_name="pc.example",
            timeouts=timeouts or Timeouts(),
        )
        session = await open_session("mx.example", "127.0.0.1", server.port, terms)
        assert isinstance(session, Session), session
        try:
            yield server, session
        finally:
            await session.close()
        if by_script:
            assert server.problems == []


def code_of(exchange: Exchange) -> int | None:
    return exchange.reply.code if exchange.reply else None


async def test_two_messages_pipelined_on_one_connection() -> None:
    async with dialogue("pipelined_accepts") as (server, session):
        first = await session.send(mail())
        second = await session.send(mail())
        assert (first.stage, code_of(first)) == (Stage.DOT, 250)
        assert first.reply is not None
        assert first.reply.text == "queued as 1"
        assert second.reply is not None
        assert second.reply.text == "queued as 2"
        assert session.sent == 2
        assert session.usable
        assert first.host == f"mx.example:{server.port}"
    assert [receive(body) for body in server.bodies] == [(CONTENT, b""), (CONTENT, b"")]
    assert server.heard[0] == "EHLO pc.example"
    assert f"MAIL FROM:<news@shop.example> SIZE={len(CONTENT)}" in server.heard


async def test_transcript_tells_the_dialogue_and_not_the_message() -> None:
    async with dialogue("pipelined_accepts") as (server, session):
        exchange = await session.send(mail())
        silent = await session.send(mail(), keep_transcript=False)
    assert silent.transcript == ()
    assert exchange.transcript == (
        f"* connect mx.example [127.0.0.1]:{server.port}",
        "< 220 mx.example ESMTP ready",
        "> EHLO pc.example",
        "< 250-mx.example",
        "< 250-PIPELINING",
        "< 250-SIZE 100000",
        "< 250-8BITMIME",
        "< 250 ENHANCEDSTATUSCODES",
        "> MAIL FROM:<news@shop.example> SIZE=30",
        "> RCPT TO:<anna@test.example>",
        "> DATA",
        "< 250 2.1.0 Ok",
        "< 250 2.1.5 Ok",
        "< 354 go ahead",
        "> (34 octets)",
        "< 250 2.0.0 queued as 1",
    )


@pytest.mark.parametrize("name", ["stepwise_accepts", "helo_only"])
async def test_without_pipelining_each_command_waits_for_its_reply(name: str) -> None:
    async with dialogue(name) as (server, session):
        exchange = await session.send(mail())
        assert (exchange.stage, code_of(exchange)) == (Stage.DOT, 250)
    assert len(server.bodies) == 1


async def test_refused_recipient_then_rset_with_the_next_message() -> None:
    async with dialogue("rcpt_refused_then_accepts") as (_, session):
        refused = await session.send(mail())
        assert (refused.stage, code_of(refused)) == (Stage.RCPT, 550)
        assert str(refused.reply) == "550 5.1.1 no such user"
        assert "< 554 5.5.1 no valid recipients" in refused.transcript
        assert session.usable
        assert code_of(await session.send(mail())) == 250


async def test_lone_dot_when_data_opened_without_recipients() -> None:
    async with dialogue("rcpt_refused_data_opened") as (server, session):
        refused = await session.send(mail())
        assert (refused.stage, code_of(refused)) == (Stage.RCPT, 450)
        assert code_of(await session.send(mail())) == 250
    assert server.bodies[0] == b".\r\n"
    assert len(server.bodies) == 2


async def test_refused_recipient_stepwise() -> None:
    async with dialogue("rcpt_refused_stepwise") as (_, session):
        refused = await session.send(mail())
        assert (refused.stage, code_of(refused)) == (Stage.RCPT, 550)
        assert refused.reply is not None
        assert refused.reply.text == "no such user here, see https://mx.example/why"
        assert code_of(await session.send(mail())) == 250


async def test_refused_sender_needs_no_rset() -> None:
    async with dialogue("mail_refused") as (_, session):
        refused = await session.send(mail())
        assert (refused.stage, code_of(refused)) == (Stage.MAIL, 550)
        assert session.usable


async def test_refused_content_needs_no_rset() -> None:
    async with dialogue("content_refused_then_accepts") as (_, session):
        refused = await session.send(mail())
        assert (refused.stage, code_of(refused)) == (Stage.DOT, 554)
        assert not refused.message_may_have_been_taken
        assert code_of(await session.send(mail())) == 250


async def test_drop_after_the_dot_is_unknown() -> None:
    async with dialogue("drop_after_dot") as (_, session):
        lost = await session.send(mail())
        assert (lost.stage, lost.reply) == (Stage.DOT, None)
        assert lost.failure in (Failure.CLOSED, Failure.RESET)
        assert lost.message_may_have_been_taken
        assert not session.usable


async def test_silence_after_the_dot_is_unknown() -> None:
    async with dialogue("silent_after_dot", SHORT) as (_, session):
        lost = await session.send(mail())
        assert (lost.stage, lost.failure) == (Stage.DOT, Failure.TIMEOUT)
        assert lost.message_may_have_been_taken


async def test_senseless_reply_after_the_dot_is_unknown() -> None:
    async with dialogue("senseless_after_dot") as (_, session):
        lost = await session.send(mail())
        assert (lost.stage, lost.failure) == (Stage.DOT, Failure.GARBLED)
        assert lost.message_may_have_been_taken


LARGE = b"Subject: large\r\n\r\n" + (b"x" * 70 + b"\r\n") * 200_000


@pytest.mark.parametrize("name", ["deaf_in_data", "reset_in_data"])
async def test_an_end_in_mid_message_is_known_not_to_be_taken(name: str) -> None:
    async with dialogue(name, SHORT, read_limit=4096) as (_, session):
        lost = await session.send(mail(LARGE))
        assert lost.stage is Stage.DATA
        assert lost.failure in (Failure.TIMEOUT, Failure.RESET, Failure.CLOSED)
        assert not lost.message_may_have_been_taken
        assert not session.usable


@pytest.mark.parametrize("name", ["deaf_in_data", "reset_in_data"])
@pytest.mark.parametrize("announces", [False, True])
async def test_so_it_is_over_tls_and_with_another_message_announced(
    server_tls: ssl.SSLContext, name: str, announces: bool
) -> None:
    following = mail if announces else None
    async with dialogue(name, SHORT, read_limit=4096, tls=server_tls) as (_, session):
        lost = await session.send(mail(LARGE), following=following)
        assert lost.stage is Stage.DATA
        assert not lost.message_may_have_been_taken


@pytest.mark.parametrize("encrypted", [False, True])
async def test_what_went_out_whole_may_have_been_taken_however_the_replies_came(
    server_tls: ssl.SSLContext, encrypted: bool
) -> None:
    tls = server_tls if encrypted else None
    async with dialogue("parted_then_reset_after_dot", tls=tls) as (_, session):
        lost = await session.send(mail())
        assert (lost.stage, lost.reply) == (Stage.DOT, None)
        assert lost.message_may_have_been_taken


@pytest.mark.parametrize("encrypted", [False, True])
async def test_the_answer_to_a_message_has_its_own_time_however_the_replies_came(
    server_tls: ssl.SSLContext, encrypted: bool
) -> None:
    tls = server_tls if encrypted else None
    async with dialogue("parted_then_slow_after_dot", Timeouts(block=0.2), tls=tls) as (_, session):
        assert code_of(await session.send(mail())) == 250
        assert session.usable


async def test_a_large_message_arrives_whole_with_the_next_one_behind_it(server_tls: ssl.SSLContext) -> None:
    for tls in (None, server_tls):
        async with dialogue("announced_accepts", tls=tls) as (server, session):
            large = mail(LARGE, to="first@test.example")
            assert code_of(await session.send(large, following=lambda: SECOND)) == 250
            assert code_of(await session.send(SECOND)) == 250
        assert [len(body) for body in server.bodies] == [len(LARGE) + 3, len(CONTENT) + 4]


async def test_refusal_in_mid_message_counts_and_ends_the_session() -> None:
    async with dialogue("refused_in_mid_message", read_limit=4096) as (_, session):
        refused = await session.send(mail(LARGE))
        assert (refused.stage, code_of(refused)) == (Stage.DATA, 552)
        assert not session.usable


async def test_421_in_the_middle() -> None:
    async with dialogue("busy_at_mail") as (_, session):
        busy = await session.send(mail())
        assert (busy.stage, code_of(busy)) == (Stage.RCPT, 421)
        assert not session.usable


async def test_421_while_idle_makes_the_session_unusable() -> None:
    async with dialogue("busy_while_idle") as (_, session):
        assert code_of(await session.send(mail())) == 250
        await eventually(lambda: not session.usable)
        late = await session.send(mail())
        assert (late.stage, late.failure) == (Stage.MAIL, Failure.CLOSED)
        assert "idle too long" in late.detail


async def test_hang_up_between_messages_is_seen_at_mail() -> None:
    async with dialogue("closed_between") as (_, session):
        assert code_of(await session.send(mail())) == 250
        lost = await session.send(mail())
        assert lost.stage is Stage.MAIL
        assert lost.failure in (Failure.CLOSED, Failure.RESET)


async def test_more_replies_than_commands() -> None:
    async with dialogue("answers_too_much") as (server, session):
        garbled = await session.send(mail())
        assert (garbled.stage, garbled.failure) == (Stage.DATA, Failure.GARBLED)
        assert not session.usable
    assert server.bodies == []


async def test_250_to_data_is_not_an_acceptance() -> None:
    async with dialogue("data_answered_250") as (server, session):
        garbled = await session.send(mail())
        assert (garbled.stage, garbled.failure) == (Stage.DATA, Failure.GARBLED)
        assert not session.usable
    assert server.bodies == []


async def test_endless_reply() -> None:
    async with dialogue("endless_reply") as (_, session):
        garbled = await session.send(mail())
        assert (garbled.stage, garbled.failure) == (Stage.MAIL, Failure.GARBLED)


async def test_dripping_reply_meets_the_deadline_of_the_whole() -> None:
    async with dialogue("dripping_reply", SHORT) as (_, session):
        late = await session.send(mail())
        assert (late.stage, late.failure) == (Stage.MAIL, Failure.TIMEOUT)
        assert not session.usable


async def test_too_big_is_told_before_a_word() -> None:
    async with dialogue("pipelined_accepts", by_script=False) as (server, session):
        too_big = await session.send(mail(b"x" * 100_001))
        assert (too_big.stage, too_big.failure) == (Stage.MAIL, Failure.TOO_BIG)
        assert session.usable
        assert not any(line.startswith("MAIL") for line in server.heard)


@pytest.mark.parametrize(
    "message",
    [
        mail(to="あんな@test.example"),
        mail(to="あんな@test.example", smtputf8=True),
        mail(to="anna@test.example>\r\nRCPT TO:<bob@test.example"),
        mail(to="anna\x00@test.example"),
    ],
)
async def test_what_cannot_be_said_is_not_said(message: Outgoing) -> None:
    async with dialogue("pipelined_accepts", by_script=False) as (server, session):
        refused = await session.send(message)
        assert (refused.stage, refused.failure) == (Stage.MAIL, Failure.NOT_ENCODABLE)
        assert server.heard == ["EHLO pc.example"]


async def test_eight_bits_need_8bitmime() -> None:
    async with dialogue("stepwise_accepts", by_script=False) as (_, session):
        refused = await session.send(mail("Subject: こ\r\n".encode()))
        assert refused.failure is Failure.NOT_ENCODABLE


async def test_smtputf8_where_offered() -> None:
    async with dialogue("smtputf8") as (server, session):
        exchange = await session.send(
            mail("Subject: こ\r\n\r\n".encode(), to="あんな@test.example", smtputf8=True)
        )
        assert code_of(exchange) == 250
    assert "RCPT TO:<あんな@test.example>".encode().decode("latin-1") in server.heard


async def test_ask_takes_the_envelope_back() -> None:
    async with dialogue("asks_only") as (server, session):
        asked = await session.ask("me@shop.example", "anna@test.example")
        assert (asked.stage, code_of(asked)) == (Stage.RCPT, 554)
        assert session.usable
    assert server.bodies == []


async def test_cancelled_sending_ends_the_session() -> None:
    async with dialogue("silent_after_dot") as (server, session):
        task = asyncio.create_task(session.send(mail()))
        await eventually(lambda: len(server.bodies) == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not session.usable
        await eventually(lambda: server.open_connections == 0)


FIRST, SECOND = mail(to="first@test.example"), mail(to="second@test.example")


async def test_the_next_message_is_announced_with_the_content_of_the_one_before() -> None:
    # the script hears the second envelope before it answers the first message: one round trip less
    async with dialogue("announced_accepts") as (server, session):
        first = await session.send(FIRST, following=lambda: SECOND)
        assert first.reply is not None
        assert first.reply.text == "queued as 1"
        assert session.expects(SECOND)
        assert not session.expects(FIRST)
        assert not session.usable, "nothing else may be sent now"
        second = await session.send(SECOND, following=lambda: None)
        assert second.reply is not None
        assert second.reply.text == "queued as 2"
        assert "> RCPT TO:<second@test.example>" in second.transcript
        assert session.usable
    assert len(server.bodies) == 2


async def test_refusals_belong_to_the_message_they_are_about() -> None:
    async with dialogue("announced_refused") as (_, session):
        first = await session.send(FIRST, following=lambda: SECOND)
        assert (first.stage, code_of(first)) == (Stage.DOT, 550)
        assert session.expects(SECOND)
        second = await session.send(SECOND)
        assert (second.stage, code_of(second)) == (Stage.RCPT, 550)


async def test_a_server_that_closes_leaves_the_announced_message_untouched() -> None:
    async with dialogue("announced_421") as (_, session):
        first = await session.send(FIRST, following=lambda: SECOND)
        assert (first.stage, code_of(first)) == (Stage.DOT, 421)
        assert not session.expects(SECOND)
        assert not session.usable


async def test_what_was_announced_in_vain_ends_the_connection_without_a_message() -> None:
    async with dialogue("announced_in_vain") as (server, session):
        await session.send(FIRST, following=lambda: SECOND)
        session.abort()
        assert not session.expects(SECOND)
        await eventually(lambda: server.open_connections == 0)
    assert len(server.bodies) == 1


async def test_what_cannot_be_sent_is_not_announced() -> None:
    async with dialogue("pipelined_accepts") as (_, session):
        await session.send(mail(), following=lambda: mail(to="ど@test.example"))
        assert session.usable
        await session.send(mail())
