"""Never a silent downgrade: all that may be asked of a host against all that it may show."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest
import trustme

from desktop_relay.domain.exchange import Exchange, Stage
from desktop_relay.domain.outcome import Disposition
from desktop_relay.domain.protection import Verified
from desktop_relay.domain.route import RouteKind
from desktop_relay.engine.engine import load_carriers
from desktop_relay.policy.classify import judge
from desktop_relay.protocol.mta_sts import StsMode, StsPolicy
from desktop_relay.transport.session import Session
from resources.phrases import LANGUAGES, load_phrases
from tests.fakes.smtp_server import load_dialogue
from tests.unit.transport.tls_lab import (
    HOST,
    Lab,
    Policies,
    certificates,
    delivered,
    serving,
    tlsa,
    verified,
)

CARRIERS = load_carriers()
NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Policy(StrEnum):
    """What the domain, its owner or its carrier's profile asks for."""

    NOTHING = "nothing"
    PROFILE = "profile"
    STS_GIVEN_UP = "sts_given_up"
    STS_TESTING = "sts_testing"
    STS_NAMED = "sts_named"
    STS_NOT_NAMED = "sts_not_named"
    SIGNED = "signed"
    TLSA_UNUSABLE = "tlsa_unusable"
    TLSA = "tlsa"


class Offer(StrEnum):
    """What the host does with STARTTLS."""

    MISSING = "missing"
    REFUSED = "refused"
    BROKEN = "broken"
    GOOD = "good"
    GOOD_AND_REQUIRETLS = "good_and_requiretls"


@dataclass(frozen=True, slots=True)
class Case:
    """``good`` is the certificate's, ``seen`` the memory's, ``requiretls`` the route's."""

    policy: Policy
    offer: Offer
    good: bool
    seen: bool
    requiretls: bool

    @property
    def encrypts(self) -> bool:
        return self.offer in (Offer.GOOD, Offer.GOOD_AND_REQUIRETLS)

    @property
    def may_be_plain(self) -> bool:
        indifferent = (Policy.NOTHING, Policy.STS_GIVEN_UP, Policy.STS_TESTING, Policy.SIGNED)
        return self.policy in indifferent and not self.seen and not self.requiretls

    @property
    def proofs(self) -> frozenset[Verified]:
        """How it must be known who is there; any will do where nothing is in it."""
        if self.policy is Policy.TLSA:
            return frozenset({Verified.DANE})
        if self.policy is Policy.STS_NAMED:
            return frozenset({Verified.MTA_STS})
        return frozenset({Verified.CERTIFICATE}) if self.requiretls else frozenset()

    @property
    def acceptable(self) -> bool:
        """Whether mail may and therefore must go to such a host."""
        if self.policy is Policy.STS_NOT_NAMED:
            return False
        if self.requiretls:
            known = self.policy not in (Policy.NOTHING, Policy.PROFILE, Policy.STS_GIVEN_UP)
            return known and self.good and self.offer is Offer.GOOD_AND_REQUIRETLS
        if self.proofs:
            return self.good and self.encrypts
        return self.encrypts or self.may_be_plain


def cases() -> Iterator[Case]:
    for policy, offer, good, seen, requiretls in itertools.product(
        Policy, Offer, (True, False), (True, False), (True, False)
    ):
        case = Case(policy, offer, good, seen, requiretls)
        if good or case.encrypts:  # nobody sees the certificate of a host that shows none
            yield case


_HELLO = "S: 220 mx.example ESMTP\nC: EHLO *\nS: 250-mx.example\nS: 250 STARTTLS\nC: STARTTLS\n"
_GOOD = load_dialogue("starttls_accepts")
_PLAIN = load_dialogue("no_starttls")
_PLAIN_AFTER = "\n---\n" + load_dialogue("starttls_broken_then_plain").partition("\n---\n")[2]


