"""What is remembered of other people's encryption: hosts that were seen encrypted, and MTA-STS policies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from desktop_relay.protocol.mta_sts import KeptPolicy, StsMode, StsPolicy
from desktop_relay.store.connection import Database
from desktop_relay.store.times import from_ms, to_ms

_MILLISECOND = timedelta(milliseconds=1)


def load_tls_hosts(db: Database, since: datetime) -> dict[str, datetime]:
    """The hosts that were seen encrypted ``since`` then, and when last."""
    rows = db.rows("SELECT host, seen_at FROM tls_hosts WHERE seen_at >= ?", [to_ms(since)])
    return {host: from_ms(seen_at) for host, seen_at in rows}


def load_sts_policies(db: Database, now: datetime) -> dict[str, KeptPolicy]:
    """The policies whose time is not over, by domain."""
    rows = db.rows(
        "SELECT domain, id, mode, mx, max_age, fetched_at FROM sts_policies WHERE fetched_at + max_age > ?",
        [to_ms(now)],
    )
    return {
        domain: KeptPolicy(
            policy_id,
            StsPolicy(StsMode(mode), tuple(mx.split()), max_age * _MILLISECOND),
            from_ms(fetched_at),
        )
        for domain, policy_id, mode, mx, max_age, fetched_at in rows
    }


def save_tls_standing(
    db: Database, hosts: Mapping[str, datetime], policies: Mapping[str, KeptPolicy], since: datetime
) -> None:
    """Write what changed in one transaction, and throw away hosts last seen before ``since``."""
    with db.transaction():
        for host, seen_at in hosts.items():
            db.execute(
                "INSERT OR REPLACE INTO tls_hosts (host, seen_at) VALUES (?, ?)", [host, to_ms(seen_at)]
            )
        for domain, kept in policies.items():
            policy = kept.policy
            db.execute(
                "INSERT OR REPLACE INTO sts_policies (domain, id, mode, mx, max_age, fetched_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                [
                    domain,
                    kept.id,
                    policy.mode.value,
                    " ".join(policy.mx),
                    policy.max_age // _MILLISECOND,
                    to_ms(kept.fetched_at),
                ],
            )
        db.execute("DELETE FROM tls_hosts WHERE seen_at < ?", [to_ms(since)])
