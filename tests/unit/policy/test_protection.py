"""What a host must show: the strictest demand holds, and what follows when it is not met."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.effect import EffectKind
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.route import RouteKind
from desktop_relay.engine.engine import load_carriers
from desktop_relay.policy.classify import judge
from desktop_relay.policy.protection import (
    DEMAND_FAILURES,
    Demand,
    HostFacts,
    StsStanding,
    TlsaStanding,
    plan_demand,
)

NONE, NAMED, NOT_NAMED = StsStanding.NONE, StsStanding.NAMED, StsStanding.NOT_NAMED
NOW = datetime(2026, 3, 1, tzinfo=UTC)
CARRIERS = load_carriers()


@pytest.mark.parametrize(
    ("facts", "demand"),
    [
        (HostFacts(), Demand.ANY),
        (HostFacts(remembered=True), Demand.REMEMBERED),
        (HostFacts(required=True), Demand.ENCRYPTED),
        (HostFacts(required=True, remembered=True), Demand.ENCRYPTED),
        (HostFacts(tlsa=TlsaStanding.UNUSABLE), Demand.ENCRYPTED),
        (HostFacts(sts=NAMED, remembered=True), Demand.MTA_STS),
        (HostFacts(sts=NAMED, tlsa=TlsaStanding.UNUSABLE), Demand.MTA_STS),
        (HostFacts(sts=NOT_NAMED), Demand.NOT_NAMED),
        # DANE beats MTA-STS both ways
        (HostFacts(sts=NAMED, tlsa=TlsaStanding.USABLE), Demand.DANE),
        (HostFacts(sts=NOT_NAMED, tlsa=TlsaStanding.USABLE), Demand.DANE),
        (HostFacts(requiretls=True), Demand.UNPROVEN),
        (HostFacts(requiretls=True, required=True, remembered=True), Demand.UNPROVEN),
        (HostFacts(requiretls=True, proven=True), Demand.CERTIFICATE),
        (HostFacts(requiretls=True, proven=True, sts=NAMED), Demand.MTA_STS),
        (HostFacts(requiretls=True, proven=True, tlsa=TlsaStanding.USABLE), Demand.DANE),
    ],
)
def test_demands(facts: HostFacts, demand: Demand) -> None:
    assert plan_demand(facts) is demand


FACTS = st.builds(
    HostFacts,
    required=st.booleans(),
    remembered=st.booleans(),
    requiretls=st.booleans(),
    proven=st.booleans(),
    tlsa=st.sampled_from(TlsaStanding),
    sts=st.sampled_from(StsStanding),
)


@given(FACTS)
def test_plain_text_only_where_nothing_speaks_for_encryption(facts: HostFacts) -> None:
    nothing = not (facts.required or facts.remembered or facts.requiretls)
    nothing = nothing and facts.tlsa is TlsaStanding.NONE and facts.sts is NONE
    assert (plan_demand(facts) is Demand.ANY) is nothing


@pytest.mark.parametrize("failure", sorted({*DEMAND_FAILURES.values(), Failure.REQUIRETLS_NOT_OFFERED}))
def test_unmet_demands_wait_and_never_bounce(failure: Failure) -> None:
    verdict = judge(
        Exchange(Stage.STARTTLS, failure=failure, detail="words"),
        lane="lane.example",
        directory=CARRIERS,
        attempts=1,
        at=NOW,
        expires_at=NOW + timedelta(days=2),
        route_kind=RouteKind.DIRECT,
        jitter=0.5,
    )
    outcome = verdict.outcome
    assert (outcome.disposition, outcome.reason) == (Disposition.DEFERRED, Reason(failure.value))
    assert outcome.retry_after is not None
    # a host that fails is left in peace; a domain that asks for more than others holds up nobody else
    of_the_host = failure in (Failure.TLS_LOST, Failure.DANE_FAILED)
    assert verdict.effect.kind is (EffectKind.FEWER_CONNECTIONS if of_the_host else EffectKind.NONE)


def test_an_account_that_does_not_keep_mail_encrypted_stops_the_campaign() -> None:
    verdict = judge(
        Exchange(Stage.STARTTLS, failure=Failure.REQUIRETLS_NOT_OFFERED),
        lane="lane.example",
        directory=CARRIERS,
        attempts=1,
        at=NOW,
        expires_at=None,
        route_kind=RouteKind.SMARTHOST,
        jitter=0.5,
    )
    assert verdict.outcome.disposition is Disposition.DEFERRED
    assert (verdict.effect.kind, verdict.effect.pause_reason) == (
        EffectKind.STOP_CAMPAIGN,
        PauseReason.TLS_REFUSED,
    )
