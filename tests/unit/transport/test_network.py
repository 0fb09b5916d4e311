"""The look at this machine's own network."""

from __future__ import annotations

from desktop_relay.transport.network import look_at_network


def test_two_looks_see_the_same_and_nothing_that_leads_nowhere() -> None:
    network = look_at_network()
    assert network == look_at_network()
    assert not {
        address for address in network.addresses if address.startswith(("127.", "::1", "fe80", "169.254"))
    }
    if network.ipv4:
        assert network.is_there
        assert network.ipv4 in network.addresses, "mail leaves from an address that the machine has"
