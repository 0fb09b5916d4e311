"""No line names a machine of ours, a package index, or how the text came about."""

from __future__ import annotations

import re

from tests.architecture.sources import place, text_lines

# in pieces, so that this file does not find itself
_HOSTS = ("py" + r"pi\.org", "python" + r"hosted\.org", "np" + r"mjs\.(?:org|com)", "proxy\\.go" + "lang")
_OPTIONS = ("--" + "index-url", "--extra-" + "index-url", "PIP_" + "INDEX_URL")
_PLACES = ("/ro" + "ot/", "/wo" + "rk/", "/tmp/br" + "ief", r"\.py" + "env/versions/[0-9]")
_WORDS = (
    "clau" + "de",
    "anth" + "ropic",
    "chat" + "gpt",
    "open" + "ai",
    "co" + "pilot",
    r"\bai[ -](?:assist|session|generat|agent|model)\w*",
    "sub" + "agent",
    r"language " + "model",
    r"\bas an assis" + "tant",
    r"(?:helper|coding|chat) ses" + "sion",
    r"\bthe bri" + "ef (?:says|asks)",
)
FORBIDDEN = re.compile("|".join((*_HOSTS, *_OPTIONS, *_PLACES, *_WORDS)), re.IGNORECASE)


def test_no_line_says_what_is_nobodys_business() -> None:
    found = [
        f"{place(path, number)}: {line.strip()[:120]}"
        for path, number, line in text_lines()
        if FORBIDDEN.search(line)
    ]
    assert found == []


def test_the_pattern_finds_what_it_should() -> None:
    for text in ("https://py" + "pi.org/simple", "/ro" + "ot/x", "/wo" + "rk/main", "by Clau" + "de"):
        assert FORBIDDEN.search(text)
    for text in ("an SMTP session", "framework/python", "the main task", "a previous letter"):
        assert FORBIDDEN.search(text) is None
