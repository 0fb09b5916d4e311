"""The file of providers: the shipped one is right, and every mistake is told with its place."""

from __future__ import annotations

import pytest

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.policy.providers import parse_providers
from resources import locate

GOOD = """schema = 1
[mine]
name = "Mine"
authorize = "https://id.example/auth"
token = "https://id.example/token"
scope = "mail"
"""


def test_the_shipped_file() -> None:
    found = parse_providers(locate("oauth", "providers.toml").read_text(encoding="utf-8"), "shipped")
    assert set(found) == {"google", "microsoft"}
    # Google gives out no device codes for mail
    assert not found["google"].device
    assert found["microsoft"].device


def test_one_of_the_users_own() -> None:
    (provider,) = parse_providers(GOOD, "mine").values()
    assert (provider.key, provider.redirect, provider.device) == ("mine", "127.0.0.1", "")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("schema = 1", "schema = 2"), "schema"),
        (('name = "Mine"', 'nmae = "Mine"'), "mine.nmae"),
        (('name = "Mine"', "name = 3"), "mine.name"),
        (('scope = "mail"', ""), "mine.scope"),
        (("https://id.example/token", "http://id.example/token"), "mine.token"),
        (("https://id.example/token", "file:///etc/passwd"), "mine.token"),
        (("https://id.example/token", "https://[::1"), "mine.token"),
        (('scope = "mail"', 'scope = "mail"\nredirect = "id.example"'), "mine.redirect"),
        (('scope = "mail"', 'scope = "mail"\nparameters = { a = 1 }'), "mine.parameters"),
        (("[mine]", "mine = 3\n[other]"), "mine"),
    ],
)
def test_mistakes(change: tuple[str, str], where: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_providers(GOOD.replace(*change), "mine.toml")
    assert caught.value.code is ErrorCode.PROVIDERS_INVALID
    assert caught.value.params["path"] == "mine.toml"
    assert caught.value.params["where"] == where


def test_this_computer_needs_no_encryption() -> None:
    assert parse_providers(GOOD.replace("https://id.example", "http://127.0.0.1:5"), "mine")


def test_what_is_no_toml() -> None:
    with pytest.raises(BadInput):
        parse_providers("= =", "mine")
