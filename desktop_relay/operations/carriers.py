"""The shipped carrier profiles, read once."""

from __future__ import annotations

from functools import cache

from desktop_relay.domain.address import domain_of
from desktop_relay.policy.profiles import Directory, parse_profiles
from resources import locate


@cache
def load_directory() -> Directory:
    """The directory of lanes; raises ``BadInput`` (``profile_invalid``) for a damaged file."""
    return parse_profiles(locate("carriers", "carriers.toml").read_text(encoding="utf-8"))


def lane_names(language: str) -> dict[str, str]:
    """What people call the lanes of the shipped profiles."""
    profiles = load_directory().profiles.values()
    return {p.key: p.name_ja if language == "ja" else p.name for p in profiles}


def carrier_name(language: str, address: str) -> str:
    """What people call the carrier of an address; empty for domains that no profile names."""
    lane = load_directory().lane_of_domain(domain_of(address))
    return lane_names(language).get(lane, "") if lane else ""
