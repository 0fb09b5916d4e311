"""How much of a line that is paid by volume a draft would take."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.route import RouteKind
from desktop_relay.operations import campaigns, identities, preview, routes, templates
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.contacts import load_contacts_of_lists

SAMPLES = 3
"""So many people's messages are built: they differ by names and dates, while attachments are the same."""


def estimate_octets(ws: Workspace, campaign: int) -> int:
    """What a few people's messages weigh on the average, times everybody whom the draft reaches.

    Attachments are in it as they are sent, a third larger than the files. 0 where nothing goes out (practice)
    or no message can be built, which the check before sending tells. Raises ``NotFound`` for the campaign
    itself.
    """
    draft = campaigns.load(ws, campaign)
    try:
        if routes.load(ws, draft.route).kind is RouteKind.SANDBOX:
            return 0
        template = templates.load(ws, draft.template)
        identity = identities.load(ws, draft.sender)
        if draft.subject:
            template = replace(template, subject=draft.subject)
        people = islice(load_contacts_of_lists(ws.library, draft.lists), SAMPLES)
        sizes = [preview.outline(ws, template, dict(one.fields), identity).size for one in people]
        reached = campaigns.audience(ws, draft.lists).reached
    except RelayError:
        return 0
    return round(reached * sum(sizes) / len(sizes)) if sizes else 0
