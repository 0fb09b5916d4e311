"""Who would get the very same letter a second time within a day."""

from __future__ import annotations

from datetime import timedelta

from desktop_relay.domain.campaign import CampaignKind, Draft, SubmittedCampaign
from desktop_relay.domain.route import RouteKind
from desktop_relay.domain.template import Template
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.contact_shapes import load_consents_of
from desktop_relay.store.ledger import load_campaign_rows, load_reached_keys

LATELY = timedelta(days=1)


def count_reached_lately(ws: Workspace, draft: Draft, letter: Template) -> int:
    """People on the draft's lists whom another campaign of the last day sent this letter, or is about to.

    A letter is the same when its subject and both of its texts are. What was practised reached nobody.
    """
    submitted = load_campaign_rows(ws.spool)
    alike = [c.snapshot.id for c in submitted if c.snapshot.id != draft.id and _sends(c, letter, ws)]
    if not alike:
        return 0
    keys = load_reached_keys(ws.spool, alike, ws.now() - LATELY)
    return sum(1 for _ in load_consents_of(ws.library, draft.lists, keys))


def _sends(campaign: SubmittedCampaign, letter: Template, ws: Workspace) -> bool:
    sent = campaign.snapshot
    return (
        sent.kind is CampaignKind.CAMPAIGN
        and sent.route.kind is not RouteKind.SANDBOX
        # submitted long ago, it may have waited for its planned start or taken days
        and (campaign.finished_at is None or campaign.finished_at >= ws.now() - LATELY)
        and (sent.template.subject, sent.template.html, sent.template.text)
        == (letter.subject, letter.html, letter.text)
    )
