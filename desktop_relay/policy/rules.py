"""A rule: a dated, stage-aware shape of a reply, with the reason it stands for and the lane's reaction."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.reply import Reply
from desktop_relay.domain.route import RouteKind
from desktop_relay.policy.reactions import EFFECTS, lane_reason_of
from desktop_relay.policy.table import Table

_KEYS = frozenset(
    {
        "stages",
        "routes",
        "codes",
        "enhanced",
        "text",
        "failures",
        "since",
        "until",
        "first_attempts",
        "reason",
        "disposition",
        "effect",
        "pause_minutes",
        "messages_per_minute",
        "pause_reason",
        "source",
        "note",
    }
)
_CODE = re.compile(r"[2-5](?:yz|[0-9]z|[0-9]{2})")  # reply code digits as RFC 5321 4.2.1 names them
_READ = 2_000  # characters of a reply that are looked at


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape and its meaning; an empty condition holds for anything.

    ``codes`` are leading digits, ``since`` (inclusive) and ``until`` (exclusive) days of Japanese time.
    ``first_attempts`` limits the rule to so many attempts. ``failures`` make it a rule about missing replies.
    ``disposition`` overrides what the reply's class and the reason say together.
    """

    reason: Reason
    effect: Effect = field(default_factory=Effect)
    disposition: Disposition | None = None
    stages: frozenset[Stage] = frozenset()
    routes: frozenset[RouteKind] = frozenset()
    codes: tuple[str, ...] = ()
    enhanced: re.Pattern[str] | None = None
    text: re.Pattern[str] | None = None
    failures: frozenset[Failure] = frozenset()
    since: date | None = None
    until: date | None = None
    first_attempts: float | None = None

    def fits(self, exchange: Exchange, route: RouteKind, attempts: int, day: date) -> bool:
        """Whether the rule speaks about this exchange."""
        if (self.stages and exchange.stage not in self.stages) or (self.routes and route not in self.routes):
            return False
        if self.first_attempts is not None and attempts > self.first_attempts:
            return False
        if (self.since is not None and day < self.since) or (self.until is not None and day >= self.until):
            return False
        if exchange.reply is None:
            return exchange.failure in self.failures
        return not self.failures and self._fits_reply(exchange.reply)

    def _fits_reply(self, reply: Reply) -> bool:
        if self.codes and not str(reply.code).startswith(self.codes):
            return False
        if self.enhanced is not None and self.enhanced.fullmatch(str(reply.enhanced or "")) is None:
            return False
        return self.text is None or self.text.search(reply.text[:_READ]) is not None


def parse_rule(table: Table) -> Rule:
    """The rule a table describes; raises ``BadInput`` (``profile_invalid``)."""
    table.allow(_KEYS)
    reason = table.choice("reason", Reason)
    rule = Rule(
        reason=reason,
        effect=_parse_effect(table, reason),
        disposition=table.choice("disposition", Disposition) if "disposition" in table.content else None,
        stages=table.choices("stages", Stage),
        routes=table.choices("routes", RouteKind),
        codes=_parse_codes(table),
        enhanced=table.pattern("enhanced"),
        text=table.pattern("text"),
        failures=table.choices("failures", Failure),
        since=table.day("since"),
        until=table.day("until"),
        first_attempts=table.number("first_attempts"),
    )
    if rule.disposition not in (None, Disposition.DEFERRED, Disposition.BOUNCED):
        raise table.refusal("disposition", "must be deferred or bounced")
    by_reply = bool(rule.codes or rule.enhanced or rule.text)
    if by_reply == bool(rule.failures):
        raise table.refusal("", "needs either codes, enhanced or text, or failures")
    if rule.since is not None and rule.until is not None and rule.since >= rule.until:
        raise table.refusal("until", "must be after since")
    for key in ("source", "note"):
        table.text(key, "")
    return rule


def _parse_codes(table: Table) -> tuple[str, ...]:
    codes = table.texts("codes")
    for code in codes:
        if _CODE.fullmatch(code) is None:
            raise table.refusal("codes", f"{code[:10]!r} is no reply code like 550 or 5yz")
    return tuple(code.rstrip("yz") for code in codes)


def _parse_effect(table: Table, reason: Reason) -> Effect:
    minutes = table.number("pause_minutes")
    per_minute = table.number("messages_per_minute")
    usual = EFFECTS.get(reason, Effect())
    kind = table.choice("effect", EffectKind, usual.kind)
    if kind is not usual.kind:
        usual = Effect()
    stops = table.choice("pause_reason", PauseReason, usual.pause_reason)
    if minutes is not None and (kind is not EffectKind.SUSPEND or minutes > 100_000):
        raise table.refusal("pause_minutes", "belongs to the effect suspend, at most 100000")
    if per_minute is not None and kind is not EffectKind.SLOW:
        raise table.refusal("messages_per_minute", "belongs to the effect slow")
    if (kind is EffectKind.STOP_CAMPAIGN) != (stops is not PauseReason.NONE):
        raise table.refusal("pause_reason", "belongs to the effect stop_campaign, and only there")
    paced = kind in (EffectKind.SLOW, EffectKind.SUSPEND, EffectKind.FEWER_CONNECTIONS)
    return Effect(
        kind=kind,
        pause=timedelta(minutes=minutes) if minutes is not None else usual.pause,
        rate=per_minute / 60 if per_minute is not None else None,
        pause_reason=stops,
        reason=lane_reason_of(reason) if paced else LaneReason.NONE,
    )
