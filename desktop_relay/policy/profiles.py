"""The carrier directory: which lane a domain belongs to, with the lane's limits and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from desktop_relay.domain.lane import LaneProfile
from desktop_relay.domain.route import RouteKind
from desktop_relay.policy.names import NameIndex, lies_in, roll_up
from desktop_relay.policy.profile_file import DEFAULT, Grounds, ProfileFile, Standing, read_profile_file
from desktop_relay.policy.rules import Rule

__all__ = ["Directory", "Grounds", "Standing", "parse_profiles"]

MX_PREFIX = "mx:"
"""Starts the key of a lane that is shared by the domains of one hosting service."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The shipped profiles and how lanes are found in them; a pure value.

    ``encrypted`` are the carriers whose hosts always offer encryption, with how that is known.
    """

    profiles: Mapping[str, LaneProfile]
    standings: Mapping[str, Mapping[str, Standing]]
    encrypted: Mapping[str, Grounds]
    default: LaneProfile
    _rules: Mapping[str, tuple[Rule, ...]]
    _domains: NameIndex
    _mx: NameIndex

    def lane_of_domain(self, domain: str) -> str | None:
        """The lane that the domain's name decides, or ``None`` when its MX hosts have to."""
        key = self._domains.find(domain)
        return None if key is None or self.profiles[key].own_lane_per_mx else key

    def plan_lane(self, domain: str, mx_hosts: Sequence[str] | None) -> str:
        """The lane of a domain whose hosts, best first, are ``mx_hosts`` (``None``: not looked up).

        A profile's key; else ``mx:<name>`` for hosts of a service that is somebody else's; else the domain
        (or the one above it, when the hosts are there), since throttling goes by the hosts that answer.
        """
        domain = domain.lower().rstrip(".")
        key = self.lane_of_domain(domain)
        if key is not None or not mx_hosts:
            return key or domain
        key = self._mx.find(mx_hosts[0])
        if key is not None and not self.profiles[key].own_lane_per_mx:
            return key
        host = mx_hosts[0].lower().rstrip(".")
        shared = roll_up(host)
        if lies_in(host, (domain,)):
            return domain
        return shared if lies_in(domain, (shared,)) else MX_PREFIX + shared

    def profile_of_lane(self, lane: str) -> LaneProfile:
        """The lane's profile; for lanes without one of their own a copy that bears the lane's name."""
        profile = self.profiles.get(lane)
        if profile is not None:
            return profile
        name = lane.removeprefix(MX_PREFIX)
        group = self._group_of(lane)
        profile = self.default if group is None else self.profiles[group]
        domains = () if lane.startswith(MX_PREFIX) else (name,)
        return replace(profile, key=lane, name=name, name_ja=name, domains=domains, mx=())

    def rules_of_lane(self, lane: str) -> tuple[Rule, ...]:
        """The rules to ask in order: an account's, the carrier's, the general ones, the last resort."""
        key = lane if lane in self.profiles else self._group_of(lane)
        return self._rules[key or DEFAULT]

    def _group_of(self, lane: str) -> str | None:
        """The profile that gives its limits to a lane of another name."""
        if lane.startswith(MX_PREFIX):
            name = lane.removeprefix(MX_PREFIX)
            return self._mx.find(name) or self._domains.find(name)
        return self._domains.find(lane)


def parse_profiles(toml_text: str) -> Directory:
    """The directory that a profile file describes.

    Raises ``BadInput`` (``profile_invalid``) with ``where`` in the file and the ``problem``: unknown keys,
    numbers not above zero or without a source in both languages, broken patterns, names that two profiles
    claim.
    """
    file: ProfileFile = read_profile_file(toml_text)
    carriers = {key: entry for key, entry in file.entries.items() if key != DEFAULT}
    general = file.entries[DEFAULT]
    # what an account's server says of the account holds, whatever the words mean at the carrier's own hosts
    account = tuple(takewhile(lambda rule: rule.routes == {RouteKind.SMARTHOST}, general.rules))
    others = general.rules[len(account) :]
    return Directory(
        profiles={key: entry.profile for key, entry in carriers.items()},
        standings={key: entry.standings for key, entry in file.entries.items()},
        encrypted={
            key: entry.tls_required for key, entry in carriers.items() if entry.tls_required is not None
        },
        default=general.profile,
        _rules={
            key: account + entry.rules + others + entry.last_rules + general.last_rules
            for key, entry in carriers.items()
        }
        | {DEFAULT: general.rules + general.last_rules},
        _domains=NameIndex(file.domains),
        _mx=NameIndex(file.mx),
    )
