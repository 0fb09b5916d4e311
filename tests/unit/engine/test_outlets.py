"""Ways out as the library means them: whom a route asks for names."""

from __future__ import annotations

import asyncio
from pathlib import Path

from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.engine.engine import load_carriers
from desktop_relay.engine.outlets import Outlets
from desktop_relay.engine.rollup import FIRST_ANSWER_SECONDS, plan_lanes
from desktop_relay.store.database import open_library
from desktop_relay.store.settings import save_setting
from desktop_relay.transport.session import Session
from tests.fakes.name_server import NameServer
from tests.fakes.smtp_server import ScriptedSmtpServer, load_dialogue

CARRIERS = load_carriers()
ACCOUNT = Route("account", RouteKind.SMARTHOST, "localhost", tls=TlsMode.NONE)
HOSTED = ("300 MX 10 mx1.hosting.example.", "300 MX 10 mx2.hosting.example.")


def settle_on(directory: Path, nameserver: str) -> Outlets:
    with open_library(directory) as library:
        save_setting(library, "dns.nameservers", (nameserver,))
    return Outlets(directory)


async def test_domains_of_one_host_share_its_lane_behind_an_account(tmp_path: Path) -> None:
    zone: dict[tuple[str, str], list[str] | str] = {
        (f"shop{n}.example", "MX"): list(HOSTED if n % 2 else reversed(HOSTED)) for n in range(9)
    }
    async with NameServer(zone) as names:
        outlets = settle_on(tmp_path, names.address)
        for _ in range(2):  # reopened as when settings change: what is known stays known
            outlet = await outlets.open(ACCOUNT, 1.0)
            lanes = await plan_lanes([*(name for name, _ in zone), "lane0.example"], CARRIERS, outlet.way)
            assert lanes["lane0.example"] == "lane0.example"
            assert {lanes[name] for name, _ in zone} == {"mx:hosting.example"}
        assert set(names.asked.values()) == {1}


async def test_the_accounts_own_host_is_the_systems_to_find(tmp_path: Path) -> None:
    async with NameServer({}) as names, ScriptedSmtpServer(load_dialogue("pipelined_accepts")) as server:
        outlets = settle_on(tmp_path, names.address)
        route = Route("account", RouteKind.SMARTHOST, "localhost", server.port, TlsMode.NONE)
        opened = await (await outlets.open(route, 1.0)).way.open("shop.example")
        assert isinstance(opened, Session)
        opened.abort()


async def test_a_dead_name_server_holds_nobody_up_for_long(tmp_path: Path) -> None:
    domains = [f"shop{n}.example" for n in range(200)]
    async with NameServer({}, silent=frozenset(domains)) as names:
        outlets = settle_on(tmp_path, names.address)
        outlet = await outlets.open(ACCOUNT, 1.0)
        async with asyncio.timeout(FIRST_ANSWER_SECONDS * 3):
            lanes = await plan_lanes(domains, CARRIERS, outlet.way)
        assert lanes == {domain: domain for domain in domains}


async def test_what_later_servers_report_is_asked_for_by_the_setting(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        save_setting(library, "campaign.delivery_notifications", "failure")
    async with ScriptedSmtpServer(load_dialogue("dsn")) as server:
        route = Route("account", RouteKind.SMARTHOST, "127.0.0.1", server.port, TlsMode.NONE)
        session = await (await Outlets(tmp_path).open(route, 1.0)).way.open("test.example")
        assert isinstance(session, Session)
        envelope = Envelope("news@shop.example", "anna@test.example")
        exchange = await session.send(Outgoing(envelope, b"Subject: x\r\n\r\n", "<1@shop.example>"))
        await session.close()
    assert server.problems == []
    assert exchange.reply is not None
    assert exchange.reply.code == 250
