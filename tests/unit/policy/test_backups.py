"""One a day, the newest kept, and a person told before it is too late."""

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from desktop_relay.domain.backup import (
    Backup,
    BackupKind,
    BackupTrouble,
    Failure,
    Handover,
    Manifest,
    Receipt,
)
from desktop_relay.policy.backups import (
    EVERY,
    TOLD_AFTER,
    compose_name,
    find_trouble,
    goes_on,
    is_due,
    of_origin,
    plan_removal,
)

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def backup(
    hours: float, kind: BackupKind = BackupKind.DAILY, origin: str = "here", *, used: bool = False
) -> Backup:
    at = NOW - timedelta(hours=hours)
    return Backup(
        str(hours), 1, Manifest(f"id {hours}", kind, "1", at, origin, {}, {}, {}), Receipt() if used else None
    )


BACKUPS = st.lists(
    st.builds(
        backup,
        st.integers(-100, 1000),
        st.sampled_from(BackupKind),
        st.sampled_from(["here", "there"]),
    ),
    max_size=40,
)


def test_names_sort_by_time() -> None:
    names = [compose_name(datetime(2026, month, 3, 7, 5)) for month in (2, 11)]  # noqa: DTZ001
    assert names == ["desktop-relay-2026-02-03-0705.drbackup", "desktop-relay-2026-11-03-0705.drbackup"]
    assert sorted(names) == names


@pytest.mark.parametrize(
    ("ages", "due"),
    [([], True), ([23.9], False), ([24], True), ([500, 3], False), ([-3], True), ([-3, 1], False)],
)
def test_due(ages: list[float], due: bool) -> None:
    assert is_due([backup(age) for age in ages], NOW) is due


@given(BACKUPS)
def test_a_new_one_is_enough(backups: list[Backup]) -> None:
    assert not is_due([*backups, backup(0)], NOW)
    assert is_due([b for b in backups if b.manifest.made_at <= NOW - EVERY], NOW)


@given(BACKUPS, st.integers(1, 20))
def test_only_the_oldest_of_its_own_making_go(backups: list[Backup], kept: int) -> None:
    own = of_origin(backups, {"here"})
    gone = plan_removal(own, kept, NOW)
    daily = [b for b in own if b.manifest.kind is BackupKind.DAILY]
    assert len(gone) == max(0, len(daily) - kept)
    assert all(b.manifest.kind is BackupKind.DAILY and b.manifest.origin == "here" for b in gone)
    left = [b for b in daily if b not in gone]
    known = [b for b in left if b.manifest.made_at <= NOW]
    assert all(
        a.manifest.made_at <= b.manifest.made_at for a in gone if a.manifest.made_at <= NOW for b in left
    )
    assert known == left or all(a.manifest.made_at > NOW for a in gone), "those of the future go first"


def test_the_one_just_made_stays_whatever_the_clock_said_before() -> None:
    assert plan_removal([backup(-24 * 365), backup(0)], 1, NOW) == [backup(-24 * 365)]


@pytest.mark.parametrize(
    ("ages", "failed", "began", "trouble"),
    [
        ([], None, None, BackupTrouble.NONE),
        ([], None, HOUR, BackupTrouble.NONE),
        ([], None, TOLD_AFTER + HOUR, BackupTrouble.OLD),
        ([1], None, TOLD_AFTER + HOUR, BackupTrouble.NONE),
        ([71], None, None, BackupTrouble.NONE),
        ([73], None, None, BackupTrouble.OLD),
        ([5], 1, None, BackupTrouble.FAILED),
        ([1], 5, None, BackupTrouble.NONE),
        ([], 5, None, BackupTrouble.FAILED),
        ([-9000], None, TOLD_AFTER + HOUR, BackupTrouble.OLD),
    ],
)
def test_trouble(
    ages: list[float], failed: float | None, began: timedelta | None, trouble: BackupTrouble
) -> None:
    failure = None if failed is None else Failure(NOW - failed * HOUR, "disk_full")
    began_at = None if began is None else NOW - began
    assert find_trouble([backup(age) for age in ages], failure, began_at, NOW) is trouble


def test_only_a_file_for_moving_goes_on_and_only_once() -> None:
    move = backup(1, BackupKind.MOVE)
    assert goes_on(move, Handover())
    assert not goes_on(move, Handover(known=(move.manifest.id,)))
    assert not goes_on(backup(1, BackupKind.MOVE, used=True), Handover())
    assert not goes_on(backup(1, BackupKind.HAND), Handover())
    assert not goes_on(backup(1, BackupKind.DAILY), Handover())
