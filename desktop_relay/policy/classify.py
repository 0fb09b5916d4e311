"""The judgement on one exchange: what becomes of the recipient, and what the lane learns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.effect import Effect, EffectKind, Verdict
from desktop_relay.domain.exchange import OPENING, Exchange, Failure, Stage
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.reply import Reply
from desktop_relay.domain.route import RouteKind
from desktop_relay.policy.profiles import Directory
from desktop_relay.policy.reactions import CONNECT_FAILURE, FINAL_REASONS
from desktop_relay.policy.retry import parse_hint, plan_retry

_JAPAN = timezone(timedelta(hours=9))  # carriers date their changes in Japanese time

_LOST = {Failure.RESET, Failure.TIMEOUT, Failure.CLOSED}

FAILURE_REASONS: Mapping[Failure, Reason] = {
    Failure.REFUSED: Reason.CONNECT_REFUSED,
    Failure.RESET: Reason.CONNECTION_LOST,
    Failure.TIMEOUT: Reason.CONNECT_TIMEOUT,
    Failure.UNREACHABLE: Reason.UNREACHABLE,
    Failure.CLOSED: Reason.CONNECTION_LOST,
    Failure.GARBLED: Reason.PROTOCOL,
    Failure.NO_SUCH_DOMAIN: Reason.NO_SUCH_DOMAIN,
    Failure.NULL_MX: Reason.NULL_MX,
    Failure.NO_ADDRESS: Reason.NO_ADDRESS,
    Failure.DNS_TEMPORARY: Reason.DNS_TEMPORARY,
    Failure.TLS_NOT_OFFERED: Reason.TLS_NOT_OFFERED,
    Failure.TLS_FAILED: Reason.TLS_FAILED,
    Failure.TLS_LOST: Reason.TLS_LOST,
    Failure.MTA_STS_FAILED: Reason.MTA_STS_FAILED,
    Failure.DANE_FAILED: Reason.DANE_FAILED,
    Failure.REQUIRETLS_NOT_OFFERED: Reason.REQUIRETLS_NOT_OFFERED,
    Failure.AUTH_NOT_OFFERED: Reason.LOGIN_FAILED,
    Failure.NO_PASSWORD: Reason.PASSWORD_MISSING,
    Failure.SIGN_IN_NEEDED: Reason.SIGN_IN_NEEDED,
    Failure.TOKEN_UNAVAILABLE: Reason.TOKEN_UNAVAILABLE,
    Failure.TOO_BIG: Reason.TOO_BIG,
    Failure.NOT_ENCODABLE: Reason.NOT_ENCODABLE,
}
"""What a failure without a reply means to people."""

_NAMES = frozenset({Failure.NO_SUCH_DOMAIN, Failure.NULL_MX, Failure.NO_ADDRESS})
"""What name servers say about a domain that takes no mail."""

_RECIPIENTS_OWN = frozenset(
    {Failure.NO_SUCH_DOMAIN, Failure.NULL_MX, Failure.NO_ADDRESS, Failure.TOO_BIG, Failure.NOT_ENCODABLE}
)
"""Failures that the same message to the same recipient meets again."""

_DOMAINS_OWN = frozenset({Failure.DNS_TEMPORARY, Failure.MTA_STS_FAILED, Failure.REQUIRETLS_NOT_OFFERED})
"""Failures that say nothing of the hosts: other domains in the lane are not held up for them."""

_ACCOUNT_STOPS: Mapping[Failure, PauseReason] = {
    Failure.TLS_NOT_OFFERED: PauseReason.TLS_REFUSED,
    Failure.TLS_FAILED: PauseReason.TLS_REFUSED,
    Failure.REQUIRETLS_NOT_OFFERED: PauseReason.TLS_REFUSED,
    Failure.AUTH_NOT_OFFERED: PauseReason.LOGIN_FAILED,
    Failure.NO_PASSWORD: PauseReason.PASSWORD_MISSING,
    Failure.SIGN_IN_NEEDED: PauseReason.SIGN_IN_NEEDED,
}
"""On an account's server these are the same for everybody, so the campaign waits for its owner."""


@dataclass(frozen=True, slots=True)
class _Finding:
    reason: Reason
    disposition: Disposition
    effect: Effect = field(default_factory=Effect)


