"""Hosts with every kind of certificate and none, held to what they must show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import trustme

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.protection import Verified
from desktop_relay.policy.protection import REMEMBERED_FOR
from desktop_relay.protocol.mta_sts import StsMode, StsPolicy
from desktop_relay.transport.session import Session
from desktop_relay.transport.tls_memory import TlsMemory
from tests.fakes.smtp_server import load_dialogue
from tests.unit.transport.tls_lab import (
    DOMAIN,
    HOST,
    MAIL,
    Lab,
    Policies,
    certificates,
    delivered,
    fails_testing,
    refused,
    serving,
    tlsa,
    verified,
)

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
ENFORCED = StsPolicy(StsMode.ENFORCE, (HOST,), timedelta(days=1))
TESTED = StsPolicy(StsMode.TESTING, (HOST,), timedelta(days=1))
REFUSES_STARTTLS = """S: 220 mx.example ESMTP
C: EHLO *
S: 250-mx.example
S: 250 STARTTLS
C: STARTTLS
S: 454 4.7.0 TLS not available
!hang"""
BREAKS_STARTTLS = load_dialogue("starttls_broken_then_plain")
BREAKS_STARTTLS_TWICE = BREAKS_STARTTLS.partition("\n---\n")[0] + "\n---\n" + BREAKS_STARTTLS
OFFERS_REQUIRETLS = load_dialogue("starttls_accepts").replace(
    "S: 250 ENHANCED", "S: 250-REQUIRETLS\nS: 250 ENHANCED"
)


@pytest.fixture
def lab(authority: trustme.CA) -> Lab:
    return Lab(authority)


# -- what a host did before


async def test_a_host_that_was_encrypted_is_not_spoken_to_in_the_clear(lab: Lab) -> None:
    async with serving(lab.authority.issue_cert(HOST)) as server:
        assert verified(await delivered(await lab.opened(server))) is Verified.OPPORTUNISTIC
    async with serving(None, load_dialogue("no_starttls")) as stripped:
        refused(await lab.opened(stripped), stripped, Failure.TLS_LOST)
        assert stripped.connections == 1
        lab.now += REMEMBERED_FOR - timedelta(seconds=1)
        refused(await lab.opened(stripped), stripped, Failure.TLS_LOST)
    lab.now += timedelta(seconds=1)
    async with serving(None, load_dialogue("no_starttls")) as plain:
        assert (await delivered(await lab.opened(plain))).tls is None, "given up for good, it seems"


@pytest.mark.parametrize("dialogue", [load_dialogue("starttls_broken_then_plain"), REFUSES_STARTTLS])
async def test_nor_when_its_handshake_fails(lab: Lab, dialogue: str) -> None:
    lab.memory.note_encrypted(HOST, lab.now)
    async with serving(lab.authority.issue_cert(HOST), dialogue) as server:
        exchange = refused(await lab.opened(server), server, Failure.TLS_LOST)
        assert server.connections == 1
        assert exchange.detail


async def test_a_host_that_never_was_encrypted_may_stay_so_and_the_transcript_tells(lab: Lab) -> None:
    async with serving(None, REFUSES_STARTTLS + "\n---\n" + load_dialogue("no_starttls")) as server:
        exchange = await delivered(await lab.opened(server))
        assert exchange.tls is None
        assert "* TLS failed: plain text" in exchange.transcript


async def test_a_network_that_fails_in_the_handshake_is_no_reason_to_go_without(lab: Lab) -> None:
    cut_off = REFUSES_STARTTLS.replace("454 4.7.0 TLS not available\n!hang", "220 go\n!reset")
    script = "\n---\n".join([cut_off, "!reset", load_dialogue("starttls_accepts")])
    async with serving(lab.authority.issue_cert(HOST), script) as server:
        way = lab.way([server])
        exchange = await way.open(DOMAIN)
        assert isinstance(exchange, Exchange)
        assert exchange.stage is Stage.BANNER, "nor did plain text get through"
        assert verified(await delivered(await way.open(DOMAIN))) is Verified.OPPORTUNISTIC
        assert server.connections == 3


async def test_the_next_host_is_tried_before_mail_waits(lab: Lab) -> None:
    lab.memory.note_encrypted("mx1.example", lab.now)
    async with (
        serving(None, load_dialogue("no_starttls")) as stripped,
        serving(lab.authority.issue_cert("mx2.example")) as good,
    ):
        way = lab.way([stripped, good], ["mx1.example", "mx2.example"])
        exchange = await delivered(await way.open(DOMAIN))
        assert (exchange.host or "").startswith("mx2.example")
        assert stripped.bodies == []


async def test_replies_injected_before_the_handshake_are_dropped(lab: Lab) -> None:
    lab.policies = Policies(test=ENFORCED)
    async with serving(lab.authority.issue_cert(HOST), load_dialogue("starttls_injected")) as server:
        session = await lab.opened(server)
        assert isinstance(session, Session)
        assert session.extensions.size == 100_000
        assert "evil" not in "".join(session.peer.prelude)
        await delivered(session)


# -- MTA-STS


async def test_a_policy_with_a_good_certificate(lab: Lab) -> None:
    lab.policies = Policies(test=ENFORCED)
    async with serving(lab.authority.issue_cert(HOST)) as server:
        assert verified(await delivered(await lab.opened(server))) is Verified.MTA_STS


async def test_wildcards_of_policy_and_certificate(lab: Lab) -> None:
    lab.policies = Policies(test=StsPolicy(StsMode.ENFORCE, ("*.good.example",), timedelta(days=1)))
    async with serving(lab.authority.issue_cert("*.good.example")) as server:
        below = await lab.way([server], ["a.mx.good.example"]).open(DOMAIN)
        refused(below, server, Failure.MTA_STS_FAILED)
        exchange = await delivered(await lab.way([server], ["mx.good.example"]).open(DOMAIN))
        assert verified(exchange) is Verified.MTA_STS


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("name", "Hostname mismatch"),
        ("common", "Hostname mismatch"),
        ("wide", "Hostname mismatch"),
        ("expired", "expired"),
        ("stranger", "self-signed|unable to get"),
        ("stripped", "tls_not_offered"),
        ("broken", ""),
    ],
)
async def test_a_policy_without_one(lab: Lab, fault: str, words: str) -> None:
    lab.policies = Policies(test=ENFORCED)
    certificate = {
        "name": lab.authority.issue_cert("other.example"),
        # RFC 8461 4.2: only an alternative name counts, whose wildcard stands for one label
        "common": lab.authority.issue_cert("anna@test.example", common_name=HOST),
        "wide": lab.authority.issue_cert("*.mx.example"),
        "expired": lab.authority.issue_cert(HOST, not_after=YESTERDAY),
        "stranger": trustme.CA().issue_cert(HOST),
    }.get(fault)
    dialogues = {"stripped": "no_starttls", "broken": "starttls_broken_then_plain"}
    dialogue = load_dialogue(dialogues.get(fault, "starttls_accepts"))
    async with serving(certificate or lab.authority.issue_cert(HOST), dialogue) as server:
        exchange = refused(await lab.opened(server), server, Failure.MTA_STS_FAILED)
        assert server.connections == 1
    assert any(word in exchange.detail for word in words.split("|")), exchange.detail


async def test_hosts_that_a_policy_does_not_name_are_not_even_dialled(lab: Lab) -> None:
    lab.policies = Policies(test=StsPolicy(StsMode.ENFORCE, ("*.good.example",), timedelta(days=1)))
    certificate = lab.authority.issue_cert("mx.good.example", "mx.evil.example")
    async with serving(certificate) as evil, serving(certificate) as good:
        way = lab.way([evil, good], ["mx.evil.example", "mx.good.example"])
        exchange = await delivered(await way.open(DOMAIN))
        assert (exchange.host or "").startswith("mx.good.example")
        assert evil.connections == 0
        refused(await lab.way([evil], ["mx.evil.example"]).open(DOMAIN), evil, Failure.MTA_STS_FAILED)
        assert evil.connections == 0


async def test_a_policy_in_testing_only_tells(lab: Lab) -> None:
    lab.policies = Policies(test=StsPolicy(StsMode.TESTING, ("*.good.example",), timedelta(days=1)))
    async with serving(trustme.CA().issue_cert("other.example")) as server:
        exchange = await delivered(await lab.opened(server))
    assert verified(exchange) is Verified.OPPORTUNISTIC
    assert fails_testing(exchange)
    assert exchange.transcript[0] == f"* MTA-STS (testing): {HOST} is not named by the policy"


@pytest.mark.parametrize(
    ("fault", "words", "verdict", "connections"),
    [
        ("name", "Hostname mismatch", Verified.OPPORTUNISTIC, 2),
        ("expired", "expired", Verified.OPPORTUNISTIC, 2),
        ("stripped", "tls_not_offered", None, 2),
        ("broken", "", None, 3),
    ],
)
async def test_what_a_policy_in_testing_would_have_refused_is_told(
    lab: Lab, fault: str, words: str, verdict: Verified | None, connections: int
) -> None:
    lab.policies = Policies(test=TESTED)
    certificate = {
        "name": lab.authority.issue_cert("other.example"),
        "expired": lab.authority.issue_cert(HOST, not_after=YESTERDAY),
    }.get(fault)
    dialogue = {"stripped": load_dialogue("no_starttls"), "broken": BREAKS_STARTTLS_TWICE}.get(fault)
    async with serving(certificate, dialogue or load_dialogue("starttls_accepts")) as server:
        way = lab.way([server])
        for count in (connections, connections + 1):
            exchange = await delivered(await way.open(DOMAIN))
            assert verified(exchange) is verdict
            assert fails_testing(exchange) is (verdict is not None)
            told = [line for line in exchange.transcript if line.startswith("* MTA-STS (testing): ")]
            assert len(told) == 1
            assert words in told[0]
            assert server.connections == count, "told every time, tried out but once"


async def test_what_it_would_have_refused_is_told_where_no_transcript_is_kept(lab: Lab) -> None:
    lab.policies = Policies(test=TESTED)
    async with serving(lab.authority.issue_cert("other.example")) as server:
        session = await lab.opened(server)
        assert isinstance(session, Session)
        for _ in range(2):
            exchange = await session.send(MAIL, keep_transcript=False)
            assert exchange.transcript == ()
            assert fails_testing(exchange)
        await session.close()


async def test_a_connection_that_was_cut_off_says_nothing_of_the_certificate_for_long(lab: Lab) -> None:
    lab.policies = Policies(test=TESTED)
    cut_off = REFUSES_STARTTLS.replace("454 4.7.0 TLS not available\n!hang", "220 go\n!reset")
    script = "\n---\n".join([cut_off, *[load_dialogue("starttls_accepts")] * 2])
    async with serving(lab.authority.issue_cert(HOST), script) as server:
        way = lab.way([server])
        assert fails_testing(await delivered(await way.open(DOMAIN)))
        assert not fails_testing(await delivered(await way.open(DOMAIN)))
        assert server.connections == 3


async def test_a_policy_in_testing_that_is_met_takes_one_connection(lab: Lab) -> None:
    lab.policies = Policies(test=TESTED)
    async with serving(lab.authority.issue_cert(HOST)) as server:
        exchange = await delivered(await lab.opened(server))
        assert (verified(exchange), server.connections) == (Verified.CERTIFICATE, 1)
        assert not fails_testing(exchange)
        assert not any("MTA-STS" in line for line in exchange.transcript)


async def test_a_policy_in_testing_does_not_soften_what_else_is_asked(lab: Lab) -> None:
    lab.policies = Policies(test=TESTED)
    async with serving(None, load_dialogue("no_starttls")) as server:
        refused(await lab.opened(server, required=True), server, Failure.TLS_NOT_OFFERED)
    lab.memory.note_encrypted(HOST, lab.now)
    async with serving(None, load_dialogue("no_starttls")) as server:
        refused(await lab.opened(server), server, Failure.TLS_LOST)


async def test_a_policy_in_testing_that_cannot_be_checked_holds_nothing_up(lab: Lab) -> None:
    lab.policies = Policies(test=TESTED)
    lab.unreadable = True
    async with serving(lab.authority.issue_cert(HOST)) as server:
        exchange = await delivered(await lab.opened(server))
        assert (verified(exchange), server.connections) == (Verified.OPPORTUNISTIC, 1)
        assert "* MTA-STS (testing): ca.pem" in exchange.transcript
        assert not fails_testing(exchange), "nobody knows"
    lab.policies = Policies(test=ENFORCED)
    async with serving(lab.authority.issue_cert(HOST)) as server:
        refused(await lab.opened(server), server, Failure.TLS_FAILED)


async def test_a_policy_that_was_given_up_asks_for_nothing(lab: Lab) -> None:
    lab.policies = Policies(test=StsPolicy(StsMode.NONE, ("x.example",), timedelta(days=1)))
    async with serving(None, load_dialogue("no_starttls")) as server:
        exchange = await delivered(await lab.opened(server))
        assert exchange.tls is None
        assert not any("MTA-STS" in line for line in exchange.transcript)


async def test_domains_with_and_without_a_policy_do_not_share_sessions(lab: Lab) -> None:
    async with serving(None) as server:
        way = lab.way([server])
        plain = await way.key_of(DOMAIN)
        lab.policies = Policies(test=ENFORCED)
        guarded = lab.way([server])
        assert await guarded.key_of(DOMAIN) != plain
        lab.policies = Policies(test=StsPolicy(StsMode.TESTING, (HOST,), timedelta(days=1)))
        assert await lab.way([server]).key_of(DOMAIN) != plain, "what it would refuse is told of its own mail"


# -- DANE


@pytest.fixture
def signed_lab(lab: Lab) -> Lab:
    lab.signed = frozenset({"example"})
    return lab


@pytest.mark.parametrize("selector", [0, 1])
@pytest.mark.parametrize("matching", [0, 1, 2])
async def test_a_certificate_its_owner_signed_for(signed_lab: Lab, selector: int, matching: int) -> None:
    # RFC 7672 3.1.1: whose name and dates do not matter then
    leaf = trustme.CA().issue_cert("other.example", not_after=YESTERDAY)
    signed_lab.tlsa = [tlsa(3, selector, matching, certificates(leaf)[0])]
    async with serving(leaf) as server:
        assert verified(await delivered(await signed_lab.opened(server))) is Verified.DANE


@pytest.mark.parametrize("name", [HOST, DOMAIN, "*.example"])
async def test_an_authority_its_owner_signed_for(signed_lab: Lab, name: str) -> None:
    leaf = trustme.CA().create_child_ca().issue_cert(name)
    signed_lab.tlsa = [tlsa(2, 1, 1, certificates(leaf)[1])]
    async with serving(leaf) as server:
        assert verified(await delivered(await signed_lab.opened(server))) is Verified.DANE


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("key", "matches no TLSA record"),
        ("authority", "no certificate in the chain"),
        ("name", "subjectAltName"),
        ("expired", "valid at"),
        ("stripped", "tls_not_offered"),
        ("broken", ""),
    ],
)
async def test_what_its_owner_did_not_sign_for(signed_lab: Lab, fault: str, words: str) -> None:
    authority = trustme.CA().create_child_ca()
    leaf = {
        "name": authority.issue_cert("other.example"),
        "expired": authority.issue_cert(HOST, not_after=YESTERDAY),
    }.get(fault) or authority.issue_cert(HOST)
    stranger = certificates(trustme.CA().create_child_ca().issue_cert(HOST))
    signed_lab.tlsa = {
        "key": [tlsa(3, 1, 1, stranger[0])],
        "authority": [tlsa(2, 0, 1, stranger[1])],
    }.get(fault) or [tlsa(2, 1, 1, certificates(leaf)[1])]
    dialogues = {"stripped": "no_starttls", "broken": "starttls_broken_then_plain"}
    async with serving(leaf, load_dialogue(dialogues.get(fault, "starttls_accepts"))) as server:
        exchange = refused(await signed_lab.opened(server), server, Failure.DANE_FAILED)
        assert server.connections == 1
    assert verified(exchange) in (None, Verified.OPPORTUNISTIC), "nothing was proven"
    assert words in exchange.detail, exchange.detail


async def test_records_that_cannot_be_validated_put_mail_off(signed_lab: Lab) -> None:
    signed_lab.tlsa = Failure.DNS_TEMPORARY
    async with serving(signed_lab.authority.issue_cert(HOST)) as server:
        result = await signed_lab.opened(server)
        assert isinstance(result, Exchange)
        assert (result.stage, result.failure) == (Stage.RESOLVE, Failure.DNS_TEMPORARY)
        assert server.connections == 0


async def test_a_host_without_records_is_like_any_other(signed_lab: Lab) -> None:
    async with serving(None, load_dialogue("no_starttls")) as server:
        assert (await delivered(await signed_lab.opened(server))).tls is None


@pytest.mark.parametrize("records", [[bytes([1, 1, 1]) + b"x" * 32], [b"x"], [bytes([3, 1, 1]) + b"short"]])
async def test_records_that_prove_nothing_still_ask_for_encryption(
    signed_lab: Lab, records: list[bytes]
) -> None:
    signed_lab.tlsa = records
    async with serving(trustme.CA().issue_cert("other.example")) as server:
        assert verified(await delivered(await signed_lab.opened(server))) is Verified.OPPORTUNISTIC
    signed_lab.memory = TlsMemory()
    async with serving(None, load_dialogue("no_starttls")) as plain:
        refused(await signed_lab.opened(plain), plain, Failure.TLS_NOT_OFFERED)


@pytest.mark.parametrize("signed", [{DOMAIN}, {HOST, f"_25._tcp.{HOST}"}, set[str]()])
async def test_where_a_link_of_the_chain_is_unsigned_nothing_is_proven(lab: Lab, signed: set[str]) -> None:
    lab.signed = frozenset(signed)
    stranger = certificates(trustme.CA().issue_cert(HOST))
    lab.tlsa = [tlsa(3, 1, 1, stranger[0])]
    async with serving(lab.authority.issue_cert(HOST)) as server:
        assert verified(await delivered(await lab.opened(server))) is Verified.OPPORTUNISTIC
    assert not any(asked.startswith("TLSA") for asked in lab.names.asked)


async def test_dane_beats_a_policy(signed_lab: Lab) -> None:
    leaf = trustme.CA().issue_cert(HOST)
    signed_lab.tlsa = [tlsa(3, 1, 1, certificates(leaf)[0])]
    # neither the authority nor the host is what the policy asks for
    signed_lab.policies = Policies(test=StsPolicy(StsMode.ENFORCE, ("x.example",), timedelta(days=1)))
    async with serving(leaf) as server:
        assert verified(await delivered(await signed_lab.opened(server))) is Verified.DANE
    signed_lab.policies = Policies(test=ENFORCED)
    async with serving(signed_lab.authority.issue_cert(HOST)) as other:
        refused(await signed_lab.opened(other), other, Failure.DANE_FAILED)


# -- REQUIRETLS


async def test_requiretls_is_asked_for_where_all_is_proven(lab: Lab) -> None:
    lab.requiretls = True
    lab.policies = Policies(test=ENFORCED)
    async with serving(lab.authority.issue_cert(HOST), OFFERS_REQUIRETLS) as server:
        assert verified(await delivered(await lab.opened(server))) is Verified.MTA_STS
        assert next(line for line in server.heard if line.startswith("MAIL")).endswith(" REQUIRETLS")


async def test_requiretls_with_signed_names_and_a_public_certificate(lab: Lab) -> None:
    lab.requiretls, lab.signed = True, frozenset({"example"})
    async with serving(lab.authority.issue_cert(HOST), OFFERS_REQUIRETLS) as server:
        assert verified(await delivered(await lab.opened(server))) is Verified.CERTIFICATE


async def test_requiretls_of_hosts_that_do_not_promise_it(lab: Lab) -> None:
    lab.requiretls, lab.signed = True, frozenset({"example"})
    async with serving(lab.authority.issue_cert(HOST)) as server:
        refused(await lab.opened(server), server, Failure.REQUIRETLS_NOT_OFFERED)


async def test_requiretls_of_hosts_that_anybody_could_be(lab: Lab) -> None:
    lab.requiretls = True
    async with serving(lab.authority.issue_cert(HOST), OFFERS_REQUIRETLS) as server:
        refused(await lab.opened(server), server, Failure.REQUIRETLS_NOT_OFFERED)
        assert server.connections == 0


# -- what the carrier's profile asks for


@pytest.mark.parametrize("dialogue", ["no_starttls", "starttls_broken_then_plain"])
async def test_required_encryption_is_not_given_up(lab: Lab, dialogue: str) -> None:
    async with serving(lab.authority.issue_cert(HOST), load_dialogue(dialogue)) as server:
        result = await lab.opened(server, required=True)
        failure = Failure.TLS_NOT_OFFERED if dialogue == "no_starttls" else Failure.TLS_FAILED
        refused(result, server, failure)
        assert server.connections == 1
