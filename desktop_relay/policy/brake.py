"""When a lane must stop: shares of bad answers with their confidence, and troubles in a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from math import sqrt

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel, BrakeMemory, BrakeTally
from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.policy.reactions import ADDRESS_IS_DEAD

ROUND_SECONDS = 240.0
"""Blocks or failures closer together than this are one round: connections that were under way together."""

CLEAN_STREAK = 100
"""Acceptances after which earlier blocks are forgotten."""

WORTH_STOPPING = 20
"""A lane with fewer people left is not stopped for connections that fail: there is little to protect."""

_SURE = 1.96  # standard deviations: 97.5 % on one side
_ABOUT_THE_MESSAGE = frozenset(
    {Reason.CONTENT, Reason.POLICY, Reason.PROTOCOL, Reason.OTHER_PERMANENT, Reason.TOO_BIG}
)
_BLOCKED = frozenset({Reason.BLOCKED, Reason.BAD_REPUTATION})


@dataclass(frozen=True, slots=True)
class Ratio:
    """Shares from 0 to 1. No verdict on fewer than ``least`` answers or ``fewest`` bad ones.

    Below ``plain`` answers the share has to be above a limit with confidence; from there on it counts as
    it is.
    """

    warn: float
    stop: float
    least: int
    plain: int
    fewest: int = 3

    def level(self, number: int, sample: int) -> BrakeLevel | None:
        """How bad ``number`` of ``sample`` is."""
        if sample < self.least or number < self.fewest:
            return None
        share = number / sample if sample >= self.plain else lowest_share(number, sample)
        if share >= self.stop:
            return BrakeLevel.STOP
        return BrakeLevel.WARN if share >= self.warn else None


@dataclass(frozen=True, slots=True)
class Streak:
    """Rounds in a row."""

    warn: int
    stop: int

    def level(self, rounds: int) -> BrakeLevel | None:
        """How bad so many are."""
        if rounds >= self.stop:
            return BrakeLevel.STOP
        return BrakeLevel.WARN if rounds >= self.warn else None


# Nobody publishes a limit for unknown users, though every Japanese carrier blocks for them first; senders
# keep below 1 to 3 % and stop at 5 to 10 % (estimate).
UNKNOWN_USERS = Ratio(warn=0.02, stop=0.05, least=30, plain=500)
# Replies about the message come to everybody alike (estimate).
REFUSALS = Ratio(warn=0.05, stop=0.10, least=30, plain=500)
# Gmail asks for less than 0.10 % and never 0.30 % (published); the brake comes before that.
COMPLAINTS = Ratio(warn=0.0005, stop=0.001, least=100, plain=5000)
# The lane pauses by itself for an hour after the first block and for two after the second (estimate).
BLOCKS = Streak(warn=1, stop=3)
# Carriers reset connections while they block, which passes within half a day or a day (secondary source).
FAILURES = Streak(warn=3, stop=6)


def lowest_share(number: int, sample: int) -> float:
    """The share that is behind ``number`` of ``sample`` at least, with confidence (Wilson's interval)."""
    share, square = number / sample, _SURE**2
    middle = share + square / (2 * sample)
    spread = _SURE * sqrt(share * (1 - share) / sample + square / (4 * sample**2))
    return max(0.0, (middle - spread) / (1 + square / sample))


def find_trouble(tally: BrakeTally) -> tuple[BrakeFinding, ...]:
    """Everything a tally is conspicuous for, the gravest first."""
    ratios = (
        (BrakeCause.UNKNOWN_USERS, UNKNOWN_USERS, tally.unknown_users, tally.answers),
        (BrakeCause.REFUSALS, REFUSALS, tally.refusals, tally.answers),
        (BrakeCause.COMPLAINTS, COMPLAINTS, tally.complaints, tally.accepted),
    )
    streaks = (
        (BrakeCause.BLOCKS, BLOCKS, tally.blocks),
        (BrakeCause.CONNECT_FAILURES, FAILURES, tally.failures),
    )
    found = [
        BrakeFinding(cause, level, rounds, 0, streak.stop if level is BrakeLevel.STOP else streak.warn)
        for cause, streak, rounds in streaks
        if (level := streak.level(rounds)) is not None
    ]
    found += [
        BrakeFinding(cause, level, number, sample, ratio.stop if level is BrakeLevel.STOP else ratio.warn)
        for cause, ratio, number, sample in ratios
        if (level := ratio.level(number, sample)) is not None
    ]
    return tuple(sorted(found, key=_gravity))


def _gravity(finding: BrakeFinding) -> bool:
    return finding.level is not BrakeLevel.STOP


def sum_tallies(tallies: Iterable[BrakeTally]) -> BrakeTally:
    """All lanes together; what is counted in a row is each lane's own and is left out."""
    names = [f.name for f in fields(BrakeTally) if f.name not in ("blocks", "failures")]
    listed = list(tallies)
    totals: Mapping[str, int] = {name: sum(getattr(t, name) for t in listed) for name in names}
    return BrakeTally(**totals)


class Brake:
    """The brake of one lane of one campaign: counts, and holds until a person decides.

    ``strict`` false: it only warns. A pure state machine; ``at`` is monotonic seconds of the lane's clock.
    ``unsaved``: something changed since that was set to false.
    """

    __slots__ = (
        "_clean",
        "_counts",
        "_left",
        "_released",
        "_round_at",
        "_stopped_at",
        "_strict",
        "stopped",
        "unsaved",
    )

    def __init__(self, memory: BrakeMemory | None = None, *, strict: bool = True) -> None:
        kept = memory or BrakeMemory()
        self._counts = asdict(kept.tally)
        self.stopped = kept.stopped
        self._stopped_at = kept.stopped_at
        self._left = kept.left
        self._released = kept.released
        self._strict = strict
        self._clean = 0
        self._round_at = float("-inf")
        self.unsaved = False

    @property
    def tally(self) -> BrakeTally:
        """What was counted."""
        return BrakeTally(**self._counts)

    @property
    def memory(self) -> BrakeMemory:
        """What the next engine must know."""
        return BrakeMemory(self.tally, self.stopped, self._stopped_at, self._left, self._released)

    @property
    def trouble(self) -> BrakeFinding | None:
        """What holds the lane, else the gravest thing worth a word."""
        if self.stopped is not None:
            return self.stopped
        found = find_trouble(self.tally)
        return found[0] if found else None

    def take(self, outcome: Outcome, effect: Effect, at: float) -> bool:
        """Count an attempt's end; true when it may be reason to stop."""
        self.unsaved = True
        if outcome.disposition is Disposition.ACCEPTED:
            self._accept()
            return False
        if outcome.disposition is Disposition.BOUNCED:
            self._counts[_count_of(outcome.reason)] += 1
        if outcome.reason in _BLOCKED:
            self._count_round("blocks", at)
        elif effect.kind is EffectKind.FEWER_CONNECTIONS and effect.reason is LaneReason.CONNECT_FAILURES:
            self._count_round("failures", at)
        return True

    def complain(self) -> None:
        """Somebody reported the mail as unwanted."""
        self._counts["complaints"] += 1
        self.unsaved = True

    def check(self, waiting: int, now: datetime) -> BrakeFinding | None:
        """Stop if there is reason; the finding when it just did. ``waiting`` people are left in the lane."""
        if not self._strict or self.stopped is not None or waiting <= 0:
            return None
        for finding in find_trouble(self.tally):
            little = finding.cause is BrakeCause.CONNECT_FAILURES and waiting < WORTH_STOPPING
            if finding.level is BrakeLevel.STOP and not little and self.may_stop(finding):
                self.stop(finding, now)
                return finding
        return None

    def may_stop(self, finding: BrakeFinding) -> bool:
        """Nobody was asked about this cause yet."""
        return self.stopped is None and finding.cause not in self._released

    def stop(self, finding: BrakeFinding, now: datetime) -> None:
        """Hold the lane."""
        self.stopped, self._stopped_at, self._left = finding, now, False
        self.unsaved = True

    def release(self) -> None:
        """A person sends on anyway: this cause does not stop it again."""
        if self.stopped is not None:
            self._released |= {self.stopped.cause}
            self.stopped = self._stopped_at = None
            self._left = False
            self.unsaved = True

    def leave(self) -> None:
        """A person wants it to stay stopped."""
        self._left = self.stopped is not None
        self.unsaved = True

    def _accept(self) -> None:
        counts = self._counts
        counts["accepted"] += 1
        counts["failures"] = 0
        if counts["blocks"]:
            self._clean += 1
            if self._clean >= CLEAN_STREAK:
                counts["blocks"] = 0

    def _count_round(self, name: str, at: float) -> None:
        self._clean = 0
        if at - self._round_at >= ROUND_SECONDS:
            self._round_at = at
            self._counts[name] += 1


def _count_of(reason: Reason) -> str:
    if reason in ADDRESS_IS_DEAD:
        return "unknown_users"
    return "refusals" if reason in _ABOUT_THE_MESSAGE else "other_bounces"
