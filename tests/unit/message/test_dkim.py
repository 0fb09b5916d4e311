"""DKIM: dkimpy is the oracle, OpenDKIM the second one."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.identity import DkimKeys
from desktop_relay.message.dkim import Signer, dns_records, relax_body, relax_value
from tests.fakes.letters import NOON, builder, recipient

HEAD = (
    b"From: shop@example.jp\r\nTo: taro@example.test\r\nSubject: x\r\n"
    b"Date: Tue, 24 Nov 2026 12:00:00 +0900\r\nMessage-ID: <1@example.jp>\r\n"
)
LINES = st.lists(st.sampled_from([b"", b" ", b"\t ", b"a", b"a  b \t", b" a", b".", b"=_"]), max_size=8)
_OPENDKIM = shutil.which("opendkim", path="/usr/sbin:/usr/local/sbin:/usr/bin")


def verdicts(content: bytes, records: Mapping[str, str]) -> list[bool]:
    """What dkimpy says of each signature, the first one first."""

    def txt(name: bytes, timeout: int = 5) -> bytes | None:
        record = records.get(name.decode().rstrip("."))
        return record.encode() if record is not None else None

    count = len(re.findall(rb"^DKIM-Signature:", content, re.MULTILINE))
    found: list[bool] = []
    for index in range(count):
        try:
            found.append(dkim.DKIM(content).verify(idx=index, dnsfunc=txt))
        except dkim.DKIMException:
            found.append(False)
    return found


@pytest.fixture(scope="module")
def signer(keys: DkimKeys) -> Signer:
    return Signer("example.jp", "relay", keys)


@pytest.fixture(scope="module")
def records(keys: DkimKeys) -> dict[str, str]:
    return dict(dns_records("example.jp", "relay", keys))


@pytest.fixture(scope="module")
def letter(keys: DkimKeys) -> bytes:
    """A whole message as the builder signs it."""
    built = builder(
        subject="{{ name | sama }}、秋の新着です",
        html="<p>{{ name }}  さん </p>\n\n",
        text="文\n\n\n",
        keys=keys,
    ).build(recipient(name="山田 太郎"), NOON)
    return built.content


def test_both_signatures_of_a_letter_verify(letter: bytes, records: dict[str, str]) -> None:
    assert re.findall(rb"a=([a-z0-9-]+);", letter) == [b"ed25519-sha256", b"rsa-sha256"]
    assert verdicts(letter, records) == [True, True]


def test_what_is_signed_and_what_is_oversigned(letter: bytes) -> None:
    listed = re.findall(rb"\bh=([^;]*);", letter)
    for names in listed:
        signed = re.sub(rb"\s", b"", names).split(b":")
        assert [signed.count(name) for name in (b"from", b"to", b"subject", b"date")] == [2, 2, 2, 2]
        assert set(signed) >= {
            b"reply-to",
            b"message-id",
            b"mime-version",
            b"content-type",
            b"list-unsubscribe",
            b"list-unsubscribe-post",
            b"list-id",
            b"feedback-id",
        }
    assert b"; l=" not in letter
    assert f" t={int(NOON.timestamp())};".encode() in letter


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: ", b"Subject: x"),
        (b"\r\nSubject: ", b"\r\nSubject: y\r\nSubject: "),
        (b"\r\nFrom: ", b"\r\nFrom: b@example.test\r\nFrom: "),
        (b"\r\nList-Unsubscribe: <https://www", b"\r\nList-Unsubscribe: <https://evil"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        (b"MIME-Version: 1.0", b"MIME-Version: 1.1"),
        (b"text/html", b"text/plain"),
    ],
)
def test_tampering_shows(letter: bytes, records: dict[str, str], old: bytes, new: bytes) -> None:
    assert letter.count(old) >= 1
    assert verdicts(letter.replace(old, new, 1), records) == [False, False]


def test_a_field_added_at_the_end_of_the_header_shows(letter: bytes, records: dict[str, str]) -> None:
    head, _, body = letter.partition(b"\r\n\r\n")
    assert verdicts(head + b"\r\nTo: other@example.test\r\n\r\n" + body, records) == [False, False]


def test_what_relays_may_do_does_not_show(letter: bytes, records: dict[str, str]) -> None:
    received = b"Received: from a by b; Tue, 24 Nov 2026 12:00:01 +0900\r\n" + letter
    assert verdicts(received.replace(b"MIME-Version: 1.0", b"Mime-Version:   1.0 "), records) == [True, True]
    assert verdicts(letter + b"\r\n\r\n", records) == [True, True]


@given(LINES)
@settings(max_examples=60)
def test_any_body_verifies(signer: Signer, records: dict[str, str], lines: list[bytes]) -> None:
    body = b"".join(line + b"\r\n" for line in lines)
    assert verdicts(signer.sign(HEAD + b"\r\n" + body, NOON), records) == [True, True]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Subject", "subject", "Reply-To", "X-Other", "List-Id", "To"]),
            st.lists(st.sampled_from(["a", "  b", "c\t", "=?utf-8?B?44GC?=", ""]), max_size=4),
        ),
        max_size=5,
    )
)
@settings(max_examples=60)
def test_any_header_verifies(
    signer: Signer, records: dict[str, str], fields: list[tuple[str, list[str]]]
) -> None:
    head = "".join(f"{name}: v{' '.join(words)}\r\n x\r\n" for name, words in fields).encode()
    content = signer.sign(b"From: shop@example.jp\r\n" + head + b"\r\nbody\r\n", NOON)
    assert verdicts(content, records) == [True, True]


@given(LINES)
def test_the_relaxed_body_is_dkimpys(lines: list[bytes]) -> None:
    body = b"".join(line + b"\r\n" for line in lines)
    assert relax_body(body) == dkim.canonicalization.Relaxed.canonicalize_body(body)
    assert relax_body(body.removesuffix(b"\r\n")) == relax_body(body)


def test_relaxed_forms_as_the_standard_shows_them() -> None:
    # RFC 6376 3.4.5
    assert relax_body(b" C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"
    assert relax_value(b" X ") == b"X"
    assert relax_value(b" Y\t\r\n\tZ  ") == b"Y Z"
    assert relax_body(b"") == relax_body(b"\r\n\r\n") == relax_body(b" \r\n") == b""
    assert relax_body(b"a") == relax_body(b"a ") == b"a\r\n"


def test_rsa_alone(keys: DkimKeys, records: dict[str, str]) -> None:
    content = Signer("example.jp", "relay", DkimKeys(keys.rsa_pem)).sign(HEAD + b"\r\nx\r\n", NOON)
    assert verdicts(content, records) == [True]
    assert [name for name, _ in dns_records("example.jp", "relay", DkimKeys(keys.rsa_pem))] == [
        "relay._domainkey.example.jp"
    ]


def test_dns_records(records: dict[str, str]) -> None:
    assert list(records) == ["relay._domainkey.example.jp", "relay-ed._domainkey.example.jp"]
    assert records["relay._domainkey.example.jp"].startswith("v=DKIM1; k=rsa; p=MIIBIjANBgkq")
    assert len(records["relay-ed._domainkey.example.jp"]) == len("v=DKIM1; k=ed25519; p=") + 44


def test_keys_that_are_none(keys: DkimKeys) -> None:
    pem = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert keys.ed25519_pem is not None
    unusable = (
        DkimKeys(b"nonsense"),
        DkimKeys(keys.ed25519_pem),
        DkimKeys(keys.rsa_pem, keys.rsa_pem),
        DkimKeys(keys.rsa_pem, b""),
        DkimKeys(generate_ec_key(SECP256R1()).private_bytes(*pem)),
        DkimKeys(generate_private_key(65537, 1024).private_bytes(*pem)[:-80]),
    )
    for unusable_keys in unusable:
        with pytest.raises(BadInput) as caught:
            Signer("example.jp", "relay", unusable_keys)
        assert caught.value.code is ErrorCode.KEY_INVALID
        assert str(caught.value.params["path"]).endswith("._domainkey.example.jp")


@pytest.mark.real
@pytest.mark.skipif(_OPENDKIM is None, reason="OpenDKIM is not installed")
def test_opendkim_agrees(letter: bytes, records: dict[str, str], tmp_path: Path) -> None:
    def told(content: bytes) -> list[tuple[str, str]]:
        (tmp_path / "letter.eml").write_bytes(content)
        done = subprocess.run(
            [str(_OPENDKIM), "-t", str(tmp_path / "letter.eml"), "-x", str(tmp_path / "conf"), "-vv"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        return re.findall(r"dkim=(\w+)[^;]*header\.a=([\w-]+)", done.stdout)

    keys = "".join(f"{name} {text}\n" for name, text in records.items())
    (tmp_path / "keys").write_text(keys)
    (tmp_path / "conf").write_text(f"Mode v\nSyslog no\nTestPublicKeys {tmp_path / 'keys'}\n")
    assert told(letter) == [("pass", "ed25519-sha256"), ("pass", "rsa-sha256")]
    assert told(letter.replace(b"Subject: ", b"Subject: x")) == [
        ("fail", "ed25519-sha256"),
        ("fail", "rsa-sha256"),
    ]
