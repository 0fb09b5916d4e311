"""A campaign in virtual time: the same seed the same story, everybody somewhere, lanes on their own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop_relay.domain.brake import BrakeCause
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.simulator.audience import MIXES, group_addresses, make_audience
from desktop_relay.simulator.result import SimulationResult
from desktop_relay.simulator.trouble import Trouble, TroubleKind

from .worlds import START, at_rate, made_up, simulate

JP = make_audience(3000, MIXES["jp"])
HOUR = 3600.0


def story(result: SimulationResult) -> object:
    lanes = {key: (dict(lane.outcomes), lane.begun.tolist()) for key, lane in result.lanes.items()}
    return result.seconds, lanes, result.changes


def test_the_same_seed_tells_the_same_story() -> None:
    assert story(simulate(JP, seed=3)) == story(simulate(JP, seed=3))
    assert story(simulate(JP, seed=3)) != story(simulate(JP, seed=4))


def test_everybody_ends_somewhere() -> None:
    result = simulate(JP)
    for lane in result.lanes.values():
        assert sum(lane.outcomes.values()) == lane.recipients, lane.lane
        assert lane.finished_at is not None
    assert sum(result.total(disposition) for disposition in Disposition) == result.recipients == 3000
    assert result.total(Disposition.ACCEPTED) > 0.93 * 3000


def test_what_becomes_of_somebody_depends_on_the_address_alone() -> None:
    fates = [
        "unknown_user",
        "mailbox_full",
        "disabled",
        "filtered",
        "busy",
        "greylist",
        "drop_lost",
        "accept",
    ]
    result = simulate(group_addresses(f"fate-{fate}.1@docomo.ne.jp" for fate in fates))
    lane = result.lanes["docomo"]
    assert dict(lane.outcomes) == {
        Disposition.BOUNCED: 3,
        Disposition.ACCEPTED: 4,
        Disposition.UNKNOWN: 1,
    }
    assert lane.reasons[Reason.GREYLISTED] == 1


def test_without_faults_all_is_taken_at_the_first_attempt() -> None:
    result = simulate(JP, faults=False)
    assert result.total(Disposition.ACCEPTED) == result.attempts == 3000


def test_who_cannot_be_reached_in_time_expires() -> None:
    result = simulate(made_up(docomo_ne_jp=100), expires_after=timedelta(seconds=50), faults=False)
    lane = result.lanes["docomo"]
    assert set(lane.outcomes) == {Disposition.ACCEPTED, Disposition.EXPIRED}
    assert 48 <= lane.outcomes[Disposition.ACCEPTED] <= 52


def test_a_simulation_may_end_before_the_campaign() -> None:
    result = simulate(made_up(docomo_ne_jp=100), until=timedelta(seconds=10))
    lane = result.lanes["docomo"]
    assert lane.finished_at is None
    assert lane.outcomes[Disposition.DEFERRED] == 100 - sum(
        n for outcome, n in lane.outcomes.items() if outcome is not Disposition.DEFERRED
    )


def test_an_account_holds_all_lanes_together() -> None:
    route = Route("account", RouteKind.SMARTHOST, host="smtp.example.jp", rate=2.0)
    audience = made_up(docomo_ne_jp=300, gmail_com=300, yahoo_co_jp=300)
    result = simulate(audience, route=route, faults=False)
    begun = sorted(at for lane in result.lanes.values() for at in lane.begun)
    assert len(begun) / (begun[-1] - begun[0]) == pytest.approx(2.0, rel=0.02)


def test_a_complaint_slows_within_one_reply_and_the_trace_says_why() -> None:
    result = simulate(
        made_up(gmail_com=40_000), overrides={"google": at_rate(30.0)}, expires_after=None
    )  # the carrier bears 10 a second
    first = next(change for change in result.changes if change.pace != change.pace_before)
    assert first.lane == "google"
    assert first.reason is not LaneReason.NONE
    assert first.cause is Reason.THROTTLED
    assert "unusual rate" in first.text
    assert (first.suspended > 0) or (first.pace or 0) < (first.pace_before or 0)
    lane = result.lanes["google"]
    assert lane.outcomes[Disposition.ACCEPTED] > 0.97 * 40_000


@pytest.mark.parametrize("kind", TroubleKind)
def test_a_bad_destination_costs_the_others_less_than_a_twentieth(kind: TroubleKind) -> None:
    audience = make_audience(6000, MIXES["jp"])
    usual = simulate(audience)
    worse = simulate(audience, troubles=[Trouble("docomo", kind, until=6 * HOUR)])
    others = [key for key in usual.lanes if key != "docomo"]
    assert worse.lanes["docomo"].finished_at != usual.lanes["docomo"].finished_at
    for key in others:
        before, after = (_three_quarters(result, key) for result in (usual, worse))
        assert after <= before * 1.05 + 1.0, key


@pytest.mark.parametrize("kind", TroubleKind)
def test_nor_where_an_account_has_few_connections(kind: TroubleKind) -> None:
    """One lane may use its own window of the account's connections, and no more."""
    route = Route("account", RouteKind.SMARTHOST, host="smtp.example.jp", max_connections=12)
    audience = made_up(docomo_ne_jp=2000, gmail_com=4000, yahoo_co_jp=2000, icloud_com=2000)
    usual = simulate(audience, route=route)
    worse = simulate(audience, route=route, troubles=[Trouble("docomo", kind, until=HOUR)])
    for key in ("google", "yahoo_jp", "apple"):
        assert _three_quarters(worse, key) <= _three_quarters(usual, key) * 1.05 + 1.0, key


def _three_quarters(result: SimulationResult, lane: str) -> float:
    """When three in four of the lane's people had their first attempt; the tail is retries and chance."""
    found = result.lanes[lane]
    return found.begun[int(0.75 * found.recipients)]


def test_a_brake_stops_one_lane_and_the_others_go_on() -> None:
    dead = [f"fate-unknown_user.{number}@docomo.ne.jp" for number in range(100)]
    audience = {"docomo.ne.jp": dead, **made_up(gmail_com=100)}
    result = simulate(audience, brakes=True)
    docomo, gmail = result.lanes["docomo"], result.lanes["google"]
    assert docomo.braked is not None
    assert docomo.braked.cause is BrakeCause.UNKNOWN_USERS
    assert docomo.finished_at is None
    assert docomo.attempts < 40
    assert docomo.outcomes[Disposition.DEFERRED] == 100 - docomo.outcomes[Disposition.BOUNCED]
    assert gmail.finished_at is not None
    assert simulate(audience).lanes["docomo"].braked is None


def test_times_are_told_from_the_start() -> None:
    result = simulate(made_up(docomo_ne_jp=5), faults=False)
    assert result.start == START
    assert result.lanes["docomo"].started_at == pytest.approx(0.5, abs=0.5)
    assert result.seconds == pytest.approx(4.0, abs=1.0)
