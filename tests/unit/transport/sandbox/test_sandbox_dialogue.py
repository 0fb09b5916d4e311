import asyncio
import hashlib
import smtplib
import ssl
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from desktop_relay.transport.sandbox import Sandbox, load_sandbox_log
from desktop_relay.transport.sandbox.fate import Fate

MESSAGE = b"From: shop@example.jp\r\nMessage-ID: <1@example.jp>\r\nSubject: hi\r\n\r\nhello\r\n"
Open = Callable[..., Awaitable[Sandbox]]
Dial = Callable[[Sandbox, str], Awaitable[Any]]


@pytest.mark.parametrize(
    ("carrier", "recipient", "reply"),
    [
        ("docomo", "fate-unknown_user.x@docomo.ne.jp", "550 Unknown user <{}>"),
        ("docomo", "fate-mailbox_full.x@docomo.ne.jp", "552 Too much mail data <{}>"),
        ("docomo", "fate-greylist.x@docomo.ne.jp", "450 4.7.1 <{}>: try again in 300 seconds"),
        ("docomo", "fate-busy.x@docomo.ne.jp", "451 <{}>: temporary failure, try again later"),
        ("au", "fate-unknown_user.x@ezweb.ne.jp", "550 <{}>: User unknown"),
        ("au", "fate-filtered.x@au.com", "550 : User unknown"),
        ("softbank", "fate-unknown_user.x@i.softbank.jp", "550 Invalid recipient: <{}>"),
        (
            "yahoo_japan",
            "fate-unknown_user.x@yahoo.co.jp",
            "554 delivery error: dd This user doesn't have a yahoo.co.jp account ({})",
        ),
        (
            "google",
            "fate-unknown_user.x@gmail.com",
            "550-5.1.1 The email account that you tried to reach does not exist.\n550 5.1.1 <{}> - gsmtp",
        ),
        (
            "google",
            "fate-mailbox_full.x@gmail.com",
            "452 4.2.2 The inbox of <{}> is out of storage space - gsmtp",
        ),
        ("apple", "fate-disabled.x@icloud.com", "550 <{}>: this mailbox is disabled"),
    ],
)
async def test_a_refusal_in_the_carriers_words(
    open_sandbox: Open, dial: Dial, carrier: str, recipient: str, reply: str
) -> None:
    sandbox = await open_sandbox()
    talk = await dial(sandbox, carrier)
    await talk.greet()
    assert await talk.send(recipient) == reply.format(recipient)
    assert sandbox.received == 0


