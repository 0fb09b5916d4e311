"""Warnings about a composed message."""

from __future__ import annotations

import pytest

from desktop_relay.message.inspect import columns_of, warnings_of
from resources.phrases import load_phrases

GOOD = "本文です。\n配信の停止はこちら\n〒100-0001 東京都千代田区千代田1-1\n"
MB = 1024 * 1024


def codes(
    subject: str = "件名", html: str = "", text: str = GOOD, size: int = 1, postal: str | None = None
) -> set[str]:
    return set(warnings_of(subject=subject, html=html, text=text, size=size, postal=postal))


def test_a_good_message_has_none() -> None:
    assert codes() == set()
    assert codes(html=f"<p>{GOOD}</p>") == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("本文", {"no_unsubscribe_in_body", "no_postal_in_body"}),
        ("メールの配信を停止する 大阪府大阪市北区梅田1", set()),
        ("To unsubscribe, click. 12 Harbour Street, Bristol BS1 4DJ", set()),
        ("Opt out here. PO Box 12, Springfield", set()),
        ("退会は〒5300001", set()),
    ],
)
def test_what_the_law_wants_in_the_body(text: str, found: set[str]) -> None:
    assert codes(text=text) == found


def test_the_senders_own_address_counts_however_it_is_written() -> None:
    assert codes(text="配信停止 みなと町 1 の 2", postal="みなと町 1の2") == set()
    assert codes(text="配信停止 みなと町", postal="みなと町 1の2") == {"no_postal_in_body"}


def test_what_is_hidden_does_not_count() -> None:
    assert codes(html=f'<p>x</p><div style="display:none">{GOOD}</div>') == {
        "no_unsubscribe_in_body",
        "no_postal_in_body",
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"subject": "長" * 31}, "subject_long"),
        ({"subject": "a" * 61}, "subject_long"),
        ({"text": GOOD + "\x0b"}, "control_characters"),
        ({"html": f"<p>{GOOD}</p>" + "あ" * 35_000}, "clip_gmail"),
        ({"size": MB + 1}, "over_softbank_size"),
    ],
)
def test_warnings(arguments: dict[str, str], code: str) -> None:
    assert codes(**arguments) == {code}  # type: ignore[arg-type]


def test_sizes() -> None:
    assert codes(size=MB) == set()
    assert codes(size=3 * MB + 1) == {"over_softbank_size", "over_au_size"}


def test_columns() -> None:
    assert columns_of("aあｱＡ") == 6


def test_every_code_has_a_sentence_in_both_languages() -> None:
    every = {
        *codes(subject="長" * 31, text="\x0b", html="あ" * 35_000, size=4 * MB),
        *codes(subject=""),
    }
    assert len(every) == 9
    for language in ("ja", "en"):
        assert set(load_phrases(language)["warnings"]) == every


def test_a_letter_without_subject_or_text_is_told() -> None:
    assert {"no_subject", "no_body"} <= set(warnings_of(subject=" ", html="", text="\n", size=1))
    assert {"no_subject", "no_body"} <= set(warnings_of(subject="", html="<p> </p>", text="", size=1))
    only_a_picture = warnings_of(subject="s", html="<IMG src='x'>", text="", size=1)
    assert not {"no_subject", "no_body"} & set(only_a_picture)
