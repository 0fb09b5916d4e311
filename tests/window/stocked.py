"""A data directory with a campaign half way, written through the stores the way the engine does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from desktop_relay.domain.campaign import CampaignKind, CampaignSnapshot, CampaignState, PauseReason
from desktop_relay.domain.exchange import Stage
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.recipient import LedgerRow, RecipientState
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.settlement import NewRecipient, Settlement
from desktop_relay.domain.template import Template
from desktop_relay.operations import campaigns, identities, lists, routes, templates
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.drafts import mark_submitted
from desktop_relay.store.slicing import at_once
from desktop_relay.store.spool import Spool
from tests.window.sample import attempts_of, make_row

PRACTICE = Route("sandbox", RouteKind.SANDBOX)
SENDER = Identity(address="shop@example.jp", name="例の店", postal="東京都千代田区例1-2-3")
TEMPLATE = Template(
    "秋の新着",
    "{{ name }} 様、秋の新着です",
    "",
    "{{ name }} 様\n\n秋の新着が入りました。\n配信停止: {{ unsubscribe_mailto }}\n",
)


def submit_sample(
    ws: Workspace,
    *,
    people: int = 11,
    finished: bool = False,
    name: str = "秋の新着コレクション 2026",
    route: Route = PRACTICE,
    list_name: str = "店のお客様",
    letter: Template = TEMPLATE,
    sender: Identity = SENDER,
    rows: Sequence[LedgerRow] | None = None,
    now: datetime | None = None,
) -> int:
    """Draft, submit and partly settle a campaign to ``rows``, else to made-up people; answers its number."""
    now = now or ws.now()
    rows = rows if rows is not None else [make_row(number, now) for number in range(people)]
    templates.save(ws, letter)
    identities.save(ws, sender)
    if list_name not in [row.name for row in lists.overview(ws)]:
        lists.create(ws, list_name)
    if route.kind is not RouteKind.SANDBOX:
        routes.save(ws, route)
    draft, _ = campaigns.create(
        ws, name, template=letter.name, sender=sender.address, route=route.name, lists=(list_name,)
    )
    snapshot = CampaignSnapshot(
        id=draft.id,
        uid=f"sample-{draft.id}",
        kind=CampaignKind.CAMPAIGN,
        name=name,
        template=letter,
        identity=sender,
        route=route,
        speed=20.0 if route.kind is RouteKind.SANDBOX else 1.0,
        expires_at=now + timedelta(days=2),
    )
    with open_spool_for_engine(ws.directory) as database:
        spool = Spool(database)
        spool.submit(snapshot, [_recipient(row) for row in rows], now - timedelta(minutes=40))
        spool.move_campaign(draft.id, CampaignState.SENDING, PauseReason.NONE, now - timedelta(minutes=39))
        _settle(spool, draft.id, {row.address: row for row in rows}, now)
        if finished:
            at_once(spool.cancel(draft.id, now))
            spool.move_campaign(draft.id, CampaignState.FINISHED, PauseReason.NONE, now)
    mark_submitted(ws.library, draft.id, now - timedelta(minutes=40))
    return draft.id


def _recipient(row: LedgerRow) -> NewRecipient:
    left_out = row.state in (RecipientState.SUPPRESSED, RecipientState.HELD)
    return NewRecipient(
        address=row.address,
        key=row.address,
        name=row.name,
        lane=row.lane,
        message_id=row.message_id,
        fields={"email": row.address, "name": row.name or "お客"},
        state=row.state if left_out else RecipientState.PENDING,
        reason=row.reason if left_out else Reason.NONE,
    )


def _settle(spool: Spool, campaign: int, rows: dict[str, LedgerRow], now: datetime) -> None:
    dispositions = {
        RecipientState.ACCEPTED: Disposition.ACCEPTED,
        RecipientState.DEFERRED: Disposition.DEFERRED,
        RecipientState.BOUNCED: Disposition.BOUNCED,
        RecipientState.UNKNOWN: Disposition.UNKNOWN,
    }
    for lane in spool.lanes(campaign):
        leased = spool.lease(campaign, lane, 10_000, now - timedelta(minutes=30))
        settled = [r for r in leased if rows[r.address].state in dispositions]
        spool.apply([r.id for r in settled], [], now - timedelta(minutes=20))
        settlements = []
        for recipient in settled:
            row = rows[recipient.address]
            attempts = attempts_of(row, now)
            outcome = Outcome(
                dispositions[row.state],
                row.reason,
                stage=Stage.DOT if row.state is RecipientState.UNKNOWN else Stage.RCPT,
                code=row.code,
                enhanced=row.enhanced,
                text=row.text,
                host=row.mx,
                tls=row.tls,
                retry_after=timedelta(minutes=11) if row.state is RecipientState.DEFERRED else None,
                transcript=attempts[-1].transcript if attempts else (),
            )
            settlements.append(Settlement(recipient.id, outcome, row.updated_at))
        spool.apply([], settlements, now)
        spool.release([r.id for r in leased if r not in settled], now)
