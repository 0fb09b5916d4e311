"""Routing with real servers: hosted domains found by unbound."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.engine.engine import load_carriers
from desktop_relay.engine.outlets import Outlets
from desktop_relay.engine.rollup import plan_lanes
from desktop_relay.store.database import open_library
from desktop_relay.store.settings import save_setting
from tests.servers.unbound import open_unbound

pytestmark = pytest.mark.real

ZONE = (
    "shop1.example. 300 IN MX 10 mx1.hosting.example.",
    "shop2.example. 300 IN MX 10 mx2.hosting.example.",
    "alone.example. 300 IN MX 10 mail.alone.example.",
    "bare.example. 300 IN A 127.0.0.1",
)


async def test_hosted_domains_share_a_lane_behind_an_account(tmp_path: Path) -> None:
    with open_unbound(ZONE) as nameserver:
        with open_library(tmp_path) as library:
            save_setting(library, "dns.nameservers", (nameserver,))
        outlet = await Outlets(tmp_path).open(
            Route("account", RouteKind.SMARTHOST, "localhost", tls=TlsMode.NONE), 1.0
        )
        domains = ["shop1.example", "shop2.example", "alone.example", "bare.example", "lane0.example"]
        assert await plan_lanes([*domains, "refused.example"], load_carriers(), outlet.way) == {
            "shop1.example": "mx:hosting.example",
            "shop2.example": "mx:hosting.example",
            "alone.example": "alone.example",
            "bare.example": "bare.example",
            "lane0.example": "lane0.example",
            "refused.example": "refused.example",
        }
