"""Messages are composed octet by octet as they are kept in ``tests/golden/letters``."""

from __future__ import annotations

import pytest

from tests.golden.letters import FOLDER, LETTERS


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_a_letter_is_as_it_was(name: str) -> None:
    assert LETTERS[name]() == (FOLDER / f"{name}.eml").read_bytes()


def test_no_letter_is_left_behind() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(LETTERS)
