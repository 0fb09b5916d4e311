"""Whom a simulated campaign goes to: addresses by domain, made up from a mix or taken from a list."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import gcd

from desktop_relay.domain.address import domain_of

MOST_PEOPLE = 10_000_000
"""As many as are made up; more would take hours and all memory."""

_STRIDE = 0.381966  # of a golden section: neighbours in the list come from far apart in it


@dataclass(frozen=True, slots=True)
class MadeUp(Sequence[str]):
    """``number`` addresses of one domain that exist nowhere."""

    domain: str
    number: int

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, place: int | slice) -> str:
        return f"customer-{place}@{self.domain}"


class People:
    """The recipients of one lane, their domains mixed as in a real list; a pure sequence of addresses."""

    def __init__(self, by_domain: Mapping[str, Sequence[str]]) -> None:
        self._domains = list(by_domain)
        self._addresses = [by_domain[domain] for domain in self._domains]
        self._ends = list(accumulate(len(addresses) for addresses in self._addresses))
        self.number = self._ends[-1] if self._ends else 0
        self._stride = _coprime(int(self.number * _STRIDE), self.number)

    def person(self, place: int) -> tuple[str, str]:
        """Address and domain of recipient ``place``, from 0."""
        if len(self._domains) == 1:
            return self._addresses[0][place], self._domains[0]
        mixed = place * self._stride % self.number
        group = bisect_right(self._ends, mixed)
        first = self._ends[group - 1] if group else 0
        return self._addresses[group][mixed - first], self._domains[group]


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of domains in a list; ``companies`` is the share of domains with ``each`` people apiece."""

    shares: Mapping[str, float]
    companies: float = 0.0
    each: int = 40


MIXES: Mapping[str, Mix] = {
    # EST: the list of a Japanese shop with customers of all ages; nobody publishes such shares
    "jp": Mix(
        shares={
            "gmail.com": 0.27,
            "docomo.ne.jp": 0.15,
            "yahoo.co.jp": 0.13,
            "icloud.com": 0.10,
            "ezweb.ne.jp": 0.06,
            "au.com": 0.03,
            "softbank.ne.jp": 0.04,
            "i.softbank.jp": 0.03,
            "hotmail.co.jp": 0.02,
            "outlook.jp": 0.02,
            "ymobile.ne.jp": 0.015,
            "yahoo.ne.jp": 0.01,
            "uqmobile.jp": 0.005,
            "rakumail.jp": 0.005,
            "nifty.com": 0.012,
            "biglobe.ne.jp": 0.010,
            "ocn.ne.jp": 0.010,
            "so-net.ne.jp": 0.006,
            "plala.or.jp": 0.004,
            "jcom.zaq.ne.jp": 0.008,
            "yahoo.com": 0.005,
        },
        companies=0.06,
    ),
}
"""Audiences to simulate without a list, by name."""


def make_audience(number: int, mix: Mix) -> Mapping[str, Sequence[str]]:
    """``number`` made-up addresses by domain; who is left over is in the first domain."""
    counts = {domain: int(number * share) for domain, share in mix.shares.items()}
    companies = int(number * mix.companies)
    for place in range(0, companies, mix.each):
        counts[f"company-{place // mix.each}.example"] = min(mix.each, companies - place)
    first = next(iter(mix.shares))
    counts[first] += number - sum(counts.values())
    return {domain: MadeUp(domain, count) for domain, count in counts.items() if count}


def group_addresses(addresses: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Addresses of a real list by domain."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for address in addresses:
        groups[domain_of(address)].append(address)
    return groups


def _coprime(wanted: int, number: int) -> int:
    """The next number from ``wanted`` that visits every place of a circle of ``number``."""
    stride = max(wanted, 1)
    while gcd(stride, number) > 1:
        stride += 1
    return stride
