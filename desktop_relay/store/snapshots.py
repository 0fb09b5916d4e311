"""A campaign's snapshot as JSON, and a submitted campaign as a row of the spool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from desktop_relay.domain.campaign import (
    CampaignKind,
    CampaignSnapshot,
    CampaignState,
    PauseReason,
    SubmittedCampaign,
)
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.domain.template import Template
from desktop_relay.store.connection import Database, Row
from desktop_relay.store.plain import compose_json, parse_object
from desktop_relay.store.routes import parse_members, parse_rules, parse_warmup_plan
from desktop_relay.store.times import from_ms, from_ms_or_none, to_ms_or_none

_SELECT = (
    "SELECT snapshot, state, pause_reason, total, expires_at, submitted_at, started_at, finished_at "
    "FROM campaigns"
)


FIRST_TEST_ID = 1_000_000_000
"""Ids of test campaigns start here; drafts never get that far."""


def load_highest_campaign(db: Database) -> int:
    """The highest number that a draft had which was submitted, 0 without one."""
    return db.number("SELECT max(id) FROM campaigns WHERE id < ?", [FIRST_TEST_ID])


def load_campaign_rows(db: Database) -> list[SubmittedCampaign]:
    """Every submitted campaign, oldest first; test mails count as campaigns."""
    return [_campaign(row) for row in db.rows(f"{_SELECT} ORDER BY submitted_at, id")]


def load_campaign_row(db: Database, campaign: int) -> SubmittedCampaign | None:
    """One submitted campaign."""
    row = db.row(f"{_SELECT} WHERE id = ?", [campaign])
    return None if row is None else _campaign(row)


def rename_route_of_campaigns(db: Database, route: str, name: str) -> None:
    """Submitted campaigns go by the new name, within the caller's transaction."""
    for number, text in db.rows("SELECT id, snapshot FROM campaigns"):
        snapshot = parse_snapshot(text)
        renamed = snapshot.route.renamed(route, name)
        if renamed != snapshot.route:
            kept = compose_snapshot(replace(snapshot, route=renamed))
            db.execute("UPDATE campaigns SET snapshot = ? WHERE id = ?", [kept, number])


def compose_snapshot(snapshot: CampaignSnapshot) -> str:
    """The snapshot's JSON; times in whole milliseconds."""
    plain = asdict(snapshot)
    plain["start_at"] = to_ms_or_none(snapshot.start_at)
    plain["expires_at"] = to_ms_or_none(snapshot.expires_at)
    return compose_json(plain)


def parse_snapshot(text: str) -> CampaignSnapshot:
    """The snapshot of its JSON."""
    plain = parse_object(text)
    return CampaignSnapshot(
        id=plain["id"],
        uid=plain["uid"],
        kind=CampaignKind(plain["kind"]),
        name=plain["name"],
        template=_template(plain["template"]),
        identity=Identity(**plain["identity"]),
        route=_route(plain["route"]),
        speed=plain["speed"],
        start_at=from_ms_or_none(plain["start_at"]),
        expires_at=from_ms_or_none(plain["expires_at"]),
        canary_minutes=plain["canary_minutes"],
        brakes=plain["brakes"],
    )


def _template(plain: Mapping[str, Any]) -> Template:
    return Template(**{**plain, "attachments": tuple(plain["attachments"])})


def _route(plain: Mapping[str, Any]) -> Route:
    return Route(
        **{
            **plain,
            "kind": RouteKind(plain["kind"]),
            "tls": TlsMode(plain["tls"]),
            "members": parse_members(plain["members"]),
            "rules": parse_rules(plain["rules"]),
            "warmup": parse_warmup_plan(plain.get("warmup")),
        }
    )


def _campaign(row: Row) -> SubmittedCampaign:
    snapshot, state, pause_reason, total, expires_at, submitted_at, started_at, finished_at = row
    expiry: datetime | None = from_ms_or_none(expires_at)
    return SubmittedCampaign(
        # sending again gives the campaign more time than its snapshot says
        snapshot=replace(parse_snapshot(snapshot), expires_at=expiry),
        state=CampaignState(state),
        pause_reason=PauseReason(pause_reason),
        total=total,
        submitted_at=from_ms(submitted_at),
        started_at=from_ms_or_none(started_at),
        finished_at=from_ms_or_none(finished_at),
    )
