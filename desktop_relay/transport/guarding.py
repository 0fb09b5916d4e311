"""Puts together the guard of a direct route out of what the settings say."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from functools import cache, partial

from desktop_relay.domain.route import Route
from desktop_relay.transport.guard import Guard
from desktop_relay.transport.policy_host import PolicyHost
from desktop_relay.transport.resolver import DnsResolver, Trusted
from desktop_relay.transport.security import public_context
from desktop_relay.transport.sts import StsPolicies
from desktop_relay.transport.tls_memory import TlsMemory

TRUSTED = {"auto": Trusted.LOCAL, "on": Trusted.ALL, "off": Trusted.NOBODY}
"""What the setting ``tls.dane`` means."""


def guard_of_route(
    route: Route, resolver: DnsResolver, memory: TlsMemory, *, mta_sts: bool, ca_file: str | None
) -> Guard:
    """The guard of ``route``; what it learns goes into ``memory``.

    ``resolver`` knows whose validation it believes; where that is nobody's, nothing of it counts as signed.
    """

    @cache
    def public() -> ssl.SSLContext:
        return public_context(ca_file)

    now = partial(datetime.now, UTC)
    policies = StsPolicies(resolver, PolicyHost(resolver, public), memory, now=now) if mta_sts else None
    return Guard(
        memory, now=now, public=public, records=resolver, policies=policies, requiretls=route.requiretls
    )
