"""A campaign through a real provider: Postfix with AUTH and STARTTLS, into Dovecot, and read back.

Every message is checked as it arrived: once each, signed so that an independent verifier agrees,
merged with its own person's fields, and with its headers byte for byte as they left.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import dkim
import pytest
import trustme

from tests.e2e.program import Program
from tests.servers.dovecot import open_dovecot
from tests.servers.mailbox import open_mailbox
from tests.servers.postfix import open_postfix

pytestmark = pytest.mark.real

PEOPLE = 200
USER, PASSWORD = "shop@test.example", "秘密 pass"
LEGACY = ("a..b@docomo.ne.jp", "c.@ezweb.ne.jp", "-d@docomo.ne.jp")
NAMES = ("髙橋 蓮", "㈱山田商店", 'O\'Brien, "Bob"', "﨑山 誠", "山" * 60)
TEMPLATE = """<html><head><title>{{ name }}様へ お知らせ {{ number }}</title></head><body>
<p>{{ name }}様</p>
<p>会員番号 {{ number }}</p>
<p>.</p>
<p>{{ "長い行" * 200 }}</p>
<a href="https://shop.example/{{ number }}">店</a>
</body></html>
"""


def addresses() -> list[str]:
    ordinary = [f"p{number}@lane{number % 7}.example" for number in range(PEOPLE - len(LEGACY))]
    return [*ordinary, *LEGACY]


def prepare(program: Program, folder: Path, port: int, ca_file: Path) -> int:
    people = folder / "people.csv"
    with people.open("w", encoding="cp932", errors="strict", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["メールアドレス", "氏名", "number", "同意日"])
        for number, address in enumerate(addresses()):
            writer.writerow([address, NAMES[number % len(NAMES)], number, "2026/4/1"])
    (folder / "letter.html").write_text(TEMPLATE, encoding="utf-8")
    program.call("config", "set", "tls.ca_file", str(ca_file))
    report = program.call("import", str(people), "--list", "all")
    assert (report["added"], report["legacy"]) == (PEOPLE, len(LEGACY))
    program.call("template", "add", str(folder / "letter.html"))
    program.call("identity", "add", USER, "--name", "例の店", "--unsubscribe-url", "https://shop.example/u")
    program.call(
        *("route", "add", "provider", "--kind", "smarthost", "--host", "127.0.0.1", "--port", str(port)),
        *("--user", USER, "--password-stdin"),
        stdin=f"{PASSWORD}\n",
    )
    for lane in (*(f"lane{number}.example" for number in range(7)), "docomo", "au"):
        program.call("lane", "set", lane, "--route", "provider", "--rate", "500", "--connections", "3")
    drafted = program.call(
        *("campaign", "create", "autumn", "--template", "letter", "--from", USER),
        *("--route", "provider", "--list", "all"),
    )
    return int(drafted["campaign"])


def test_every_message_arrives_as_it_left(program: Program, tmp_path: Path) -> None:
    authority = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    with (
        open_dovecot({USER: PASSWORD}) as auth,
        open_mailbox() as mailbox,
        open_postfix(authority, auth, mailbox.lmtp) as postfix,
    ):
        campaign = prepare(program, tmp_path, postfix.ports["starttls"], ca_file)
        probe = program.call("route", "test", "provider")
        assert (probe["ok"], probe["auth"]) == (True, True)
        assert probe["tls"].startswith("TLSv1")
        keys = program.call("identity", "key", USER)["records"]
        status = program.call("campaign", "send", str(campaign), "--wait")
        assert status["accepted"] == PEOPLE
        arrived = mailbox.read(PEOPLE)
    ledger = program.lines("campaign", "recipients", str(campaign))

    records = {f"{record['name']}.".encode(): record["text"].encode() for record in keys}
    by_id = {row["message_id"]: row for row in ledger}
    letters = {str(parse(raw)["Message-ID"]): raw for raw in arrived}
    assert len(arrived) == len(letters) == PEOPLE, "each exactly once"
    assert set(letters) == set(by_id)
    assert all(row["tls"] for row in ledger)
    numbers = dict(zip(addresses(), range(PEOPLE), strict=True))
    for message_id, raw in letters.items():
        check_letter(raw, by_id[message_id]["address"], numbers[by_id[message_id]["address"]], records)
    assert Counter(row["state"] for row in ledger) == {"accepted": PEOPLE}


def parse(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def check_letter(raw: bytes, address: str, number: int, records: dict[bytes, bytes]) -> None:
    """One letter as it arrived, for one person."""
    letter = parse(raw)
    name = NAMES[number % len(NAMES)]
    assert letter["Subject"] == f"{name}様へ お知らせ {number}"
    assert letter["From"] == f"例の店 <{USER}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"<mailto:{USER}" in letter["List-Unsubscribe"]
    assert "<https://shop.example/u" in letter["List-Unsubscribe"]
    assert letter["List-Id"]
    assert letter["Feedback-ID"]
    local, _, domain = address.rpartition("@")
    quoted = f'"{local}"@{domain}' if address in LEGACY and not address.startswith("-") else address
    assert f"<{quoted}>" in re.sub(r"\r\n[ \t]+", " ", raw.partition(b"\r\n\r\n")[0].decode())

    html = letter.get_body(("html",))
    text = letter.get_body(("plain",))
    assert html is not None
    assert text is not None
    shown = html.get_content()
    assert f"<p>会員番号 {number}</p>" in shown
    assert f'href="https://shop.example/{number}"' in shown
    assert f"会員番号 {number}" in text.get_content()
    assert name in text.get_content()
    if '"' not in name:
        assert f"<p>{name}様</p>" in shown

    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    check_signatures(raw, records)


def check_signatures(raw: bytes, records: dict[bytes, bytes]) -> None:
    """Both signatures, as an independent verifier sees them from the records we say to publish."""

    def dns(name: bytes | str, timeout: int = 5) -> bytes | None:
        return records.get(name if isinstance(name, bytes) else name.encode())

    verifier = dkim.DKIM(raw)
    signatures = [value for key, value in verifier.headers if key.lower() == b"dkim-signature"]
    assert {b"a=rsa-sha256" in value for value in signatures} == {True, False}
    for place in range(len(signatures)):
        assert verifier.verify(idx=place, dnsfunc=dns)
