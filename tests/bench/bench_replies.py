"""How many refusals of public collections are read rightly: ``python -m tests.bench.bench_replies``.

``--sisimai /usr/share/perl5/Sisimai/Reason --zonemta package/config/bounces.txt --mails FOLDER…``, any of
them; ``tests.bench.corpora`` says where they come from. ``--show`` prints what is read otherwise.

Right is what the collection's own label allows. The mails have none: ``replies.tsv`` holds a digest of each
reply and what the rules answered when they were written and read through, so for them it only shows changes.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from desktop_relay.domain.exchange import Exchange, Stage
from desktop_relay.domain.route import RouteKind
from desktop_relay.policy.classify import judge
from desktop_relay.policy.profiles import parse_profiles
from desktop_relay.protocol.reply import parse_reply_text
from resources import locate
from tests.bench.corpora import Refusal, read_mails, read_sisimai, read_zonemta

_STANDING = "blocked bad_reputation auth_failure policy"
_PACE = "throttled connection_limit session_limit too_many_recipients"

_SISIMAI: Mapping[str, tuple[str, str, str]] = {
    # label: stage, code, reasons that say the same
    "userunknown": ("rcpt", "550", "unknown_user mailbox_disabled bad_address filtered relay_denied"),
    "suspend": ("rcpt", "550", "mailbox_disabled unknown_user"),
    "hasmoved": ("rcpt", "550", "mailbox_disabled unknown_user"),
    "mailboxfull": ("rcpt", "550", "mailbox_full"),
    "filtered": ("dot", "550", "filtered unknown_user content mailbox_disabled policy"),
    "blocked": ("rcpt", "550", f"{_STANDING} throttled"),
    "rejected": ("mail", "550", f"{_STANDING} sender_refused"),
    "policyviolation": ("dot", "550", f"{_STANDING} content protocol filtered"),
    "spamdetected": ("dot", "550", "content blocked bad_reputation greylisted"),
    "virusdetected": ("dot", "550", "content"),
    "contenterror": ("dot", "550", "protocol content"),
    "mesgtoobig": ("dot", "552", "too_big"),
    "exceedlimit": ("dot", "550", "too_big"),
    "norelaying": ("rcpt", "550", "relay_denied login_failed"),
    "hostunknown": ("rcpt", "550", "no_such_domain unknown_user bad_address"),
    "toomanyconn": ("rcpt", "450", f"{_PACE} server_busy"),
    "securityerror": ("rcpt", "550", f"{_STANDING} content login_failed tls_failed protocol relay_denied"),
    "systemerror": ("rcpt", "451", "server_busy other_temporary dns_temporary"),
    "networkerror": ("rcpt", "451", "server_busy other_temporary dns_temporary"),
    "systemfull": ("rcpt", "452", "mailbox_full server_busy"),
    "syntaxerror": ("rcpt", "501", "protocol"),
}
"""Labels about delays, auto-replies and the sender's own server are no replies to us and stand outside."""

_ZONEMTA: Mapping[str, str] = {
    "blacklist": _STANDING,
    "recipient": "unknown_user mailbox_disabled bad_address",
    "spam": "content blocked bad_reputation",
    "capacity": "mailbox_full server_busy",
    "greylist": "greylisted",
    "policy": "policy auth_failure",
    "network": "dns_temporary no_such_domain server_busy",
    "other": "",
}

_CARRIERS = parse_profiles(locate("carriers", "carriers.toml").read_text(encoding="utf-8"))


def reason_of(stage: str, text: str) -> str:
    """What the general rules say of a second attempt straight to a server of no carrier of ours."""
    reply = parse_reply_text(int(text[:3]), text[4:])
    verdict = judge(
        Exchange(Stage(stage), reply=reply),
        lane="example.test",
        directory=_CARRIERS,
        attempts=2,
        at=datetime(2026, 11, 1, tzinfo=UTC),
        expires_at=None,
        route_kind=RouteKind.DIRECT,
        jitter=0.5,
    )
    return verdict.outcome.reason.value


def digest_of(refusal: Refusal) -> str:
    """What stands for a reply in ``replies.tsv``."""
    return sha256(f"{refusal.stage} {refusal.text}".encode()).hexdigest()[:16]


Case = tuple[str, str, str, str]
"""The collection's label, the stage, the reply, and the reasons that are right."""


def _cases_of_sisimai(refusals: Iterable[Refusal]) -> Iterator[Case]:
    for refusal in refusals:
        if refusal.label in _SISIMAI:
            stage, code, allowed = _SISIMAI[refusal.label]
            yield refusal.label, stage, f"{code} {refusal.text}", allowed


def _cases_of_zonemta(refusals: Iterable[Refusal]) -> Iterator[Case]:
    for refusal in refusals:
        stage = "dot" if refusal.label == "spam" else "rcpt"
        yield refusal.label, stage, refusal.text, _ZONEMTA[refusal.label]


def _cases_of_mails(refusals: Iterable[Refusal]) -> Iterator[Case]:
    with Path(__file__).with_name("replies.tsv").open(encoding="utf-8") as file:
        written = dict(csv.reader(file, delimiter="\t"))
    for refusal in refusals:
        yield "", refusal.stage, refusal.text, written.get(digest_of(refusal), "")


def _tell(name: str, cases: Iterable[Case], *, show: bool) -> None:
    right = count = 0
    for label, stage, text, allowed in cases:
        found = reason_of(stage, text)
        count += 1
        right += found in allowed.split()
        if show and found not in allowed.split():
            print(f"  {label or '-'} | {found} | {stage} | {text[:120]}")
    print(f"{name:40}{count:7}{right:7}{right / max(count, 1):8.1%}")


def main() -> None:
    """Read, judge and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sisimai", type=Path)
    arguments.add_argument("--zonemta", type=Path)
    arguments.add_argument("--mails", type=Path, nargs="*", default=[])
    arguments.add_argument("--show", action="store_true")
    chosen = arguments.parse_args()
    print(f"{'collection':40}{'replies':>7}{'right':>7}{'share':>8}")
    if chosen.sisimai:
        _tell("Sisimai's phrases", _cases_of_sisimai(read_sisimai(chosen.sisimai)), show=chosen.show)
    if chosen.zonemta:
        _tell(
            "replies ZoneMTA's rules quote", _cases_of_zonemta(read_zonemta(chosen.zonemta)), show=chosen.show
        )
    if chosen.mails:
        _tell(
            "replies inside bounces, unchanged", _cases_of_mails(read_mails(*chosen.mails)), show=chosen.show
        )


if __name__ == "__main__":
    main()
