"""What receivers may hold against an address, by its names."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.own_address import AddressDoubt, OwnAddress
from desktop_relay.policy.own_address import is_of_household, is_outside, judge_address

IP, IP6 = "203.0.113.7", "2001:db8::51:7"
ELSEWHERE = ("192.0.2.1",)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({}, OwnAddress(IP, "", AddressDoubt.NO_NAME)),
        ({"mail.shop.example": (IP,)}, OwnAddress(IP, "mail.shop.example")),
        ({"mail.shop.example": ()}, OwnAddress(IP, "mail.shop.example", AddressDoubt.LEADS_ELSEWHERE)),
        ({"mail.shop.example": ELSEWHERE}, OwnAddress(IP, "mail.shop.example", AddressDoubt.LEADS_ELSEWHERE)),
        ({"p7.flets.isp.example": (IP,)}, OwnAddress(IP, "p7.flets.isp.example", AddressDoubt.HOME_LINE)),
        # one good name is enough, whatever the others are
        ({"a.shop.example": ELSEWHERE, "b.shop.example": (*ELSEWHERE, IP)}, OwnAddress(IP, "b.shop.example")),
        ({"p7.flets.isp.example": (IP,), "b.shop.example": (IP,)}, OwnAddress(IP, "b.shop.example")),
    ],
)
def test_what_is_said_of_an_address(names: dict[str, tuple[str, ...]], found: OwnAddress) -> None:
    assert judge_address(IP, names) == found


def test_addresses_are_compared_as_such() -> None:
    long = "2001:0db8:0:0:0:0:51:7"
    assert judge_address(IP6, {"mail.shop.example": (long,)}).doubt is AddressDoubt.NONE


@pytest.mark.parametrize(
    ("ip", "name"),
    [
        (IP, "203-0-113-7.isp.example"),
        (IP, "7.113.0.203.isp.example"),
        (IP, "113x0x203x7.ap113.ftth.isp.example"),
        (IP, "line203000113007.isp.example"),
        (IP, "fpcb007107.tyo.isp.example"),
        (IP, "p0-113-7.isp.example"),
        (IP, "KD9.ppp-bb.isp.example"),
        (IP, "p12345-ipoe.tokyo.isp.example"),
        (IP, "host.dynamic.isp.example"),
        (IP6, "2001-db8--0000-0000-0051-0007.isp.example"),
    ],
)
def test_names_of_households(ip: str, name: str) -> None:
    assert is_of_household(ip, name)


@pytest.mark.parametrize(
    "name",
    [
        "mail.shop.example",
        "shop.example",
        "mx7.shop.co.example",
        "mail-203-0-113-7.sender.example",
        "203-0-113-7.static.isp.example",
        "www.adsl-shop.example",
        "dynamic.example",
    ],
)
def test_names_that_somebody_chose(name: str) -> None:
    assert not is_of_household(IP, name)


@pytest.mark.parametrize(
    ("ip", "outside"),
    [
        (IP, True),
        (IP6, True),
        ("192.168.1.10", False),
        ("100.64.3.4", False),
        ("127.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("", False),
        ("mx.example", False),
    ],
)
def test_what_receivers_can_see(ip: str, *, outside: bool) -> None:
    assert is_outside(ip) is outside


@given(st.ip_addresses(v=4))
def test_an_address_that_is_spelled_out_is_recognised(address: IPv4Address) -> None:
    octets = str(address).split(".")
    for name in ("-".join(octets), ".".join(reversed(octets)), address.packed.hex()):
        assert is_of_household(str(address), f"x{name}.isp.example")


@given(
    st.ip_addresses(v=4) | st.ip_addresses(v=6),
    st.dictionaries(
        st.text(max_size=40), st.lists(st.ip_addresses().map(str), max_size=3).map(tuple), max_size=4
    ),
)
def test_no_names_break_it(address: IPv4Address | IPv6Address, names: dict[str, tuple[str, ...]]) -> None:
    judged = judge_address(str(address), names)
    assert judged.ip == str(address)
    assert (judged.name in names) is bool(names)
    assert (judged.doubt is AddressDoubt.NO_NAME) is not bool(names)
