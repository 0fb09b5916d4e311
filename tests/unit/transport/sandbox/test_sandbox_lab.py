import asyncio
import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_relay.transport.sandbox import Sandbox, load_sandbox_log

MESSAGE = b"From: shop@example.jp\r\nMessage-ID: <1@example.jp>\r\nSubject: hi\r\n\r\nhello\r\n"
Open = Callable[..., Awaitable[Sandbox]]
Dial = Callable[[Sandbox, str], Awaitable[Any]]


async def test_starttls_with_a_certificate_of_its_own(open_sandbox: Open, tmp_path: Path) -> None:
    sandbox = await open_sandbox(faults=False)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def send() -> str | None:
        with smtplib.SMTP("127.0.0.1", sandbox.ports["google"], timeout=10) as client:
            client.starttls(context=context)
            client.ehlo()
            assert not client.has_extn("starttls")
            client.sendmail("shop@example.jp", ["a@gmail.com", "b@gmail.com"], MESSAGE)
            assert isinstance(client.sock, ssl.SSLSocket)
            return client.sock.version()

    assert await asyncio.to_thread(send) == "TLSv1.3"
    assert [mail.rcpt for mail in load_sandbox_log(tmp_path / "sandbox.jsonl")] == [
        "a@gmail.com",
        "b@gmail.com",
    ]


async def test_a_client_that_breaks_off_starttls_harms_nobody(open_sandbox: Open, dial: Dial) -> None:
    sandbox = await open_sandbox()
    for _ in range(12):
        talk = await dial(sandbox, "google")
        await talk.greet()
        assert (await talk.say("STARTTLS")).startswith("220")
        talk.writer.write(b"no TLS at all\r\n" * 3)
        await asyncio.gather(talk.reader.read(), return_exceptions=True)
        await talk.close()
    talk = await dial(sandbox, "google")
    assert (await talk.reply()).startswith("220")


async def test_ten_connections_at_once(open_sandbox: Open, dial: Dial, tmp_path: Path) -> None:
    sandbox = await open_sandbox(speed=1000.0)

    async def send(number: int) -> list[str]:
        talk = await dial(sandbox, "google")
        await talk.greet()
        return [await talk.send(f"fate-accept.{number}.{turn}@gmail.com") for turn in range(20)]

    answers = [reply for replies in await asyncio.gather(*map(send, range(10))) for reply in replies]
    assert all(reply.startswith("250") for reply in answers)
    logged = {mail.rcpt for mail in load_sandbox_log(tmp_path / "sandbox.jsonl")}
    assert len(logged) == sandbox.received == 200


async def test_the_same_seed_is_the_same_day_again(open_sandbox: Open, dial: Dial, tmp_path: Path) -> None:
    recipients = [f"u{n}@docomo.ne.jp" for n in range(60)]
    days = []
    for order in (recipients, recipients[::-1]):
        sandbox = await open_sandbox(seed=5, speed=1000.0)
        answers: dict[str, str] = {}
        for recipient in order:
            talk = await dial(sandbox, "docomo")
            await talk.greet()
            answers[recipient] = (await talk.send(recipient))[:12]
            await talk.close()
        days.append({recipient: answer[:3] for recipient, answer in answers.items()})
        await sandbox.stop()
    assert days[0] == days[1]
    assert len(set(days[0].values())) > 1
    agreed = sum(answer == "250" for answer in days[0].values()) * 2
    assert len(load_sandbox_log(tmp_path / "sandbox.jsonl")) == agreed


async def test_a_restart_continues_the_log(open_sandbox: Open, dial: Dial, tmp_path: Path) -> None:
    for expected in (1, 2):
        sandbox = await open_sandbox(faults=False)
        assert sandbox.received == expected - 1
        talk = await dial(sandbox, "docomo")
        await talk.greet()
        await talk.send("a@docomo.ne.jp")
        assert sandbox.received == expected
        await sandbox.stop()
    assert len(load_sandbox_log(tmp_path / "sandbox.jsonl")) == 2


async def test_stop_closes_everything(open_sandbox: Open, dial: Dial) -> None:
    sandbox = await open_sandbox()
    talk = await dial(sandbox, "google")
    await talk.greet()
    plain = await dial(sandbox, "docomo")
    await plain.greet()
    assert (await talk.say("STARTTLS")).startswith("220")
    await sandbox.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "sandbox"]
    for dialogue in (talk, plain):
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(dialogue.reader.read(), 5) == b""
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", sandbox.ports["google"])
    await sandbox.stop()


async def test_ports_can_be_fixed_and_a_taken_one_is_told(open_sandbox: Open) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError):
            await open_sandbox(ports={"au": taken.getsockname()[1]})
        free = taken.getsockname()[1]
    sandbox = await open_sandbox(ports={"au": free})
    assert sandbox.ports["au"] == free


async def test_stop_without_start(tmp_path: Path) -> None:
    sandbox = Sandbox(1, 20.0, tmp_path / "log")
    await sandbox.stop()
    assert sandbox.received == 0


async def test_a_log_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    sandbox = Sandbox(1, 20.0, tmp_path)
    with pytest.raises(OSError):
        await sandbox.start()
    await sandbox.stop()


async def test_messages_can_be_kept_to_look_at(open_sandbox: Open, dial: Dial, tmp_path: Path) -> None:
    sandbox = await open_sandbox(keep_messages=tmp_path / "mail")
    talk = await dial(sandbox, "docomo")
    await talk.greet()
    await talk.send("fate-accept.x@docomo.ne.jp")
    (kept,) = (tmp_path / "mail").iterdir()
    assert kept.read_bytes() == MESSAGE
