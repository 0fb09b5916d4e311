"""What a host must show before it is given mail: its domain, its owner, its profile and its past may ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from desktop_relay.domain.exchange import Failure

REMEMBERED_FOR = timedelta(days=7)
"""How long after its last encrypted session a host is not spoken to in the clear.

Longer than a campaign's usual deadline, so that whoever takes the encryption out of the way does not get
its mail; short enough that a host whose owner gave encryption up is reached again.
"""


class Demand(StrEnum):
    """From nothing to a proof by the signed DNS.

    ENCRYPTED is what the carrier's profile asks for, REMEMBERED what the host did before; both take any
    certificate. Two cannot be met: NOT_NAMED is a host that the domain's policy does not name, UNPROVEN one
    that nothing shows to be the domain's when that must be known.
    """

    ANY = "any"
    REMEMBERED = "remembered"
    ENCRYPTED = "encrypted"
    CERTIFICATE = "certificate"
    MTA_STS = "mta_sts"
    DANE = "dane"
    NOT_NAMED = "not_named"
    UNPROVEN = "unproven"


class TlsaStanding(StrEnum):
    """What the signed DNS says of a host; UNUSABLE are records that prove nothing."""

    NONE = "none"
    UNUSABLE = "unusable"
    USABLE = "usable"


class StsStanding(StrEnum):
    """What the domain's enforced policy says of a host."""

    NONE = "none"
    NAMED = "named"
    NOT_NAMED = "not_named"


@dataclass(frozen=True, slots=True)
class HostFacts:
    """``proven`` says that the signed DNS or a policy names the host as one of the domain's."""

    required: bool = False
    remembered: bool = False
    requiretls: bool = False
    proven: bool = False
    tlsa: TlsaStanding = TlsaStanding.NONE
    sts: StsStanding = StsStanding.NONE


DEMAND_FAILURES: Mapping[Demand, Failure] = {
    Demand.REMEMBERED: Failure.TLS_LOST,
    Demand.MTA_STS: Failure.MTA_STS_FAILED,
    Demand.NOT_NAMED: Failure.MTA_STS_FAILED,
    Demand.DANE: Failure.DANE_FAILED,
    Demand.UNPROVEN: Failure.REQUIRETLS_NOT_OFFERED,
}
"""What it is called when a host does not show it; for the others the handshake's own failure says it."""


def plan_demand(facts: HostFacts) -> Demand:
    """The demand on one host."""
    if facts.tlsa is TlsaStanding.USABLE:
        # RFC 8461 2: a policy never overrules DANE
        return Demand.DANE
    if facts.sts is StsStanding.NOT_NAMED:
        return Demand.NOT_NAMED
    if facts.sts is StsStanding.NAMED:
        return Demand.MTA_STS
    if facts.requiretls:
        # RFC 8689 4.2.1: the host must be known to be the domain's, and its certificate must be good
        return Demand.CERTIFICATE if facts.proven else Demand.UNPROVEN
    # RFC 7672 2.2: records that prove nothing still say that there is TLS
    if facts.required or facts.tlsa is TlsaStanding.UNUSABLE:
        return Demand.ENCRYPTED
    return Demand.REMEMBERED if facts.remembered else Demand.ANY
