"""A wrong password and a certificate nobody vouches for: the campaign waits, is mended, and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.e2e.letters import draft
from tests.e2e.program import Program
from tests.servers.dovecot import open_dovecot
from tests.servers.mailbox import Mailbox, open_mailbox
from tests.servers.postfix import Postfix, open_postfix

pytestmark = pytest.mark.real

USER, PASSWORD = "shop@test.example", "right 秘密"
PEOPLE = [f"p{number}@lane{number % 3}.example" for number in range(12)]


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def provider(authority: trustme.CA) -> Iterator[tuple[Postfix, Mailbox]]:
    with (
        open_dovecot({USER: PASSWORD}) as auth,
        open_mailbox() as mailbox,
        open_postfix(authority, auth, mailbox.lmtp) as postfix,
    ):
        yield postfix, mailbox


def add_route(program: Program, postfix: Postfix, password: str) -> None:
    program.call(
        *("route", "add", "provider", "--kind", "smarthost", "--host", "127.0.0.1"),
        *("--port", str(postfix.ports["starttls"]), "--user", USER, "--password-stdin"),
        stdin=f"{password}\n",
    )


def trust(program: Program, authority: trustme.CA, folder: Path) -> None:
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    program.call("config", "set", "tls.ca_file", str(folder / "ca.pem"))


def check_nothing_sent(program: Program, campaign: int, reason: str) -> None:
    status = program.call("campaign", "status", str(campaign))
    assert (status["state"], status["pause_reason"]) == ("paused", reason)
    assert status["accepted"] == status["bounced"] == status["unknown"] == 0
    assert status["total"] == len(PEOPLE)


def check_goes_on(program: Program, campaign: int, mailbox: Mailbox) -> None:
    program.call("campaign", "resume", str(campaign))
    program.call("campaign", "resend", str(campaign), "--outcome", "deferred")
    status = program.call("campaign", "send", str(campaign), "--wait")
    assert (status["state"], status["accepted"]) == ("finished", len(PEOPLE))
    assert len(mailbox.read(len(PEOPLE))) == len(PEOPLE)


def test_wrong_password(
    program: Program, tmp_path: Path, authority: trustme.CA, provider: tuple[Postfix, Mailbox]
) -> None:
    postfix, mailbox = provider
    trust(program, authority, tmp_path)
    add_route(program, postfix, "wrong")
    code, out, _ = program.run("route", "test", "provider")
    assert code == 1
    assert '"problem": "login_failed"' in out
    campaign = draft(program, tmp_path, PEOPLE, "provider")
    program.call("campaign", "send", str(campaign), "--wait")
    check_nothing_sent(program, campaign, "login_failed")
    add_route(program, postfix, PASSWORD)
    check_goes_on(program, campaign, mailbox)


def test_untrusted_certificate(
    program: Program, tmp_path: Path, authority: trustme.CA, provider: tuple[Postfix, Mailbox]
) -> None:
    postfix, mailbox = provider
    add_route(program, postfix, PASSWORD)
    code, out, _ = program.run("route", "test", "provider")
    assert code == 1
    assert '"problem": "tls_failed"' in out
    campaign = draft(program, tmp_path, PEOPLE, "provider")
    program.call("campaign", "send", str(campaign), "--wait")
    check_nothing_sent(program, campaign, "tls_refused")
    trust(program, authority, tmp_path)
    check_goes_on(program, campaign, mailbox)


def test_password_never_stands_on_the_disk(
    program: Program, tmp_path: Path, authority: trustme.CA, provider: tuple[Postfix, Mailbox]
) -> None:
    postfix, _ = provider
    trust(program, authority, tmp_path)
    add_route(program, postfix, PASSWORD)
    campaign = draft(program, tmp_path, PEOPLE[:2], "provider")
    program.call("campaign", "send", str(campaign), "--wait")
    program.stop()
    for path in program.directory.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path
            assert not path.stat().st_mode & 0o077 or path.suffix != ".key", path
