"""Whole messages: any parser reads what was meant, any server takes every line."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.attachment import Attachment
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.identity import DkimKeys, Identity
from desktop_relay.domain.template import Template
from desktop_relay.message.builder import LONGEST_HEADER, Builder
from tests.fakes.letters import NOON, SHOP, builder, display_name, opened, part, recipient, snapshot

VALUES = st.text(max_size=200) | st.text(min_size=300, max_size=3_000).map(lambda text: text * 3)


def check_wire(content: bytes) -> None:
    """What the transport relies on."""
    assert content.endswith(b"\r\n")
    assert content.isascii()
    assert b"\0" not in content
    assert re.search(rb"\r(?!\n)|(?<!\r)\n", content) is None
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert len(content.partition(b"\r\n\r\n")[0]) < 12_000


def normal(text: str) -> str:
    """Line ends as mail has them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else text + "\n"


def test_a_message_of_html_and_text() -> None:
    built = builder(
        subject="{{ name | sama }}へ、秋の新着のお知らせです", html="<p>{{ name }}</p>", text="{{ name }} 様"
    ).build(recipient("a..b@docomo.ne.jp", name="山田 太郎"), NOON)
    check_wire(built.content)
    message = opened(built.content)
    assert message.get_content_type() == "multipart/alternative"
    assert [inner.get_content_type() for inner in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Subject"] == "山田 太郎様へ、秋の新着のお知らせです"
    assert part(message, "plain") == "山田 太郎 様\n"
    assert part(message, "html") == "<p>山田 太郎</p>\n"
    assert b'<"a..b"@docomo.ne.jp>\r\n' in built.content
    assert message["To"].addresses[0].username == "a..b"
    assert str(message["From"]) == "みなと商店 <shop@example.jp>"
    assert message["Reply-To"] == "info@example.jp"
    assert message["Date"] == "Tue, 24 Nov 2026 12:00:00 +0900"
    assert message["Message-ID"] == built.message_id == "<0123456789abcdef@example.jp>"
    assert message["List-Id"] == "<shop.example.jp>"
    assert (built.envelope.return_path, built.envelope.recipient) == (
        "shop@example.jp",
        '"a..b"@docomo.ne.jp',
    )
    assert not built.smtputf8
    assert len(set(message.keys())) == len(message.keys())
    # the last would let every server on the way ignore what protects the mail (RFC 8689 5)
    absent = {"Sender", "Auto-Submitted", "X-Mailer", "Precedence", "TLS-Required"}
    assert not absent & set(message.keys())


def test_text_alone_is_one_part() -> None:
    message = opened(builder(text="こんにちは").build(recipient(), NOON).content)
    assert message.get_content_type() == "text/plain"
    assert part(message, "plain") == "こんにちは\n"
    assert str(message["To"]) == "taro@example.test"


def test_an_empty_template_is_a_message_still() -> None:
    content = builder(subject="").build(recipient(), NOON).content
    check_wire(content)
    assert part(opened(content), "plain") == "\n"
    assert opened(content)["Subject"] == ""


def test_text_comes_from_the_html_when_there_is_none() -> None:
    message = opened(builder(html="<p>あ</p><p>い</p>").build(recipient(), NOON).content)
    assert part(message, "plain") == "あ\n\nい\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain\n", "7bit"),
        ("with\ttab", "7bit"),
        ("x" * 77, "quoted-printable"),
        ("trailing " + "x" * 80 + " \n.\nFrom here = there\n", "quoted-printable"),
        ("日本語", "base64"),
        ("bell\x07", "base64"),
        ("nul\x00", "base64"),
        ("form\x0cfeed", "base64"),
    ],
)
def test_encodings(text: str, encoding: str) -> None:
    content = builder(text="{{ notes }}").build(recipient(notes=text), NOON).content
    check_wire(content)
    message = opened(content)
    assert message["Content-Transfer-Encoding"] == encoding
    assert part(message, "plain") == normal(text)


def test_a_text_with_the_boundary_in_it_does_not_end_the_part() -> None:
    make = builder(text="{{ notes }}", html="<p>x</p>")
    boundary = str(opened(make.build(recipient(notes=""), NOON).content).get_boundary())
    message = opened(make.build(recipient(notes=f"\n--{boundary}--\n"), NOON).content)
    assert part(message, "plain") == f"\n--{boundary}--\n"
    assert len(list(message.iter_parts())) == 2


