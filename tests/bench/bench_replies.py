"""How many refusals of public collections are read rightly: ``python -m tests.bench.bench_replies``.

``--labelled FILE`` was the measure: replies that others labelled and that no rule was written with until both
halves had been measured (docs/replies.md); by now the rules are mended with them as well.
``--sisimai /usr/share/perl5/Sisimai/Reason --zonemta package/config/bounces.txt --mails FOLDER…`` are those
that they were written with; given together with the measure, its part that has none of their words is told
apart. ``tests.bench.corpora`` says where all of it comes from. ``--show`` prints what is read otherwise.

Right is what the collection's own label allows (``tests.bench.labels``). The mails have none: ``replies.tsv``
holds what the rules answered when they were written, so for them it only shows changes.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from desktop_relay.domain.exchange import Exchange, Stage
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.route import RouteKind
from desktop_relay.policy.classify import judge
from desktop_relay.policy.profiles import parse_profiles
from desktop_relay.policy.reactions import ADDRESS_IS_DEAD
from desktop_relay.protocol.reply import parse_reply_text
from resources import locate
from tests.bench.corpora import Refusal, read_labelled, read_mails, read_sisimai, read_zonemta
from tests.bench.labels import allowed_by, is_known

_PHRASES: Mapping[str, tuple[str, str]] = {
    # where Sisimai's bare phrases are said, and with which code; others at RCPT with 550
    "filtered": ("dot", "550"),
    "rejected": ("mail", "550"),
    "policyviolation": ("dot", "550"),
    "spamdetected": ("dot", "550"),
    "virusdetected": ("dot", "550"),
    "contenterror": ("dot", "550"),
    "mesgtoobig": ("dot", "552"),
    "exceedlimit": ("dot", "550"),
    "toomanyconn": ("rcpt", "450"),
    "systemerror": ("rcpt", "451"),
    "networkerror": ("rcpt", "451"),
    "systemfull": ("rcpt", "452"),
    "syntaxerror": ("rcpt", "501"),
}
_DEAD = frozenset(reason.value for reason in ADDRESS_IS_DEAD)
_GONE = _DEAD | {Reason.BAD_ADDRESS, Reason.NO_SUCH_DOMAIN}
_WORDS = 8  # characters of a phrase that makes a reply a seen one
_TODAY = date(2026, 11, 1)
_CARRIERS = parse_profiles(locate("carriers", "carriers.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Case:
    """A reply, what the rules say of it, and what they may say."""

    refusal: Refusal
    outcome: Outcome
    allowed: frozenset[str]

    @property
    def right(self) -> bool:
        return self.outcome.reason in self.allowed

    @property
    def buries_the_living(self) -> bool:
        """An address would be taken off the list for ever that nobody called dead."""
        dead = self.outcome.reason in _DEAD and self.outcome.disposition is Disposition.BOUNCED
        return dead and not self.allowed & _DEAD

    @property
    def keeps_the_dead(self) -> bool:
        allowed = self.allowed - {Reason.MAILBOX_UNAVAILABLE}  # right to say, but nothing is done about it
        return allowed <= _GONE and self.outcome.reason not in _GONE


def outcome_of(refusal: Refusal) -> Outcome:
    """What the rules say of a second attempt straight to the server that gave the reply."""
    reply = parse_reply_text(int(refusal.text[:3]), refusal.text[4:])
    verdict = judge(
        Exchange(Stage(refusal.stage), reply=reply),
        lane=refusal.lane or "example.test",
        directory=_CARRIERS,
        attempts=2,
        at=datetime.combine(refusal.day or _TODAY, time(), UTC),
        expires_at=None,
        route_kind=RouteKind.DIRECT,
        jitter=0.5,
    )
    return verdict.outcome


def _labelled(refusals: Iterable[Refusal]) -> Iterator[Case]:
    for refusal in refusals:
        yield Case(refusal, outcome_of(refusal), allowed_by(refusal.collection, refusal.label))


def _phrases(folder: Path) -> Iterator[Refusal]:
    for phrase in read_sisimai(folder):
        if is_known("sisimai", phrase.label):
            stage, code = _PHRASES.get(phrase.label, ("rcpt", "550"))
            yield replace(phrase, stage=stage, text=f"{code} {phrase.text}", collection="sisimai")


def _quotes(file: Path) -> Iterator[Refusal]:
    for quote in read_zonemta(file):
        yield replace(quote, stage="dot" if quote.label == "spam" else "rcpt", collection="zonemta")


def _unchanged(refusals: Iterable[Refusal]) -> Iterator[Case]:
    with Path(__file__).with_name("replies.tsv").open(encoding="utf-8") as file:
        written = dict(csv.reader(file, delimiter="\t"))
    for refusal in refusals:
        yield Case(refusal, outcome_of(refusal), frozenset(written.get(refusal.digest, "").split()))


def _tell(name: str, cases: Sequence[Case], *, show: bool = False) -> None:
    right = sum(case.right for case in cases)
    living = sum(case.buries_the_living for case in cases)
    kept = sum(case.keeps_the_dead for case in cases)
    print(f"{name:40}{len(cases):7}{right:7}{right / max(len(cases), 1):8.1%}{living:8}{kept:6}")
    for case in cases if show else ():
        if not case.right:
            said = case.refusal
            print(f"  {said.label or '-'} | {case.outcome.reason} | {said.stage} | {said.text[:120]}")


def _tell_labelled(file: Path, seen: Callable[[Refusal], bool] | None, *, show: bool) -> None:
    with Path(__file__).with_name("labelled.tsv").open(encoding="utf-8") as rows:
        measured = {row[0] for row in csv.reader(rows, delimiter="\t")}
    cases = list(_labelled(read_labelled(file)))
    missing = measured - {case.refusal.digest for case in cases}
    print(f"labelled replies: {len(cases)} here, {len(missing)} of those measured are missing")
    for collection in sorted({case.refusal.collection for case in cases}):
        _tell(f"  {collection}", [case for case in cases if case.refusal.collection == collection])
    if seen is not None:
        _tell("  without the words of the tuned ones", [case for case in cases if not seen(case.refusal)])
    _tell("  half A", [case for case in cases if case.refusal.half == "A"], show=show)
    _tell("  half B", [case for case in cases if case.refusal.half == "B"], show=show)
    _tell("  all", cases)


def main() -> None:
    """Read, judge and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--labelled", type=Path)
    arguments.add_argument("--sisimai", type=Path)
    arguments.add_argument("--zonemta", type=Path)
    arguments.add_argument("--mails", type=Path, nargs="*", default=[])
    arguments.add_argument("--show", action="store_true")
    chosen = arguments.parse_args()
    phrases = list(_phrases(chosen.sisimai)) if chosen.sisimai else []
    quotes = list(_quotes(chosen.zonemta)) if chosen.zonemta else []
    mails = list(read_mails(*chosen.mails))
    known = read_sisimai(chosen.sisimai) if chosen.sisimai else ()
    words = {phrase.text.lower() for phrase in known if len(phrase.text) >= _WORDS}
    forms = {refusal.loose for refusal in (*quotes, *mails)}

    def seen(refusal: Refusal) -> bool:
        return refusal.loose in forms or any(phrase in refusal.text.lower() for phrase in words)

    print(f"{'collection':40}{'replies':>7}{'right':>7}{'share':>8}{'buried':>8}{'kept':>6}")
    if chosen.labelled:
        _tell_labelled(chosen.labelled, seen if words and forms else None, show=chosen.show)
    if phrases:
        _tell("Sisimai's phrases", list(_labelled(phrases)), show=chosen.show)
    if quotes:
        _tell("replies ZoneMTA's rules quote", list(_labelled(quotes)), show=chosen.show)
    if mails:
        _tell("replies inside bounces, unchanged", list(_unchanged(mails)), show=chosen.show)


if __name__ == "__main__":
    main()
