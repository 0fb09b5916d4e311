"""How a connection was protected is read back as it was written, also what earlier engines wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.protection import Protection, Verified, parse_protection

WORDS = st.from_regex(r"[A-Za-z0-9_.-]{1,20}", fullmatch=True)


@given(st.builds(Protection, WORDS, WORDS, st.sampled_from(Verified), st.booleans()))
def test_there_and_back(protection: Protection) -> None:
    assert parse_protection(str(protection)) == protection


@pytest.mark.parametrize("text", ["", "TLS", "TLSv1.3 X nobody", "TLSv1.3 X dane more", "a b c d e"])
def test_anything_else_is_none(text: str) -> None:
    assert parse_protection(text) is None


def test_what_was_written_before_there_were_policies_in_testing() -> None:
    assert parse_protection("TLSv1.3 X dane") == Protection("TLSv1.3", "X", Verified.DANE)