async def test_an_ordinary_recipient_is_taken_and_logged(
    open_sandbox: Open, dial: Dial, tmp_path: Path
) -> None:
    sandbox = await open_sandbox()
    talk = await dial(sandbox, "docomo")
    await talk.greet()
    content = MESSAGE + b"..dot\r\n"
    assert (await talk.send("fate-accept.Taro@docomo.ne.jp", content)).startswith("250 OK")
    (mail,) = load_sandbox_log(tmp_path / "sandbox.jsonl")
    kept = MESSAGE + b".dot\r\n"
    assert mail.rcpt == "fate-accept.Taro@docomo.ne.jp"
    assert (mail.carrier, mail.mail_from, mail.message_id) == ("docomo", "shop@example.jp", "<1@example.jp>")
    assert (mail.size, mail.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    assert datetime.fromisoformat(mail.time).tzinfo is not None
    assert sandbox.received == 1


@pytest.mark.parametrize("envelope", ['"a..b"@docomo.ne.jp', "a..b@docomo.ne.jp"])
async def test_addresses_that_rfc_5321_forbids_are_customers(
    open_sandbox: Open, dial: Dial, tmp_path: Path, envelope: str
) -> None:
    talk = await dial(await open_sandbox(faults=False), "docomo")
    await talk.greet()
    assert (await talk.send(envelope)).startswith("250")
    assert [mail.rcpt for mail in load_sandbox_log(tmp_path / "sandbox.jsonl")] == ["a..b@docomo.ne.jp"]


async def test_greylisting_ends_in_carrier_time(open_sandbox: Open, dial: Dial) -> None:
    talk = await dial(await open_sandbox(speed=1000.0), "docomo")
    await talk.greet()
    assert (await talk.send("fate-greylist.x@docomo.ne.jp")).startswith("450 4.7.1")
    await asyncio.sleep(0.35)
    assert (await talk.send("fate-greylist.x@docomo.ne.jp")).startswith("250")


async def test_a_busy_carrier_takes_it_the_next_time(open_sandbox: Open, dial: Dial) -> None:
    talk = await dial(await open_sandbox(), "google")
    await talk.greet()
    assert (await talk.send("fate-busy.x@gmail.com")).startswith("450 4.2.1")
    assert (await talk.send("fate-busy.x@gmail.com")).startswith("250 2.0.0")


async def test_a_slow_recipient_is_taken_late(open_sandbox: Open, dial: Dial) -> None:
    talk = await dial(await open_sandbox(speed=40.0), "docomo")
    await talk.greet()
    started = time.monotonic()
    assert (await talk.send("fate-slow.x@docomo.ne.jp")).startswith("250")
    assert time.monotonic() - started >= 0.09


@pytest.mark.parametrize(("fate", "taken"), [(Fate.DROP_TAKEN, 1), (Fate.DROP_LOST, 0)])
async def test_the_line_goes_dead_after_the_final_dot(
    open_sandbox: Open, dial: Dial, tmp_path: Path, fate: Fate, taken: int
) -> None:
    sandbox = await open_sandbox()
    recipient = f"fate-{fate}.x@softbank.ne.jp"
    first = await dial(sandbox, "softbank")
    await first.greet()
    assert await first.send(recipient) == ""
    assert len(load_sandbox_log(tmp_path / "sandbox.jsonl")) == sandbox.received == taken
    again = await dial(sandbox, "softbank")
    await again.greet()
    assert (await again.send(recipient)).startswith("250")
    assert sandbox.received == taken + 1


async def test_a_reset_is_a_reset(open_sandbox: Open, dial: Dial) -> None:
    sandbox = await open_sandbox()
    talk = await dial(sandbox, "au")
    await talk.greet()
    with pytest.raises(ConnectionResetError):
        await talk.to("fate-reset.x@au.com")
    again = await dial(sandbox, "au")
    await again.greet()
    assert (await again.send("fate-reset.x@au.com")).startswith("250")


def test_a_reset_also_under_tls(tmp_path: Path) -> None:
    sandbox = Sandbox(1, 20.0, tmp_path / "log")
    asyncio.run(sandbox.start())
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with smtplib.SMTP("127.0.0.1", sandbox.ports["google"], timeout=10) as client:
            client.starttls(context=context)
            client.ehlo()
            client.mail("shop@example.jp")
            with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
                client.rcpt("fate-reset.x@gmail.com")
            client.close()
    finally:
        asyncio.run(sandbox.stop())


async def test_au_resets_who_opens_too_many_connections(open_sandbox: Open, dial: Dial) -> None:
    sandbox = await open_sandbox()
    for _ in range(4):
        assert (await (await dial(sandbox, "au")).reply()).startswith("220 msmx.au.com")
    with pytest.raises(ConnectionResetError):
        await (await dial(sandbox, "au")).reply()


async def test_docomo_answers_421_and_closes(open_sandbox: Open, dial: Dial) -> None:
    sandbox = await open_sandbox()
    talks = [await dial(sandbox, "docomo") for _ in range(4)]
    for talk in talks:
        await talk.reply()
    refused = await dial(sandbox, "docomo")
    assert (await refused.reply()).startswith("421 mfsmax.docomo.ne.jp")
    assert await refused.reply() == ""
    assert await talks[0].say("QUIT") == "221 Bye"
    await talks[0].close()
    for _ in range(500):
        if (answer := await (await dial(sandbox, "docomo")).reply()).startswith("220"):
            break
        await asyncio.sleep(0.01)
    assert answer.startswith("220")


@pytest.mark.parametrize(
    ("carrier", "domain", "burst", "starts"),
    [
        ("docomo", "docomo.ne.jp", 60, ["421 mfsmax"]),
        ("yahoo_japan", "yahoo.co.jp", 120, ["421 [TSS04"]),
        ("google", "gmail.com", 300, ["421-4.7.28", "421 4.7.28"]),
    ],
)
async def test_an_impolite_pace_is_refused(
    open_sandbox: Open, dial: Dial, carrier: str, domain: str, burst: int, starts: list[str]
) -> None:
    talk = await dial(await open_sandbox(speed=0.001), carrier)
    await talk.greet()
    for turn in range(burst):
        if turn % 50 == 0:
            await talk.to(f"fate-accept.{turn}@{domain}")
        else:
            assert (await talk.say(f"RCPT TO:<fate-accept.{turn}@{domain}>")).startswith("250")
    answer = await talk.say(f"RCPT TO:<fate-accept.x@{domain}>")
    assert [line[:10] for line in answer.split("\n")] == starts
    assert await talk.reply() == ""


async def test_au_resets_an_impolite_pace(open_sandbox: Open, dial: Dial) -> None:
    talk = await dial(await open_sandbox(speed=0.001), "au")
    await talk.greet()
    await talk.say("MAIL FROM:<shop@example.jp>")
    for turn in range(60):
        assert await talk.say(f"RCPT TO:<fate-accept.{turn}@au.com>") == "250 OK"
    with pytest.raises(ConnectionResetError):
        await talk.say("RCPT TO:<fate-accept.x@au.com>")


async def test_a_session_has_its_share(open_sandbox: Open, dial: Dial) -> None:
    talk = await dial(await open_sandbox(), "apple")
    await talk.greet()
    for turn in range(10):
        assert (await talk.send(f"fate-accept.{turn}@icloud.com")).startswith("250")
    await talk.say("RSET")
    assert (await talk.say("MAIL FROM:<shop@example.jp>")).startswith("421 4.7.0")
    assert await talk.reply() == ""


async def test_docomo_cuts_the_session_at_the_101st_recipient(open_sandbox: Open, dial: Dial) -> None:
    sandbox = await open_sandbox(speed=1e6)
    talk = await dial(sandbox, "docomo")
    await talk.greet()
    await talk.say("MAIL FROM:<shop@example.jp>")
    for turn in range(100):
        assert await talk.say(f"RCPT TO:<fate-accept.{turn}@docomo.ne.jp>") == "250 OK"
    assert await talk.say("RCPT TO:<fate-accept.x@docomo.ne.jp>") == "554 Transaction failed"
    assert await talk.reply() == ""
    assert sandbox.received == 0


async def test_without_faults_everything_is_taken(open_sandbox: Open, dial: Dial) -> None:
    sandbox = await open_sandbox(faults=False, speed=0.001)
    talk = await dial(sandbox, "docomo")
    await talk.greet()
    for turn, fate in enumerate([*Fate] * 12):
        assert (await talk.send(f"fate-{fate}.{turn}@docomo.ne.jp")).startswith("250")
    assert sandbox.received == len(Fate) * 12


async def test_mail_for_another_carrier_is_not_relayed(open_sandbox: Open, dial: Dial) -> None:
    talk = await dial(await open_sandbox(), "au")
    await talk.greet()
    assert await talk.send("taro@docomo.ne.jp") == "554 <taro@docomo.ne.jp>: Relay access denied"
    assert await talk.say("RCPT TO:<taro@@au.com>") != "250 OK"
    assert await talk.say("DATA") == "554 Error: no valid recipients"


async def test_softbank_wants_a_message_id(open_sandbox: Open, dial: Dial) -> None:
    sandbox = await open_sandbox()
    talk = await dial(sandbox, "softbank")
    await talk.greet()
    headless = b"From: a@example.jp\r\nMessage-ID: \r\n\r\nx\r\n"
    assert (
        await talk.send("fate-accept.x@softbank.ne.jp", headless) == "550 message without Message-ID refused"
    )
    assert sandbox.received == 0


async def test_pipelined_commands_are_answered_in_order(open_sandbox: Open, dial: Dial) -> None:
    sandbox = await open_sandbox()
    talk = await dial(sandbox, "au")
    assert "PIPELINING" in await talk.greet()
    talk.writer.write(
        b"MAIL FROM:<s@example.jp>\r\nRCPT TO:<fate-unknown_user.x@au.com>\r\n"
        b"RCPT TO:<fate-accept.x@au.com>\r\nDATA\r\n"
    )
    assert [(await talk.reply())[:3] for _ in range(4)] == ["250", "550", "250", "354"]
    talk.writer.write(
        MESSAGE + b".\r\nMAIL FROM:<s@example.jp>\r\nRCPT TO:<fate-unknown_user.x@au.com>\r\nDATA\r\n"
    )
    assert [(await talk.reply())[:3] for _ in range(4)] == ["250", "250", "550", "554"]
    assert sandbox.received == 1


async def test_nothing_is_answered_after_a_421_to_a_pipeline(open_sandbox: Open, dial: Dial) -> None:
    talk = await dial(await open_sandbox(), "apple")
    await talk.greet()
    for _ in range(10):
        await talk.to("fate-accept.x@icloud.com")
    talk.writer.write(b"RSET\r\nMAIL FROM:<s@example.jp>\r\nRCPT TO:<fate-accept.x@icloud.com>\r\nDATA\r\n")
    assert [(await talk.reply())[:3] for _ in range(3)] == ["250", "421", ""]


@pytest.mark.parametrize(
    ("carrier", "offered", "missing"),
    [
        ("google", {"STARTTLS", "PIPELINING", "ENHANCEDSTATUSCODES", "SMTPUTF8", "SIZE 36700160"}, set()),
        ("docomo", {"8BITMIME"}, {"PIPELINING", "STARTTLS", "SMTPUTF8"}),
        ("au", {"PIPELINING", "SIZE 3145728"}, {"STARTTLS"}),
    ],
)
async def test_what_a_carrier_offers(
    open_sandbox: Open, dial: Dial, carrier: str, offered: set[str], missing: set[str]
) -> None:
    answer = await (await dial(await open_sandbox(), carrier)).greet()
    lines = {line[4:] for line in answer.split("\n")}
    assert offered <= lines
    assert not missing & lines
