from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel, BrakeMemory, BrakeTally
from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.policy.brake import (
    BLOCKS,
    CLEAN_STREAK,
    COMPLAINTS,
    FAILURES,
    ROUND_SECONDS,
    UNKNOWN_USERS,
    WORTH_STOPPING,
    Brake,
    find_trouble,
    lowest_share,
    sum_tallies,
)
from desktop_relay.policy.reactions import CONNECT_FAILURE

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ACCEPTED = Outcome(Disposition.ACCEPTED, Reason.ACCEPTED)
UNKNOWN = Outcome(Disposition.BOUNCED, Reason.UNKNOWN_USER)
BLOCKED = Outcome(Disposition.DEFERRED, Reason.BLOCKED)
RESET = Outcome(Disposition.DEFERRED, Reason.CONNECTION_LOST)
NOTHING = Effect()
MANY = 1000


def feed(brake: Brake, outcome: Outcome, number: int, effect: Effect = NOTHING, at: float = 0.0) -> None:
    for _ in range(number):
        brake.take(outcome, effect, at)


@pytest.mark.parametrize(
    ("unknown", "answers", "wanted"),
    [
        (1, 10, None),  # one of ten is chance
        (10, 29, None),  # too few answers for any verdict
        (30, 30, BrakeLevel.STOP),
        (3, 50, BrakeLevel.WARN),
        (6, 50, BrakeLevel.STOP),
        (5, 100, BrakeLevel.WARN),
        (10, 500, BrakeLevel.WARN),  # 2 %
        (9, 500, None),
        (25, 500, BrakeLevel.STOP),  # 5 %
        (24, 500, BrakeLevel.WARN),
        (81, 1510, BrakeLevel.STOP),  # 5.4 %
        (0, 100_000, None),
    ],
)
def test_unknown_users(unknown: int, answers: int, wanted: BrakeLevel | None) -> None:
    tally = BrakeTally(accepted=answers - unknown, unknown_users=unknown)
    found = find_trouble(tally)
    assert [finding.level for finding in found] == ([wanted] if wanted else [])
    assert all(f.cause is BrakeCause.UNKNOWN_USERS and f.sample == answers for f in found)


@pytest.mark.parametrize(
    ("complaints", "accepted", "wanted"),
    [
        (1, 99, None),
        (1, 1000, None),
        (3, 500, BrakeLevel.STOP),
        (3, 5000, BrakeLevel.WARN),
        (5, 5000, BrakeLevel.STOP),
    ],
)
def test_complaints(complaints: int, accepted: int, wanted: BrakeLevel | None) -> None:
    assert COMPLAINTS.level(complaints, accepted) is wanted


@given(st.integers(1, 5000), st.data())
def test_what_is_behind_a_share_is_never_more_than_the_share(sample: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, sample))
    assert 0.0 <= lowest_share(number, sample) <= number / sample + 1e-12


@given(st.integers(0, 600), st.integers(1, 600))
def test_more_bad_answers_are_never_better(number: int, sample: int) -> None:
    order = [None, BrakeLevel.WARN, BrakeLevel.STOP]
    number = min(number, sample - 1)
    first = order.index(UNKNOWN_USERS.level(number, sample))
    assert first <= order.index(UNKNOWN_USERS.level(number + 1, sample))


def test_a_clean_list_is_hardly_ever_stopped_by_chance() -> None:
    """At 2 % unknown, looked at after every answer, over 2,000 answers."""
    random, stopped = Random(7), 0
    for _ in range(300):
        unknown = 0
        for sample in range(1, 2001):
            bad = random.random() < 0.02
            unknown += bad
            if bad and UNKNOWN_USERS.level(unknown, sample) is BrakeLevel.STOP:
                stopped += 1
                break
    assert stopped <= 9


def test_a_bad_list_is_stopped_soon() -> None:
    brake, random = Brake(), Random(3)
    while brake.tally.answers < 200:
        outcome = UNKNOWN if random.random() < 0.3 else ACCEPTED
        if brake.take(outcome, NOTHING, 0.0) and brake.check(MANY, NOW):
            break
    assert brake.tally.answers < 60
    assert brake.stopped is not None
    assert brake.stopped.cause is BrakeCause.UNKNOWN_USERS
    assert brake.stopped.share > 0.05


def test_filtered_and_full_boxes_do_not_count_as_unknown() -> None:
    brake = Brake()
    feed(brake, Outcome(Disposition.BOUNCED, Reason.FILTERED), 50)
    feed(brake, Outcome(Disposition.DEFERRED, Reason.MAILBOX_FULL), 50)
    feed(brake, ACCEPTED, 50)
    assert brake.check(MANY, NOW) is None
    assert brake.tally.answers == 100


