"""What a campaign at work knows of itself."""

from __future__ import annotations

from datetime import UTC, datetime

from desktop_relay.domain.campaign import CampaignState, PauseReason, SubmittedCampaign
from desktop_relay.domain.template import Template
from desktop_relay.engine.run import FIRST_OCTETS, Run
from tests.fakes.letters import snapshot


def test_a_message_weighs_what_was_built_not_what_was_feared() -> None:
    submitted = SubmittedCampaign(
        snapshot(Template("t", "s", "", "text")),
        CampaignState.SENDING,
        PauseReason.NONE,
        1,
        datetime(2026, 11, 24, tzinfo=UTC),
        None,
        None,
    )
    run = Run(submitted, 0.0)
    assert run.message_octets == FIRST_OCTETS
    run.largest_octets = 10_000
    assert run.message_octets == 10_000
