"""A canary in virtual time: a bad campaign ends with its first part, a good one goes on by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.canary import CanaryPhase
from desktop_relay.domain.outcome import Disposition
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.policy.canary import plan_canary
from desktop_relay.simulator.audience import MIXES, make_audience
from desktop_relay.simulator.result import SimulationResult
from desktop_relay.simulator.scenario import Campaign

from .worlds import play

DIRECT = Route("direct", RouteKind.DIRECT)
DOMAINS = ("docomo.ne.jp", "gmail.com", "yahoo.co.jp", "au.com")


def unknown(domain: str, number: int) -> Sequence[str]:
    return [f"fate-unknown_user.{place}@{domain}" for place in range(number)]


def rehearse(campaign: Campaign, *hours: float, seed: int = 1) -> SimulationResult:
    return play([campaign], restarts=[timedelta(hours=each) for each in hours], seed=seed)


@settings(max_examples=20, deadline=None)
@given(
    numbers=st.lists(st.integers(1, 700), min_size=1, max_size=4),
    minutes=st.floats(1.0, 120.0),
    restarts=st.lists(st.floats(0.0, 2.5), max_size=2),
    seed=st.integers(0, 50),
)
def test_a_bad_campaign_ends_with_its_first_part(
    numbers: list[int], minutes: float, restarts: list[float], seed: int
) -> None:
    audience = {name: unknown(name, n) for name, n in zip(DOMAINS, numbers, strict=False)}
    total = sum(numbers)
    campaign = Campaign(audience, DIRECT, brakes=True, canary_minutes=minutes)
    result = rehearse(campaign, *restarts, seed=seed)
    size = sum(plan_canary({str(place): n for place, n in enumerate(numbers)}).values())
    (found,) = result.campaigns
    assert total - found.untried <= size
    if total >= 2 * size and size >= 30:
        assert found.stopped is PauseReason.CANARY or found.braked
        assert found.outcomes[Disposition.DEFERRED] >= total - size


def test_a_good_one_waits_and_goes_on() -> None:
    audience = make_audience(3000, MIXES["jp"])
    wait = 30.0 * 60.0
    found = rehearse(Campaign(audience, DIRECT, canary_minutes=30.0))
    steps = {step.phase: step for step in found.campaigns[0].canary}
    assert list(steps) == [CanaryPhase.TRYING, CanaryPhase.WAITING, CanaryPhase.PASSED]
    waiting, passed = steps[CanaryPhase.WAITING], steps[CanaryPhase.PASSED]
    assert wait <= passed.at - waiting.at <= wait + 2.0
    begun = sorted(at for lane in found.lanes.values() for at in lane.begun)
    assert sum(at < passed.at for at in begun) <= passed.size * 1.1  # who was put off is tried again
    assert found.campaigns[0].finished_at is not None
    assert found.total(Disposition.ACCEPTED) > 0.9 * 3000


@pytest.mark.parametrize("hours", [0.0, 0.001, 0.2, 0.4, 0.6])
def test_it_outlives_the_engine(hours: float) -> None:
    campaign = Campaign(make_audience(2000, MIXES["jp"]), DIRECT, canary_minutes=30.0)
    usual, restarted = rehearse(campaign), rehearse(campaign, hours)
    phases = [step.phase for step in restarted.campaigns[0].canary]
    assert phases == [step.phase for step in usual.campaigns[0].canary]
    assert restarted.campaigns[0].finished_at is not None
    assert sum(restarted.campaigns[0].outcomes.values()) == 2000


def test_without_one_everybody_is_begun_at_once() -> None:
    found = rehearse(Campaign(make_audience(300, MIXES["jp"]), DIRECT))
    assert found.campaigns[0].canary == ()
