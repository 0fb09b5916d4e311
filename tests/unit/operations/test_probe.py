"""The test of a direct route towards an address holds its server to what the engine would."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import routes, settings
from desktop_relay.operations.workspace import Workspace
from desktop_relay.protocol.mta_sts import KeptPolicy, StsMode, StsPolicy
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.tls_standing import save_tls_standing
from tests.fakes.name_server import NameServer
from tests.fakes.smtp_server import ScriptedSmtpServer, load_dialogue

DIRECT = Route("direct", RouteKind.DIRECT, ehlo_name="pc.example")
ZONE: dict[tuple[str, str], list[str] | str] = {
    ("test.example", "MX"): ["300 MX 10 mx1.test.example."],
    ("mx1.test.example", "A"): ["60 A 127.0.0.1"],
}


@pytest.mark.parametrize("named", [(), ("other.test.example",)], ids=["no policy", "names another host"])
async def test_a_kept_policy_holds_in_a_test_too(ws: Workspace, named: tuple[str, ...]) -> None:
    if named:
        now = ws.now()
        policy = StsPolicy(StsMode.ENFORCE, named, timedelta(days=7))
        with open_spool_for_engine(ws.directory) as db:
            save_tls_standing(db, {}, {"test.example": KeptPolicy("1", policy, now)}, now)
    async with NameServer(ZONE) as names, ScriptedSmtpServer(load_dialogue("asks_only")) as server:
        settings.set_value(ws, "dns.nameservers", names.address)
        settings.set_value(ws, "direct.port", str(server.port))
        found = await asyncio.to_thread(routes.probe, ws, DIRECT, None, "anna@test.example")
    assert not found.ok
    assert (found.problem is Reason.MTA_STS_FAILED) == bool(named)
    assert bool(server.connections) != bool(named), "nobody is dialled whom the policy does not name"