def test_refused_content_stops() -> None:
    brake = Brake()
    feed(brake, Outcome(Disposition.BOUNCED, Reason.CONTENT), 30)
    found = brake.check(MANY, NOW)
    assert found is not None
    assert found.cause is BrakeCause.REFUSALS


def test_blocks_of_one_moment_are_one_round() -> None:
    brake = Brake()
    feed(brake, BLOCKED, 10, at=0.0)
    assert brake.tally.blocks == 1
    assert brake.check(MANY, NOW) is None
    for turn in range(1, BLOCKS.stop):
        feed(brake, BLOCKED, 2, at=turn * ROUND_SECONDS)
    found = brake.check(MANY, NOW)
    assert found is not None
    assert (found.cause, found.number) == (BrakeCause.BLOCKS, BLOCKS.stop)


def test_many_acceptances_wipe_out_blocks() -> None:
    brake = Brake()
    feed(brake, BLOCKED, 1)
    feed(brake, ACCEPTED, CLEAN_STREAK - 1)
    assert brake.tally.blocks == 1
    feed(brake, ACCEPTED, 1)
    assert brake.tally.blocks == 0


def test_connections_that_fail_stop_a_lane_worth_protecting() -> None:
    brake = Brake()
    for turn in range(FAILURES.stop):
        brake.take(RESET, CONNECT_FAILURE, turn * ROUND_SECONDS)
    assert brake.check(WORTH_STOPPING - 1, NOW) is None
    found = brake.check(WORTH_STOPPING, NOW)
    assert found is not None
    assert found.cause is BrakeCause.CONNECT_FAILURES


def test_one_success_ends_a_streak() -> None:
    brake = Brake()
    for turn in range(FAILURES.stop - 1):
        brake.take(RESET, CONNECT_FAILURE, turn * ROUND_SECONDS)
    feed(brake, ACCEPTED, 1)
    brake.take(RESET, CONNECT_FAILURE, 100 * ROUND_SECONDS)
    assert brake.tally.failures == 1


def test_too_many_connections_is_no_failure() -> None:
    brake = Brake()
    brake.take(RESET, Effect(EffectKind.FEWER_CONNECTIONS, reason=LaneReason.REPLIES), 0.0)
    assert brake.tally.failures == 0


def test_released_it_stops_for_that_cause_no_more() -> None:
    brake = Brake()
    feed(brake, UNKNOWN, 40)
    assert brake.check(MANY, NOW)
    brake.release()
    feed(brake, UNKNOWN, 40)
    assert brake.check(MANY, NOW) is None
    assert brake.trouble is not None  # it is still told
    for turn in range(BLOCKS.stop):
        brake.take(BLOCKED, NOTHING, turn * ROUND_SECONDS)
    found = brake.check(MANY, NOW)
    assert found is not None
    assert found.cause is BrakeCause.BLOCKS


def test_it_stops_once_until_somebody_decides() -> None:
    brake = Brake()
    feed(brake, UNKNOWN, 40)
    assert brake.check(MANY, NOW)
    assert brake.check(MANY, NOW) is None
    brake.leave()
    assert brake.memory.left
    assert brake.stopped is not None


def test_nobody_left_nothing_to_stop() -> None:
    brake = Brake()
    feed(brake, UNKNOWN, 40)
    assert brake.check(0, NOW) is None


def test_in_practice_it_only_warns() -> None:
    brake = Brake(strict=False)
    feed(brake, UNKNOWN, 40)
    assert brake.check(MANY, NOW) is None
    assert brake.trouble is not None


@given(st.lists(st.sampled_from([ACCEPTED, UNKNOWN, BLOCKED, RESET]), max_size=80))
def test_a_restart_forgets_nothing(outcomes: list[Outcome]) -> None:
    brake = Brake()
    for number, outcome in enumerate(outcomes):
        effect = CONNECT_FAILURE if outcome is RESET else NOTHING
        if brake.take(outcome, effect, number * ROUND_SECONDS):
            brake.check(MANY, NOW)
    again = Brake(brake.memory)
    assert again.memory == brake.memory
    assert again.trouble == brake.trouble


def test_lanes_together_count_no_rounds() -> None:
    lanes = [BrakeTally(accepted=10, unknown_users=1, blocks=2), BrakeTally(accepted=5, failures=3)]
    assert sum_tallies(lanes) == BrakeTally(accepted=15, unknown_users=1)


def test_the_share_of_a_streak_is_none() -> None:
    assert BrakeFinding(BrakeCause.BLOCKS, BrakeLevel.STOP, 3, 0, 3).share == 0.0
    assert BrakeMemory().tally.answers == 0
