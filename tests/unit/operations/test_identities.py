"""Senders: one spelling, nothing that could not be sent, and keys that a change does not lose."""

from __future__ import annotations

import stat
from dataclasses import replace

import dns.zone
import pytest

from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.identity import Identity
from desktop_relay.operations import campaigns, identities
from desktop_relay.operations.workspace import Workspace
from tests.unit.operations.parts import SENDER, add_people, make_parts, person

SHOP = Identity("Shop@Example.JP", name="みなと商店")


def test_one_spelling_whatever_was_typed(ws: Workspace) -> None:
    kept, changes = identities.save(ws, replace(SHOP, address=" Ｓｈｏｐ＠Example.JP ", reply_to=" "))
    assert (kept.address, kept.reply_to) == ("Shop@example.jp", None)
    assert changes.identities
    assert identities.load(ws, "Shop@EXAMPLE.jp") == kept
    assert identities.overview(ws) == [kept]
    assert identities.delete(ws, "Shop@EXAMPLE.jp")[0] == kept
    assert identities.overview(ws) == []


@pytest.mark.parametrize("address", ["", "nobody", "gone@example.jp", "日本"])
def test_a_sender_that_is_not_there(ws: Workspace, address: str) -> None:
    with pytest.raises(NotFound) as caught:
        identities.load(ws, address)
    assert caught.value.params["address"] == address


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        (replace(SHOP, address="nobody"), ErrorCode.ADDRESS_INVALID),
        (replace(SHOP, reply_to="nobody"), ErrorCode.ADDRESS_INVALID),
        (replace(SHOP, unsubscribe_mailto="@example.jp"), ErrorCode.ADDRESS_INVALID),
        (replace(SHOP, unsubscribe_url="http://example.jp/u/"), ErrorCode.VALUE_INVALID),
        (replace(SHOP, unsubscribe_url="https://exa mple.jp/"), ErrorCode.VALUE_INVALID),
        (replace(SHOP, name="a\nBcc: b@example.jp"), ErrorCode.HEADER_INJECTION),
        (replace(SHOP, name="a\x7fb"), ErrorCode.HEADER_INJECTION),
        (replace(SHOP, name="a\u2028b"), ErrorCode.HEADER_INJECTION),
    ],
)
def test_what_cannot_be_sent_is_not_kept(ws: Workspace, identity: Identity, code: ErrorCode) -> None:
    with pytest.raises(BadInput) as caught:
        identities.save(ws, identity)
    assert caught.value.code is code
    assert identities.overview(ws) == []


def test_keys_are_made_once_and_published(ws: Workspace) -> None:
    identities.save(ws, SHOP)
    assert identities.dns_records(ws, SHOP.address) == []
    records, changes = identities.create_key(ws, SHOP.address)
    assert changes.identities
    assert [name for name, _ in records] == [
        "relay._domainkey.example.jp",
        "relay-ed._domainkey.example.jp",
    ]
    assert all(text.startswith("v=DKIM1; k=") for _, text in records)
    assert identities.create_key(ws, SHOP.address)[0] == records, "the published key must stay the key"
    assert identities.dns_records(ws, SHOP.address) == records


def test_a_zone_takes_the_records_as_they_are_shown(ws: Workspace) -> None:
    identities.save(ws, SHOP)
    for name, text in identities.create_key(ws, SHOP.address)[0]:
        line = identities.zone_line(name, text)
        read = dns.zone.from_text(
            f"$TTL 3600\n{line}\n", origin="example.jp.", relativize=False, check_origin=False
        )
        (found,) = read.find_rdataset(f"{name}.", "TXT")
        assert b"".join(found.strings).decode() == text


def test_keys_are_for_their_owner_alone(ws: Workspace) -> None:
    identities.save(ws, SHOP)
    identities.create_key(ws, SHOP.address)
    files = list((ws.directory / "keys").rglob("*.pem"))
    assert len(files) == 2
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_a_change_of_the_sender_keeps_its_keys(ws: Workspace) -> None:
    identities.save(ws, SHOP)
    records, _ = identities.create_key(ws, SHOP.address)
    changed, _ = identities.save(ws, replace(SHOP, address="Shop@EXAMPLE.jp", name="別の名前"))
    assert changed.selector == identities.DEFAULT_SELECTOR
    assert identities.dns_records(ws, SHOP.address) == records


@pytest.mark.parametrize("selector", ["", "-", "a-", "-a", "a.b", "../x", "a" * 61, "a b", "日", "a-ed"])
def test_impossible_selectors(ws: Workspace, selector: str) -> None:
    identities.save(ws, SHOP)
    with pytest.raises(BadInput) as caught:
        identities.create_key(ws, SHOP.address, selector)
    assert caught.value.code is ErrorCode.VALUE_INVALID
    assert identities.load(ws, SHOP.address).selector is None


def test_a_campaign_names_the_sender_as_it_is_kept(ws: Workspace) -> None:
    make_parts(ws)
    add_people(ws, person("a@example.jp"))
    draft, _ = campaigns.create(
        ws, "c", template="letter", sender="shop@EXAMPLE.JP", route="sandbox", lists=("all",)
    )
    assert draft.sender == SENDER


def test_a_new_sender_takes_no_other_s_place(ws: Workspace) -> None:
    kept, _ = identities.add(ws, SHOP)
    with pytest.raises(Refused) as caught:
        identities.add(ws, replace(SHOP, address="Shop@EXAMPLE.jp", postal=""))
    assert caught.value.code is ErrorCode.NAME_TAKEN
    assert identities.overview(ws) == [kept]


def test_a_sender_that_was_changed_elsewhere_is_not_written_over(ws: Workspace) -> None:
    seen, _ = identities.save(ws, SHOP)
    changed, _ = identities.change(ws, seen, replace(seen, name="本店"))
    with pytest.raises(Refused) as caught:
        identities.change(ws, seen, replace(seen, postal="別の住所"))
    assert caught.value.code is ErrorCode.CHANGED_ELSEWHERE
    identities.delete(ws, SHOP.address)
    with pytest.raises(Refused):
        identities.change(ws, changed, changed)
    assert identities.overview(ws) == []