def test_attachments() -> None:
    files = [
        Attachment("価格表 2026年版(改訂).pdf", bytes(range(256)) * 10, "application/pdf"),
        Attachment("letter.eml", b"From: x\r\n\r\n", "message/rfc822"),
        Attachment("empty.txt", b"", "nonsense"),
    ]
    content = builder(html="<p>x</p>", attachments=files).build(recipient(), NOON).content
    check_wire(content)
    message = opened(content)
    assert message.get_content_type() == "multipart/mixed"
    assert part(message, "html") == "<p>x</p>\n"
    got = list(message.iter_attachments())
    assert [file.get_filename() for file in got] == [file.name for file in files]
    assert [file.get_payload(decode=True) for file in got] == [file.content for file in files]
    assert [file.get_content_type() for file in got] == [
        "application/pdf",
        "application/octet-stream",
        "application/octet-stream",
    ]
    assert re.search(rb'name="=\?utf-8\?B\?', content)
    # as macOS writes it, in pieces
    mark = "\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}"
    apart = Attachment(f"カ{mark}イト{mark}.pdf", b"", "application/pdf")
    (file,) = opened(builder(attachments=[apart]).build(recipient(), NOON).content).iter_attachments()
    assert [file.get_filename(), file.get_param("name")] == ["ガイド.pdf"] * 2
    with pytest.raises(BadInput) as caught:
        builder(attachments=[Attachment("a\r\nb", b"", "text/plain")])
    assert caught.value.code is ErrorCode.HEADER_INJECTION


def test_the_senders_own_fields_cannot_be_taken_by_a_contact() -> None:
    text = (
        "{{ sender_name }}|{{ sender_address }}|{{ sender_postal }}|{{ unsubscribe_mailto }}|{{ email }}"
        "|{{ unsubscribe_url }}"
    )
    make = builder(text=text)
    fields = dict.fromkeys(("sender_name", "unsubscribe_url", "unsubscribe_mailto"), "evil")
    built = make.build(replace(recipient(), fields=fields), NOON)
    name, address, postal, mailto, email, link = part(opened(built.content), "plain").strip().split("|")
    assert (name, address, postal) == (SHOP.name, SHOP.address, SHOP.postal)
    assert (mailto, email) == ("info@example.jp", "taro@example.test")
    assert f"<{link}>".encode() in built.content
    assert make.fields == {
        "sender_name",
        "sender_address",
        "sender_postal",
        "unsubscribe_mailto",
        "unsubscribe_url",
        "email",
    }


def test_field_values_that_are_no_texts_are_written_as_such() -> None:
    text = "{{ a }}|{{ b }}|{{ c }}"
    content = builder(text=text).build(recipient(a=12, b=None, c=1.5), NOON).content
    assert part(opened(content), "plain") == "12||1.5\n"


def test_a_retry_is_the_same_message_and_a_missing_message_id_is_composed() -> None:
    make = builder(text="x", html="<p>{{ name }}</p>")
    assert make.build(recipient(name="a"), NOON) == make.build(recipient(name="a"), NOON)
    nameless = replace(recipient(), message_id="")
    assert make.build(nameless, NOON).message_id == make.build(nameless, NOON).message_id
    assert make.build(nameless, NOON).message_id.endswith("@example.jp>")


def test_utc_is_written_with_its_offset() -> None:
    content = builder().build(recipient(), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)).content
    assert b"\r\nDate: Fri, 02 Jan 2026 03:04:05 +0000\r\n" in content


def test_a_sender_with_little_to_say() -> None:
    content = builder(identity=Identity("a..b@docomo.ne.jp")).build(recipient(), NOON).content
    assert content.startswith(b'From: "a..b"@docomo.ne.jp\r\n')
    assert b"Reply-To" not in content
    assert b"One-Click" not in content
    assert b"List-Unsubscribe: <mailto:%22a..b%22@docomo.ne.jp?subject=unsubscribe%20" in content


def test_an_international_domain_is_written_in_a_labels() -> None:
    make = builder(identity=Identity("shop@例え.jp"))
    built = make.build(recipient("taro@例え.jp"), NOON)
    check_wire(built.content)
    assert built.envelope.return_path == "shop@xn--r8jz45g.jp"
    assert built.envelope.recipient == "taro@xn--r8jz45g.jp"


