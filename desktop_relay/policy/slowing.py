"""How replies hold a lane's pace: down at once when the other side complains, up again step by step."""

from __future__ import annotations

from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.lane_memory import PaceMemory
from desktop_relay.policy.ceiling import Ceiling

SLOWEST = 1 / 60
"""Messages per second: no complaint slows a lane below one a minute."""

UNLIMITED_PACE = 10.0
"""Messages per second that a lane without a limit is slowed from."""

_FREE = 1000.0  # messages per second at which a lane without a limit has none again
_MINUTE = 60.0
_STEP = 0.1  # of the limit, for a clean minute without a ceiling in the way
_QUICK_STEP = 0.15  # of the ceiling, for a clean minute below it
_CAREFUL_STEP = 0.02  # of the ceiling, likewise after a block, and only when proven
_SAME_COMPLAINT = 5.0  # seconds in which messages under way repeat one complaint
_TOLD_PACE = 600.0  # seconds for which a pace that the other side named is kept
_FIRST_RETURN = 0.1  # of the pace before a suspension


class Slowing:
    """The pace that replies allow, in messages per second; ``pace`` is ``None`` while they do not hold it.

    ``base`` is the lane's own limit, ``None`` without one. Down: halved by a complaint, or to the pace it
    names. The pace at which it came is the learned ceiling. Up, for each clean minute: quickly to just under
    the ceiling; then a rest, twice as long for each time that the ceiling was confirmed; then in small steps
    above it, only while mail is really accepted. A ceiling that was passed without a complaint is raised, and
    the steps become bolder; one that is three days old is forgotten. After a suspension the lane begins with
    a tenth and doubles it, after a block to half of what it was, and goes on from there with care.
    """

    __slots__ = ("_careful", "_ceiling", "_clean_since", "_proven", "_slowed_at", "base", "pace", "return_to")

    def __init__(self, base: float | None, memory: PaceMemory, at: float) -> None:
        self.base = base if memory.base is None else memory.base
        self.pace = memory.pace
        self.return_to = memory.return_to
        self._ceiling = Ceiling(
            memory.ceiling, at - memory.ceiling_ago, memory.confirmed, memory.bold, at + memory.rest_left
        )
        self._clean_since = at - memory.clean_for
        self._slowed_at = at - memory.slowed_ago
        self._proven = memory.proven
        self._careful = memory.careful
        self.change(base, at)

    @property
    def ceiling(self) -> float | None:
        """The pace at which the other side complained last, ``None`` when nothing is known."""
        return self._ceiling.pace

    @property
    def is_slowed(self) -> bool:
        """Whether replies hold the pace below the lane's own limit."""
        return self.pace is not None and (self.base is None or self.pace < self.base)

    @property
    def allowed(self) -> float | None:
        """Messages per second after all, ``None`` without a limit."""
        if self.pace is None:
            return self.base
        return self.pace if self.base is None else min(self.base, self.pace)

    @property
    def may_change(self) -> bool:
        """Whether time alone can change anything."""
        return self.pace is not None or self._ceiling.pace is not None

    @property
    def reason(self) -> LaneReason:
        """What a slowed lane shows."""
        if self.return_to is not None:
            return LaneReason.RETURNING
        return LaneReason.LEARNED_CEILING if self._is_near_ceiling else LaneReason.REPLIES

    def slow(self, target: float | None, at: float) -> None:
        """Halve, or go down to ``target`` messages per second, which then holds for ten minutes."""
        now = self._now()
        wanted = now if target is None else target
        if at - self._slowed_at >= _SAME_COMPLAINT:
            if self.return_to is None:  # how slow a lane comes back says nothing about how fast it may go
                self._meet_ceiling(now, at)
            if target is None:
                wanted = now / 2
            self._slowed_at = at  # the first complaint's: while they do not end, the pace is halved again
        self._hold_to(min(now, max(wanted, SLOWEST)))
        self._begin_minute(at if target is None else at + _TOLD_PACE)

    def suspend(self, at: float, until: float, *, complaint: bool) -> None:
        """Nothing goes before ``until``; then the lane comes back from a tenth of its pace.

        A ``complaint`` teaches a ceiling, unless the lane is still coming back from an earlier one.
        """
        now = self._now()
        if self.return_to is None:
            if complaint:
                self._meet_ceiling(now, at)
                self._careful = True
            self.return_to = now / 2 if complaint else now
        self._hold_to(min(now, max(SLOWEST, now * _FIRST_RETURN)))
        self.hold(until)

    def hold(self, until: float) -> None:
        """Time without sending is not clean time."""
        if until > self._clean_since:
            self._begin_minute(until)

    def succeed(self) -> None:
        """A message was accepted."""
        self._proven = True

    def recover(self, at: float) -> bool:
        """Let clean minutes pass; whether the pace changed."""
        if self._ceiling.is_outdated(at):
            self._ceiling.forget()
            self._careful = False
        before = self.pace
        while self.pace is not None and at - self._clean_since >= _MINUTE:
            proven, pace = self._proven, self.pace
            self._begin_minute(self._clean_since + _MINUTE)
            self._step_up(pace, proven=proven)
            if self.pace == pace and not self._may_step_later():
                self._begin_minute(self._clean_since + (at - self._clean_since) // _MINUTE * _MINUTE)
        return self.pace != before

    def change(self, base: float | None, at: float) -> None:
        """Another limit. A higher one does not jump over what was learned.

        After a block it goes on from the lower one step by step: nobody saw how the lane came back meanwhile.
        """
        if base == self.base:
            return
        before, self.base = self._now(), base
        ceiling = self._ceiling
        if self.pace is not None or ceiling.pace is None or (base is not None and base <= before):
            return
        if self._careful and before < ceiling.pace / 2:
            self.return_to = ceiling.pace / 2
        self._hold_to(before if self._careful else max(before, ceiling.just_under))
        self._begin_minute(at)

    def memory(self, at: float) -> PaceMemory:
        """What the next one must know."""
        ceiling = self._ceiling
        return PaceMemory(
            pace=self.pace,
            ceiling=ceiling.pace,
            ceiling_ago=at - ceiling.at,
            confirmed=ceiling.confirmed,
            return_to=self.return_to,
            clean_for=at - self._clean_since,
            slowed_ago=at - self._slowed_at,
            rest_left=max(0.0, ceiling.rest_until - at),
            proven=self._proven,
            careful=self._careful,
            bold=ceiling.bold,
            base=self.base,
        )

    @property
    def _is_near_ceiling(self) -> bool:
        return self.pace is not None and self.pace >= self._ceiling.just_under

    def _now(self) -> float:
        allowed = self.allowed
        return UNLIMITED_PACE if allowed is None else allowed

    def _hold_to(self, pace: float) -> None:
        self.pace = None if self.base is not None and pace >= self.base else pace
        if self.pace is None:
            self.return_to = None

    def _begin_minute(self, at: float) -> None:
        self._clean_since = at
        self._proven = False

    def _meet_ceiling(self, pace: float, at: float) -> None:
        # without a limit nobody knows how fast it really went
        if self.base is not None and at - self._slowed_at >= _SAME_COMPLAINT:
            self._ceiling.meet(pace, at)

    def _step_up(self, pace: float, *, proven: bool) -> None:
        if self.return_to is not None:
            if proven:
                self._return(pace * 2, self.return_to)
        elif self.base is None:
            if proven:
                self.pace = pace * 2 if pace * 2 < _FREE else None
        elif self._ceiling.pace is None:
            self._hold_to(pace + _STEP * self.base)
        elif not self._is_near_ceiling:
            if proven or not self._careful:
                self._approach(pace, self._ceiling.pace)
        elif proven and self._clean_since >= self._ceiling.rest_until:
            self._hold_to(self._ceiling.probe(pace))

    def _return(self, pace: float, goal: float) -> None:
        if pace >= goal:
            pace, self.return_to = goal, None
            self._ceiling.rest(self._clean_since)
        self._hold_to(pace)

    def _approach(self, pace: float, ceiling: float) -> None:
        step = _CAREFUL_STEP if self._careful else _QUICK_STEP
        self._hold_to(min(self._ceiling.just_under, pace + step * ceiling))
        if self._is_near_ceiling:
            self._ceiling.rest(self._clean_since)

    def _may_step_later(self) -> bool:
        """Whether waiting alone brings the next step."""
        if self.return_to is not None or self.base is None:
            return False
        return self._ceiling.pace is None or not (self._is_near_ceiling or self._careful)