def dialogue(case: Case) -> str:
    """What the host plays; one whose handshake failed plays on as often as it is dialled again."""
    tries = 2 if case.policy is Policy.STS_TESTING else 1
    match case.offer:
        case Offer.MISSING:
            return _PLAIN
        case Offer.REFUSED:
            return "\n---\n".join([_HELLO + "S: 454 4.7.0 TLS not available\n!hang"] * tries) + _PLAIN_AFTER
        case Offer.BROKEN:
            return "\n---\n".join([_HELLO + "S: 220 go\n!close"] * tries) + _PLAIN_AFTER
        case Offer.GOOD:
            return _GOOD
    return _GOOD.replace("S: 250 ENHANCED", "S: 250-REQUIRETLS\nS: 250 ENHANCED")


def lab_of(case: Case, authority: trustme.CA, leaf: trustme.LeafCert) -> Lab:
    lab = Lab(authority, requiretls=case.requiretls)
    if case.seen:
        lab.memory.note_encrypted(HOST, lab.now)
    names = (HOST,) if case.policy is not Policy.STS_NOT_NAMED else ("mx.other.example",)
    modes = {Policy.STS_GIVEN_UP: StsMode.NONE, Policy.STS_TESTING: StsMode.TESTING}
    if case.policy.startswith("sts"):
        mode = modes.get(case.policy, StsMode.ENFORCE)
        lab.policies = Policies(test=StsPolicy(mode, names, timedelta(days=1)))
    if case.policy in (Policy.SIGNED, Policy.TLSA_UNUSABLE, Policy.TLSA):
        lab.signed = frozenset({"example"})
    if case.policy is Policy.TLSA:
        lab.tlsa = [tlsa(3, 1, 1, certificates(leaf)[0])]
    elif case.policy is Policy.TLSA_UNUSABLE:
        lab.tlsa = [bytes([1, 1, 1]) + b"x" * 32]
    return lab


@pytest.mark.parametrize("policy", Policy)
async def test_nothing_goes_out_weaker_than_asked(authority: trustme.CA, policy: Policy) -> None:
    """Mail goes exactly where all that is asked for is shown; what is refused waits, with words for why."""
    good = authority.issue_cert(HOST)
    bad = trustme.CA().issue_cert("other.example")
    for case in (case for case in cases() if case.policy is policy):
        async with serving(good if case.good else bad, dialogue(case)) as server:
            lab = lab_of(case, authority, good)
            result = await lab.opened(server, required=case.policy is Policy.PROFILE)
            if isinstance(result, Session):
                exchange = await delivered(result)
                assert case.acceptable, case
                assert (exchange.tls is None) is not case.encrypts, case
                if case.proofs:
                    assert verified(exchange) in case.proofs, case
                asked = next(line for line in server.heard if line.startswith("MAIL"))
                assert asked.endswith(" REQUIRETLS") is case.requiretls, case
            else:
                assert not case.acceptable, (case, result)
                assert not any(line.startswith("MAIL") for line in server.heard), case
                assert_it_waits_and_says_why(result)


def assert_it_waits_and_says_why(exchange: Exchange) -> None:
    assert exchange.stage is Stage.STARTTLS, exchange
    assert exchange.failure is not None
    outcome = judge(
        exchange,
        lane="lane.example",
        directory=CARRIERS,
        attempts=1,
        at=NOW,
        expires_at=NOW + timedelta(days=2),
        route_kind=RouteKind.DIRECT,
        jitter=0.5,
    ).outcome
    assert outcome.disposition is Disposition.DEFERRED
    assert outcome.reason.value == exchange.failure.value, "the reason is the failure's own"
    for language in LANGUAGES:
        phrases = load_phrases(language)
        for section in ("reasons", "reason_why", "reason_do"):
            assert phrases[section][outcome.reason.value], (language, section, outcome.reason)


def test_the_table_has_every_ending() -> None:
    table = list(cases())
    assert {(case.acceptable, case.encrypts) for case in table} == set(
        itertools.product((True, False), repeat=2)
    )
