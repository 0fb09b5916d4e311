"""How far a warm-up is: what its plan allows on a day, when it goes on, and what holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, tzinfo
from math import ceil, log2

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeMemory
from desktop_relay.domain.effect import Effect
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.outcome import Outcome
from desktop_relay.domain.warmup import Warmup, WarmupMemory, WarmupStanding
from desktop_relay.policy.brake import Brake, find_trouble

MOST_DAYS = 365
WORTH_A_DAY = 0.5
"""Of a day's allowance: a day with less taught the other side nothing, and is repeated (estimate)."""

_TEXT = re.compile(r"(\d{1,9}):(\d{1,9}):(\d{1,4})")
_SPEAKS = frozenset(BrakeCause) - {BrakeCause.CONNECT_FAILURES}
"""What speaks of the sender; a server that cannot be reached says nothing about who wanted to."""


def parse_warmup(text: str) -> Warmup:
    """``FIRST:TARGET:DAYS``; raises ``BadInput``."""
    found = _TEXT.fullmatch(text.strip())
    if found is None:
        raise BadInput(ErrorCode.VALUE_INVALID, field="warmup", value=text)
    return Warmup(*(int(number) for number in found.groups()))


def format_warmup(plan: Warmup) -> str:
    """The text that ``parse_warmup`` reads back."""
    return f"{plan.first}:{plan.target}:{plan.days}"


def fewest_days(first: int, target: int) -> int:
    """A plan at most doubles from one day to the next (secondary sources, below 50,000 a day)."""
    return max(2, 1 + ceil(log2(target / first)))


def is_possible(plan: Warmup) -> bool:
    """Whether a plan grows, and not too fast."""
    if not 1 <= plan.first <= plan.target:
        return False
    return fewest_days(plan.first, plan.target) <= plan.days <= MOST_DAYS


def allowance_of(plan: Warmup, step: int) -> int:
    """Messages on day ``step`` of the plan, the first being 1: each day by the same share more. Pure."""
    if step >= plan.days:
        return plan.target
    grown: float = (plan.target / plan.first) ** ((step - 1) / (plan.days - 1))
    return min(plan.target, max(plan.first, round(plan.first * grown)))


def turn(memory: WarmupMemory, day: date) -> WarmupMemory:
    """What a plan's memory is on ``day``.

    A plan goes on by days on which mail was sent, not by the calendar: the day after one that is worth it
    is the next. After a bad sign, or too little mail, it is the same again. A clock that was set back
    makes no day pass, and neither does one that is set forward again after that.
    """
    if not _is_another(memory, day):
        is_back = memory.day is not None and day < memory.day
        return replace(memory, day=day, set_back_from=_furthest(memory) if is_back else None)
    sent = memory.sent + memory.elsewhere
    is_worth = sent >= WORTH_A_DAY * allowance_of(memory.plan, memory.step)
    grows = memory.found is None and is_worth
    step = min(memory.step + grows, memory.plan.days)
    return WarmupMemory(memory.plan, day, step, held_by=memory.found)


def _is_another(memory: WarmupMemory, day: date) -> bool:
    """Whether there surely was a midnight since the last day with mail.

    The first change forward after a set back may lead to the very same day. Those after it do not count as
    that: a clock that once ran years ahead costs the plan one day, not years.
    """
    furthest = _furthest(memory)
    return furthest is not None and day > furthest


def _furthest(memory: WarmupMemory) -> date | None:
    return memory.set_back_from or memory.day


def stand(memory: WarmupMemory, day: date) -> WarmupStanding:
    """A plan as it stands on ``day``."""
    now = turn(memory, day)
    allowance = allowance_of(now.plan, now.step)
    return WarmupStanding(now.step, now.plan.days, allowance, now.found, now.held_by)


class WarmupWatch:
    """Keeps an account to its plan. A pure state machine; times are aware, days are those of ``zone``.

    ``memory`` is what an earlier one left: the same plan goes on there, another begins with its first day.
    """

    def __init__(
        self, plan: Warmup, memory: WarmupMemory | None = None, *, zone: tzinfo | None = None
    ) -> None:
        goes_on = memory is not None and memory.plan == plan
        self._memory = memory if memory is not None and goes_on else WarmupMemory(plan)
        self._zone = zone
        self._sent = self._memory.sent
        self._ear = Brake(BrakeMemory(self._memory.tally), strict=False)

    @property
    def plan(self) -> Warmup:
        """What it keeps to."""
        return self._memory.plan

    @property
    def memory(self) -> WarmupMemory:
        """What the next one must know."""
        return replace(self._memory, sent=self._sent, tally=self._ear.tally)

    def standing(self, now: datetime) -> WarmupStanding:
        """The plan as it stands."""
        return stand(self.memory, self._day(now))

    def allowance(self, now: datetime) -> int:
        """Messages that may go in the day of ``now``; the same all day."""
        return self.standing(now).allowance

    def ahead(self, now: datetime) -> tuple[int, ...]:
        """What the plan allows on the days after this one, if they are good ones; the last for ever."""
        standing = self.standing(now)
        first = standing.step + (standing.found is None)
        return tuple(allowance_of(self.plan, step) for step in range(first, self.plan.days + 1))

    def took(self, now: datetime) -> None:
        """One message was taken, or may have been."""
        self._turn(now)
        self._sent += 1

    def count_elsewhere(self, number: int, now: datetime) -> None:
        """Other programs sent so many today."""
        self._turn(now)
        self._memory = replace(self._memory, elsewhere=number)

    def hear(self, outcome: Outcome, effect: Effect, at: float, now: datetime) -> bool:
        """Count an attempt's end; true when it is the day's first bad sign. ``at`` is monotonic seconds."""
        self._turn(now)
        return self._ear.take(outcome, effect, at) and self._listen()

    def complain(self, now: datetime) -> None:
        """Somebody reported a mail as unwanted."""
        self._turn(now)
        self._ear.complain()
        self._listen()

    def hold(self, finding: BrakeFinding, now: datetime) -> None:
        """A brake stopped mail of the account for this."""
        self._turn(now)
        self._hold(finding)

    def _listen(self) -> bool:
        if self._memory.found is not None:
            return False
        for finding in self._signs():
            self._hold(finding)
            return True
        return False

    def _signs(self) -> Iterator[BrakeFinding]:
        return (finding for finding in find_trouble(self._ear.tally) if finding.cause in _SPEAKS)

    def _hold(self, finding: BrakeFinding) -> None:
        if self._memory.found is None and finding.cause in _SPEAKS:
            self._memory = replace(self._memory, found=finding)

    def _turn(self, now: datetime) -> None:
        day = self._day(now)
        if day == self._memory.day:
            return
        begins = _is_another(self._memory, day)
        self._memory = turn(self.memory, day)
        if begins:
            self._sent = 0
            self._ear = Brake(strict=False)

    def _day(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()
