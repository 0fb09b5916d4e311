"""Which account of a pool a message goes over: rules first, then turns by weight."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.exchange import OPENING, Exchange, Failure, Stage
from desktop_relay.domain.route import Member, Route, RouteKind, RoutingRule

_UNITS = {"": 1, "B": 1, "K": 1000, "KB": 1000, "M": 1_000_000, "MB": 1_000_000}
_SIZE = re.compile(r"(\d{1,9})(B|KB?|MB?)?", re.IGNORECASE)
_ONLY = " only"
_QUOTED = re.compile(r'"((?:[^"]|"")+)"( only)?')
_LOST = frozenset({Failure.RESET, Failure.CLOSED, Failure.TIMEOUT})


@dataclass(frozen=True, slots=True)
class Mail:
    """What rules look at."""

    lane: str
    sender: str
    octets: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Members to try: ``first`` as long as it is able, then the ``others``; ``keep`` of its day it leaves."""

    first: str = ""
    others: tuple[str, ...] = ()
    keep: int = 0


def plan_choice(rules: Iterable[RoutingRule], members: Sequence[str], mail: Mail) -> Choice:
    """What the first rule says that fits; without one, all members in turn. Pure."""
    for rule in rules:
        if rule.to in members and fits(rule, mail):
            others = () if rule.only else tuple(name for name in members if name != rule.to)
            return Choice(rule.to, others, rule.keep)
    return Choice(others=tuple(members))


def fits(rule: RoutingRule, mail: Mail) -> bool:
    """Whether every condition of the rule holds."""
    if rule.lanes and mail.lane not in rule.lanes:
        return False
    if rule.over_octets is not None and mail.octets <= rule.over_octets:
        return False
    return not rule.senders or any(_is_sender(mail.sender, sender) for sender in rule.senders)


def _is_sender(address: str, wanted: str) -> bool:
    address, wanted = address.lower(), wanted.lower()
    return address.endswith(wanted) if wanted.startswith("@") else address == wanted


class Turns:
    """Members take turns by weight, evenly mixed: of any run of mail each has its share, give or take one
    for each member. Who is not able is passed over and claims nothing for it afterwards.
    """

    def __init__(self, weights: Mapping[str, int]) -> None:
        self._weights = dict(weights)
        self._credit = dict.fromkeys(weights, 0)

    def change(self, weights: Mapping[str, int]) -> None:
        """Other members or weights, from now on."""
        self._weights = dict(weights)
        self._credit = {name: self._credit.get(name, 0) for name in weights}

    def take(self, able: Sequence[str], admits: Callable[[str], bool]) -> str | None:
        """The next of ``able`` whose turn it is and who ``admits`` one message; ``None`` when none does."""
        weights, credit = self._weights, self._credit
        for name in sorted(able, key=lambda name: credit[name] + weights[name], reverse=True):
            if admits(name):
                for other in able:
                    credit[other] += weights[other]
                credit[name] -= sum(weights[other] for other in able)
                return name
        return None


def concerns_account(exchange: Exchange) -> bool:
    """Whether this speaks of the account's server rather than of one recipient or message.

    Nothing came about before MAIL, MAIL was put off, or the connection broke.
    """
    if exchange.stage in OPENING:
        return exchange.reply is None or not exchange.reply.positive
    if exchange.failure is not None:
        return exchange.failure in _LOST
    return exchange.stage is Stage.MAIL and exchange.reply is not None and exchange.reply.temporary


def may_fail_over(exchange: Exchange) -> bool:
    """Whether the message may go over another account at once: nothing of it can have been taken.

    RFC 5321 4.1.1.4: a server takes a message only after its final dot; once that is out, nobody can say.
    """
    if exchange.message_may_have_been_taken:
        return False
    return exchange.reply is None or not exchange.reply.positive or exchange.stage is not Stage.DOT


def parse_member(text: str) -> Member:
    """``NAME`` or ``NAME:WEIGHT``; raises ``BadInput`` (``value_invalid``)."""
    name, colon, weight = text.rpartition(":")
    if not colon or not weight.isdecimal():
        name, weight = text, "1"
    if not name.strip() or not 1 <= int(weight) <= 1000:
        raise BadInput(ErrorCode.VALUE_INVALID, field="members", value=text)
    return Member(name.strip(), int(weight))


def parse_rule(text: str) -> RoutingRule:
    """``[lane:KEY] [from:ADDRESS|@DOMAIN] [over:SIZE] [keep:N] -> MEMBER [only]``.

    Lanes and senders may stand more than once; SIZE is octets, or has K or M behind it. What stands in
    quotation marks is the member's name as it is, each mark in it doubled. Raises ``BadInput``
    (``value_invalid``).
    """
    conditions, arrow, target = text.partition("->")
    name, only = _parse_target(target.strip())
    lanes, senders, over, keep = [], [], None, 0
    for word in conditions.split():
        key, _, value = word.partition(":")
        match key:
            case "lane" if value:
                lanes.append(value)
            case "from" if "@" in value:
                senders.append(value)
            case "over" if size := _SIZE.fullmatch(value):
                over = int(size[1]) * _UNITS[(size[2] or "").upper()]
            case "keep" if value.isdecimal():
                keep = int(value)
            case _:
                raise BadInput(ErrorCode.VALUE_INVALID, field="rules", value=text)
    if not arrow or not name:
        raise BadInput(ErrorCode.VALUE_INVALID, field="rules", value=text)
    return RoutingRule(name, tuple(lanes), tuple(senders), over, keep, only)


def _parse_target(text: str) -> tuple[str, bool]:
    if quoted := _QUOTED.fullmatch(text):
        return quoted[1].replace('""', '"'), bool(quoted[2])
    return text.removesuffix(_ONLY).strip(), text.endswith(_ONLY)


def _format_target(name: str) -> str:
    """In quotation marks where it would be read as something else."""
    is_plain = not name.startswith('"') and not name.endswith(_ONLY)
    return name if is_plain else '"' + name.replace('"', '""') + '"'


def format_rule(rule: RoutingRule) -> str:
    """The text that ``parse_rule`` reads back."""
    words = [f"lane:{lane}" for lane in rule.lanes]
    words += [f"from:{sender}" for sender in rule.senders]
    words += [f"over:{rule.over_octets}"] if rule.over_octets is not None else []
    words += [f"keep:{rule.keep}"] if rule.keep else []
    return " ".join([*words, "->", _format_target(rule.to), *(["only"] if rule.only else [])])


def problems_of(route: Route, known: Mapping[str, Route]) -> Iterator[tuple[str, str]]:
    """What is wrong with a pool, its rules or a fallback: the field, and the value that is not right.

    ``known`` are the other routes by name.
    """
    if route.kind is RouteKind.POOL and not route.members:
        yield "members", ""
    if route.kind is not RouteKind.POOL and (route.members or route.rules):
        yield "members", route.name
    names = [member.route for member in route.members]
    for name in names:
        member = known.get(name)
        if member is None or member.kind is not RouteKind.SMARTHOST or names.count(name) > 1:
            yield "members", name
    for rule in route.rules:
        size = rule.over_octets
        if rule.to not in names or rule.keep < 0 or (size is not None and size < 0):
            yield "rules", format_rule(rule)
    if route.fallback:
        target = known.get(route.fallback)
        usable = target is not None and target.kind in (RouteKind.SMARTHOST, RouteKind.POOL)
        if route.kind is not RouteKind.DIRECT or not usable:
            yield "fallback", route.fallback
