"""What is remembered of others' encryption comes back as it was, and what is over does not."""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop_relay.protocol.mta_sts import KeptPolicy, StsMode, StsPolicy
from desktop_relay.store.spool import Spool
from desktop_relay.store.tls_standing import load_sts_policies, load_tls_hosts, save_tls_standing

WEEK = timedelta(days=7)


def test_hosts(spool: Spool, now: datetime) -> None:
    hosts = {
        "mx1.example": now,
        "mx2.example": now - timedelta(days=6),
        "mx3.example": now - timedelta(days=8),
    }
    save_tls_standing(spool.db, hosts, {}, now - WEEK)
    assert load_tls_hosts(spool.db, now - WEEK) == {k: v for k, v in hosts.items() if k != "mx3.example"}
    save_tls_standing(spool.db, {"mx2.example": now}, {}, now - WEEK)
    assert load_tls_hosts(spool.db, now) == {"mx1.example": now, "mx2.example": now}
    # what is too old is thrown away, not only left out
    save_tls_standing(spool.db, {}, {}, now + WEEK)
    assert load_tls_hosts(spool.db, now - WEEK) == {}


def test_policies(spool: Spool, now: datetime) -> None:
    policies = {
        "a.example": KeptPolicy(
            "1", StsPolicy(StsMode.ENFORCE, ("mx.a.example", "*.b.example"), timedelta(days=7)), now
        ),
        "b.example": KeptPolicy("2", StsPolicy(StsMode.NONE, (), timedelta(hours=1)), now),
    }
    save_tls_standing(spool.db, {}, policies, now)
    assert load_sts_policies(spool.db, now) == policies
    assert set(load_sts_policies(spool.db, now + timedelta(hours=1))) == {"a.example"}
    newer = KeptPolicy("3", StsPolicy(StsMode.TESTING, ("mx.a.example",), timedelta(days=1)), now)
    save_tls_standing(spool.db, {}, {"a.example": newer}, now)
    assert load_sts_policies(spool.db, now)["a.example"] == newer