def judge(  # noqa: PLR0913
    exchange: Exchange,
    *,
    lane: str,
    directory: Directory,
    attempts: int,
    at: datetime,
    expires_at: datetime | None,
    route_kind: RouteKind,
    jitter: float,
    speed: float = 1.0,
) -> Verdict:
    """Judge attempt number ``attempts`` (from 1) of a recipient of ``lane`` at the aware time ``at``.

    ``jitter`` in [0, 1) spreads the retry, ``speed`` divides it. A deferral whose next try would fall after
    ``expires_at`` is ``expired``. On a smarthost, what concerns the account stops the campaign.
    """
    finding = _accepted(exchange) or _by_rule(exchange, lane, directory, attempts, at, route_kind)
    if finding is None:
        finding = (
            _by_failure(exchange, route_kind, known=lane in directory.profiles)
            if exchange.reply is None
            else _by_code(exchange.reply, exchange.stage)
        )
    retry_after = None
    if finding.disposition is Disposition.DEFERRED:
        hint = parse_hint(exchange.reply.text) if exchange.reply is not None else None
        retry_after = plan_retry(finding.reason, attempts, jitter, hint) / speed
        if expires_at is not None and at + retry_after > expires_at:
            finding = _Finding(Reason.EXPIRED, Disposition.EXPIRED, finding.effect)
            retry_after = None
    return Verdict(_outcome(exchange, finding, retry_after), finding.effect)


def _accepted(exchange: Exchange) -> _Finding | None:
    """The two ends that need no rules: the next hop took it, or nobody can say whether it did."""
    if exchange.message_may_have_been_taken:
        # RFC 5321 4.5.3.2.6: to try again could deliver it twice.
        return _Finding(Reason.LOST_AFTER_DATA, Disposition.UNKNOWN, CONNECT_FAILURE)
    if exchange.stage is Stage.DOT and exchange.reply is not None and exchange.reply.positive:
        return _Finding(Reason.ACCEPTED, Disposition.ACCEPTED, Effect(EffectKind.SUCCESS))
    return None


def _by_rule(
    exchange: Exchange, lane: str, directory: Directory, attempts: int, at: datetime, route: RouteKind
) -> _Finding | None:
    """What the first rule that fits says."""
    day = at.astimezone(_JAPAN).date()
    for rule in directory.rules_of_lane(lane):
        if rule.fits(exchange, route, attempts, day):
            usual = _disposition(exchange.reply, rule.reason)
            stops = rule.effect.kind is EffectKind.STOP_CAMPAIGN
            usual = Disposition.DEFERRED if stops else usual
            return _Finding(rule.reason, rule.disposition or usual, rule.effect)
    return None


def _disposition(reply: Reply | None, reason: Reason) -> Disposition:
    """Only a permanent reply can bounce; codes nobody defined count as temporary (RFC 5321 4.2.1)."""
    final = reply is not None and reply.permanent and reason in FINAL_REASONS
    return Disposition.BOUNCED if final else Disposition.DEFERRED


def _by_code(reply: Reply, stage: Stage) -> _Finding:
    """A reply that no rule knows."""
    if stage in OPENING:
        return _Finding(Reason.SERVER_BUSY, Disposition.DEFERRED, CONNECT_FAILURE)
    reason = Reason.OTHER_PERMANENT if reply.permanent else Reason.OTHER_TEMPORARY
    return _Finding(reason, _disposition(reply, reason))


def _by_failure(exchange: Exchange, route: RouteKind, *, known: bool) -> _Finding:
    """No reply: the way there failed. ``known`` means that a carrier of ours takes the lane's mail."""
    failure = exchange.failure or Failure.GARBLED
    reason = FAILURE_REASONS[failure]
    if route is RouteKind.SMARTHOST:
        stop = _ACCOUNT_STOPS.get(failure)
        if stop is not None:
            effect = Effect(EffectKind.STOP_CAMPAIGN, pause_reason=stop)
            return _Finding(reason, Disposition.DEFERRED, effect)
        if exchange.stage is Stage.RESOLVE:
            # It is the account's server that has no address, not the recipient's domain.
            reason = Reason.DNS_TEMPORARY if failure is Failure.DNS_TEMPORARY else Reason.UNREACHABLE
            return _Finding(reason, Disposition.DEFERRED, CONNECT_FAILURE)
    if known and failure in _NAMES:
        # docomo.ne.jp does not vanish; a captive portal's or a provider's name server says so
        return _Finding(Reason.DNS_TEMPORARY, Disposition.DEFERRED)
    if failure in _RECIPIENTS_OWN:
        return _Finding(reason, Disposition.BOUNCED)
    if failure in _DOMAINS_OWN:
        return _Finding(reason, Disposition.DEFERRED)
    if failure in _LOST and exchange.stage not in OPENING:
        reason = Reason.CONNECTION_LOST
    return _Finding(reason, Disposition.DEFERRED, CONNECT_FAILURE)


def _outcome(exchange: Exchange, finding: _Finding, retry_after: timedelta | None) -> Outcome:
    reply = exchange.reply
    return Outcome(
        disposition=finding.disposition,
        reason=finding.reason,
        stage=exchange.stage,
        code=reply.code if reply is not None else None,
        enhanced=str(reply.enhanced) if reply is not None and reply.enhanced is not None else None,
        text=reply.text if reply is not None else exchange.detail,
        host=exchange.host,
        tls=exchange.tls,
        retry_after=retry_after,
        transcript=exchange.transcript,
    )
