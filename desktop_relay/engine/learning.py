"""What an attempt teaches: the lane, its account, the watch on port 25, and when the message goes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.effect import Effect, EffectKind, Verdict
from desktop_relay.domain.exchange import OPENING, Exchange
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.engine.egress import Egress
from desktop_relay.engine.uplink import Uplink
from desktop_relay.policy.port25 import Port25Watch
from desktop_relay.policy.routing import Mail, concerns_account, may_fail_over

if TYPE_CHECKING:
    from desktop_relay.engine.line import Line
    from desktop_relay.engine.stream import Parcel

AFTER_CHANGE = timedelta(seconds=5)
"""A message that the network lost is due again so much later, if there is a network then."""

FAIL_OVER = timedelta(seconds=1)
"""A message that one account could not take goes over another one so much later."""


class Learning:
    """One for each line. ``uplink`` tells what failed by the network alone."""

    def __init__(self, line: Line, uplink: Uplink | None) -> None:
        self._line = line
        self._uplink = uplink

    def learn(self, parcel: Parcel, exchange: Exchange, verdict: Verdict, at: float) -> Verdict:
        """Who learns what from an attempt; a message that another account may take goes there soon."""
        egress, lane, effect = parcel.egress or self._line.egresses[0], parcel.stream.lane, verdict.effect
        if self._uplink is not None and self._uplink.excuses(exchange, parcel.era):
            return self._cut_off(egress, verdict, self._uplink.patience(parcel.era), at)
        opening = exchange.stage in OPENING
        is_down = opening and effect.reason is LaneReason.CONNECT_FAILURES
        if egress.governor is not None and not is_down and (opening or effect.kind is EffectKind.SUCCESS):
            # what happens before MAIL on an account's server concerns the account, not the carrier
            egress.learn(effect, at)
        watch = egress.port25
        is_blocked = watch is not None and egress.notice(exchange, at)
        if watch is not None and is_blocked and verdict.outcome.disposition is Disposition.DEFERRED:
            return self._behind_port25(watch, verdict)
        if egress.governor is None or not opening:
            egress.allowance.hear(verdict.outcome, effect, at)
        if egress.governor is not None and self._trouble(egress, exchange, effect, at):
            egress.trouble = verdict.outcome.reason
            deferred = verdict.outcome.disposition is Disposition.DEFERRED
            if deferred and may_fail_over(exchange) and self._has_other(egress, parcel, at):
                return Verdict(replace(verdict.outcome, retry_after=FAIL_OVER))
        if egress.governor is None or not opening:
            lane.learn(effect, verdict.outcome.reason, at)
        return verdict

    def _cut_off(self, egress: Egress, verdict: Verdict, patience: float, at: float) -> Verdict:
        """The network failed, not the other side: nobody learns, and what was not sent goes soon."""
        if patience > 0:
            egress.cut_off(at, patience)
        # on a network that lets nothing through, name servers lie, too
        if verdict.outcome.disposition not in (Disposition.DEFERRED, Disposition.BOUNCED):
            return Verdict(verdict.outcome)
        soon = AFTER_CHANGE / self._line.speed
        outcome = replace(verdict.outcome, disposition=Disposition.DEFERRED, reason=Reason.NO_NETWORK)
        return Verdict(replace(outcome, retry_after=soon))

    def _behind_port25(self, watch: Port25Watch, verdict: Verdict) -> Verdict:
        """Nothing gets out to port 25: over the fallback, or a person has to know."""
        if self._line.fallback is not None:
            return Verdict(replace(verdict.outcome, reason=Reason.PORT25_BLOCKED, retry_after=FAIL_OVER))
        watch.forget()  # whoever resumes wants it tried again
        stop = Effect(EffectKind.STOP_CAMPAIGN, pause_reason=PauseReason.PORT25_BLOCKED)
        return Verdict(replace(verdict.outcome, reason=Reason.PORT25_BLOCKED), stop)

    def _trouble(self, egress: Egress, exchange: Exchange, effect: Effect, at: float) -> bool:
        """Whether the attempt shows that the account is of no use now; it rests then.

        One that stands alone is asked as long as its server answers: what it says holds for the lane or stops
        the campaign, and there is no other that could take the mail meanwhile.
        """
        if effect.kind is EffectKind.SUCCESS:
            egress.health.succeed(at)
            return False
        if self._line.spread is None:
            useless = exchange.stage in OPENING and effect.reason is LaneReason.CONNECT_FAILURES
        else:
            useless = concerns_account(exchange) or effect.kind is EffectKind.STOP_CAMPAIGN
        if useless:
            egress.fail(at)
        return useless

    def _has_other(self, egress: Egress, parcel: Parcel, at: float) -> bool:
        spread = self._line.spread
        return spread is not None and spread.has_other(egress, mail_of(parcel), at)


def mail_of(parcel: Parcel) -> Mail:
    """What routing rules see of it."""
    message = parcel.message
    sender = parcel.stream.run.submitted.snapshot.identity.address
    return Mail(parcel.stream.lane.key, sender, len(message.content))