def test_it_signs_when_there_are_keys_and_a_selector(keys: DkimKeys) -> None:
    assert builder(keys=keys).build(recipient(), NOON).content.count(b"DKIM-Signature:") == 2
    without = replace(SHOP, selector=None)
    assert b"DKIM" not in builder(keys=keys, identity=without).build(recipient(), NOON).content
    check_wire(builder(keys=keys, html="<p>あ</p>").build(recipient(name="山田"), NOON).content)


@pytest.mark.parametrize("bad", ["\r\nBcc: x@example.test", "\n", "\r", "\0", "\x1b", "\u2028"])
def test_no_merged_value_breaks_out_of_its_header(bad: str) -> None:
    make = builder(subject="{{ company }}")
    for fields, guilty in (({"name": f"a{bad}"}, "name"), ({"company": f"a{bad}"}, "company")):
        with pytest.raises(BadInput) as caught:
            make.build(recipient(**{"company": "c", **fields}), NOON)
        assert caught.value.code is ErrorCode.HEADER_INJECTION
        assert caught.value.params["field"] == guilty
    with pytest.raises(BadInput) as caught:
        make.build(replace(recipient(), message_id=f"<a{bad}@b>"), NOON)
    assert caught.value.code is ErrorCode.HEADER_INJECTION
    with pytest.raises(BadInput) as caught:
        builder(identity=replace(SHOP, name=f"a{bad}"))
    assert caught.value.code is ErrorCode.HEADER_INJECTION
    for bad_sender in ({"reply_to": f"a{bad}@b.test"}, {"address": f"a{bad}@b.test"}):
        with pytest.raises(BadInput) as caught:
            builder(identity=replace(SHOP, **bad_sender))
        assert caught.value.code is ErrorCode.ADDRESS_INVALID


def test_a_header_too_long_for_softbank_is_refused() -> None:
    make = builder(subject="{{ company }}")
    for fields, guilty in (
        ({"company": "長" * LONGEST_HEADER}, "subject"),
        ({"name": "長" * LONGEST_HEADER}, "name"),
    ):
        with pytest.raises(BadInput) as caught:
            make.build(recipient(**{"company": "c", **fields}), NOON)
        assert caught.value.code is ErrorCode.VALUE_INVALID
        assert caught.value.params["field"] == guilty


def test_half_a_surrogate_pair_in_a_body_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        builder(text="{{ notes }}").build(recipient(notes="x\ud800"), NOON)
    assert (caught.value.code, caught.value.params["field"]) == (ErrorCode.VALUE_INVALID, "plain")


@given(name=VALUES, subject=VALUES, notes=VALUES, as_html=st.booleans())
@settings(max_examples=300)
def test_any_values_give_an_error_or_a_message_that_reads_the_same(
    name: str, subject: str, notes: str, as_html: bool
) -> None:
    make = builder(
        subject="{{ subject }}", html="<p>{{ notes }}</p>" if as_html else "", text="{{ name }}\n{{ notes }}"
    )
    try:
        built = make.build(recipient(name=name, subject=subject, notes=notes), NOON)
    except BadInput as error:
        refused = error
    else:
        check_wire(built.content)
        message = opened(built.content)
        assert message["Subject"] == subject
        (mailbox,) = message["To"].addresses
        assert mailbox.addr_spec == "taro@example.test"
        assert display_name(built.content, "To").split() == name.split()
        assert part(message, "plain") == normal(f"{name}\n{notes}")
        if as_html:
            escaped = notes.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")
            escaped = escaped.replace("'", "&#39;").replace('"', "&#34;")
            assert part(message, "html") == normal(f"<p>{escaped}</p>")
        return
    assert refused.code in {ErrorCode.HEADER_INJECTION, ErrorCode.VALUE_INVALID}


def test_many_threads_build_what_one_builds(keys: DkimKeys) -> None:
    make = builder(subject="{{ name }}", html="<p>{{ name }}</p>", keys=keys)
    people = [recipient(f"r{number}@example.test", name=f"客{number}") for number in range(60)]
    alone = [make.build(person, NOON) for person in people]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(make.build, people, [NOON] * len(people))) == alone


def test_a_broken_template_is_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        Builder(snapshot(Template("t", "{{", "", "")), keys=None, attachments=())
    assert caught.value.code is ErrorCode.TEMPLATE_BROKEN
