"""How a pool's mail is spread over its accounts: by rules, by weight, and around those that rest."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.route import Route
from desktop_relay.engine.egress import Egress
from desktop_relay.policy.routing import Choice, Mail, Turns, plan_choice

CROWDED_SECONDS = 0.05
"""When all connections are at work, somebody asks again so soon."""

_UNUSABLE_SECONDS = 3600.0
"""An account without its password is looked at again when settings change, or so much later."""


class Spread:
    """Chooses an account for each message of a pool. ``at`` is seconds of the line's clock."""

    def __init__(self, route: Route, egresses: Sequence[Egress]) -> None:
        given = {member.route: member.weight for member in route.members}
        self._egresses = {egress.name: egress for egress in egresses}
        self._names = tuple(self._egresses)
        self._rules = route.rules
        self._weights = {name: given.get(name, 1) for name in self._names}
        self._turns = Turns(self._weights)

    @property
    def has_rules(self) -> bool:
        """Whether not all mail may go over all accounts."""
        return bool(self._rules)

    def choice(self, mail: Mail) -> Choice:
        """The accounts that it goes over, by the rules."""
        return plan_choice(self._rules, self._names, mail)

    def weight(self, name: str) -> int:
        """An account's share of the turns."""
        return self._weights[name]

    def assign(self, mail: Mail, at: float) -> Egress | float:
        """The account that takes the message, admitted there; else the seconds after which to ask again."""
        choice = self.choice(mail)
        waits: list[float] = []

        def admits(name: str) -> bool:
            wait = self._admit(name, at, choice)
            if wait > 0:
                waits.append(wait)
            return wait == 0.0

        # a rule's account is waited for while it only has its pace to keep, and left when it is closed
        if choice.first and self._closed_for(choice.first, at, choice.keep) == 0.0:
            return self._egresses[choice.first] if admits(choice.first) else waits[0]
        able = [name for name in choice.others if self._closed_for(name, at) == 0.0]
        name = self._turns.take(able, admits)
        if name is not None:
            return self._egresses[name]
        return min(waits, default=self.closed_for(mail, at))

    def is_held(self, mail: Mail, at: float) -> bool:
        """Whether the pace of the accounts that it goes over now, or of none, lets no message go."""
        choice = self.choice(mail)
        is_first = choice.first and self._closed_for(choice.first, at, choice.keep) == 0.0
        names = (choice.first,) if is_first else choice.others
        open_ = (self._egresses[name].governor for name in names if self._closed_for(name, at) == 0.0)
        return all(governor is not None and governor.wait(at) > 0 for governor in open_)

    def free_connections(self, at: float) -> int:
        """How many more may be put to work now."""
        return sum(
            max(0, egress.connections(at) - egress.busy)
            for name, egress in self._egresses.items()
            if self._closed_for(name, at) == 0.0
        )

    def closed_for(self, mail: Mail | None, at: float) -> float:
        """Seconds until any account takes this mail, or any at all; 0.0 when one does."""
        return self._closed(mail, at)[0]

    def why_closed(self, mail: Mail | None, at: float) -> LaneReason:
        """What the account says that opens first."""
        name = self._closed(mail, at)[1]
        egress = self._egresses.get(name)
        return LaneReason.ACCOUNTS_RESTING if egress is None else egress.why_closed(at)

    def has_other(self, than: Egress, mail: Mail, at: float) -> bool:
        """Whether another account could take the message."""
        choice = self.choice(mail)
        return any(
            name and name != than.name and self._closed_for(name, at) == 0.0
            for name in (choice.first, *choice.others)
        )

    def pace(self) -> float | None:
        """Messages per second of all accounts together, ``None`` without a limit."""
        paces = [e.governor.pace_allowed for e in self._egresses.values() if e.governor is not None]
        known = [pace for pace in paces if pace is not None]
        return sum(known) if len(known) == len(paces) else None

    def _closed(self, mail: Mail | None, at: float) -> tuple[float, str]:
        choice = Choice(others=self._names) if mail is None else self.choice(mail)
        # one that is of no use opens for nobody before settings change
        waits = [(self._closed_for(name, at), name) for name in choice.others if self._is_usable(name)]
        if choice.first and self._is_usable(choice.first):
            waits.append((self._closed_for(choice.first, at, choice.keep), choice.first))
        return min(waits, default=(_UNUSABLE_SECONDS, ""))

    def _admit(self, name: str, at: float, choice: Choice) -> float:
        egress = self._egresses[name]
        if egress.busy >= egress.connections(at):
            return CROWDED_SECONDS
        return egress.admit(at, choice.keep if name == choice.first else 0)

    def _closed_for(self, name: str, at: float, keep: int = 0) -> float:
        return self._egresses[name].closed_for(at, keep) if self._is_usable(name) else _UNUSABLE_SECONDS

    def _is_usable(self, name: str) -> bool:
        return self._egresses[name].problem is PauseReason.NONE
