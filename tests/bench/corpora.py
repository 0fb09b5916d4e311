"""Public collections of refusals, read where they were unpacked; nothing of them is kept here.

The rules were written with these at hand:

- the Debian package ``libsisimai-perl``: what Sisimai's reasons look for, each alternative written out;
- the npm package ``zone-mta``: the replies that its ``config/bounces.txt`` quotes above its rules;
- bounces as mails: ``tests/data`` of the source of the PyPI package ``flufl.bounce``, and ``t/corpus`` of
  the source of the Debian package ``libmail-deliverystatus-bounceparser-perl``.

These were not, when they were measured (docs/replies.md); half A was read for the first mending, both for the
second. Others labelled them (GitHub repository, commit, file); ``labelled.tsv`` beside this file
has a digest of each reply that was measured:

- ``mails``: sisimai/rb-sisimai, sisimai/p5-sisimai and sisimai/set-of-emails, the bounces of exim, postfix
  and sendmail and of ``rhost-*`` under ``maildir`` (each mail has a commit of its own), with the reason that
  ``test/public/lhost-*.rb`` of sisimai/rb-sisimai expects;
- ``hammer``: yaslama/bouncehammer 10075f6, ``examples/hammer.1970-01-01.ffffffff.000000.tmp``;
- ``included``: sisimai/go-sisimai 02cb732, ``reason/02-includedin_test.go``;
- ``rhost``: sisimai/go-sisimai 02714b7 (google 0068fc8, microsoft 1254c61, yahooinc 10a375f, tencent and
  messagelabs 0babe5a, cloudflare 2143e0c, zoho 657974f), ``rhost/for-*.go``: the reply quoted above an entry,
  else the entry's own words behind its code;
- ``bmh``: voku/PHPMailer-BMH 106453e, ``src/BounceMailHandler/phpmailer-bmh_rules.php``, its samples;
- ``kumo``: KumoCorp/kumomta 014ac24, ``assets/community/bounces.toml``, each expression written out;
- ``postalsys``: postalsys/bounce-classifier 031789a, ``test/test.js``, the texts under "should classify".
"""

from __future__ import annotations

import csv
import re
import re._constants as ops  # type: ignore[import-not-found]  # typeshed has no private modules
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

_MOST = 4_000  # alternatives written out of one expression
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_EXPRESSION = re.compile(r"qr(?:\{(.*?)\n?\s*\}x;|/(.*?)/x;?)", re.S)
_SAMPLE = re.compile(r"#\s*([45]\d\d[ -].*)")
_SAID = re.compile(r"said:\s+([245]\d\d[ -].*?)\s*\(in\s+reply\s+to\s+(.*?)(?:\s+command)?\)", re.S)
_ARROWS = re.compile(r">>> (MAIL|RCPT|DATA|\.|EHLO|HELO)[^\n]*\n((?:\s*<<< [45]\d\d[^\n]*\n)+)")
_DIAGNOSTIC = re.compile(r"^Diagnostic-Code:\s*smtp;\s*((?:[^\n]|\n[ \t])+)", re.I | re.M)
_REMOTE = re.compile(r"Remote host said:\s*([45]\d\d[ -][^\n]*(?:\n[^\n]+)?)")
_STAGES = {"MAIL": "mail", "RCPT": "rcpt", "DATA": "data", "end": "dot", ".": "dot", "EHLO": "ehlo"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply with its code in front, and where it was given; ``label`` is the collection's word for it.

    ``lane`` is a carrier of ours that gave it, ``day`` the day of the mail, where the collection tells.
    """

    label: str
    stage: str
    text: str
    collection: str = ""
    lane: str = ""
    day: date | None = None

    @property
    def digest(self) -> str:
        """What stands for it in files that keep no texts of others."""
        return sha256(f"{self.stage} {self.text}".encode()).hexdigest()[:16]

    @property
    def loose(self) -> str:
        """Its words alone, without case, addresses and numbers: two that agree in them are one."""
        text = re.sub(r"<[^>]*>|\S+@\S+|\d+", " ", self.text.lower())
        return re.sub(r"[^a-z\u0080-\uffff]+", " ", text).strip()

    @property
    def half(self) -> str:
        """``A`` or ``B``: the rules were mended with A first, while B only measured them."""
        return "AB"[int(sha256(self.loose.encode()).hexdigest()[0], 16) % 2]


def read_labelled(file: Path) -> Iterator[Refusal]:
    """The rows of a table of the labelled collections: collection, label, stage, lane, day, reply."""
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.reader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            collection, label, stage, lane, day, text = row
            yield Refusal(label, stage, text, collection, lane, date.fromisoformat(day) if day else None)


def read_sisimai(folder: Path) -> Iterator[Refusal]:
    """Every alternative of every reason in ``Sisimai/Reason``; stage and code are left to the reader."""
    for file in sorted(folder.glob("*.pm")):
        source = file.read_text(encoding="utf-8")
        phrases: set[str] = set()
        for found in _EXPRESSION.finditer(source):
            expression = (found[1] or found[2]).replace("\\z", "")
            phrases.update(text.strip() for text in _written_out(parser.parse(expression, re.X)))
        body = source.split("sub match", 1)[-1].split("\n}\n", 1)[0]
        for found in _QUOTED.finditer(re.sub(r"(?m)^\s*#.*$", "", body)):
            phrases.add((found[1] or found[2] or "").replace("\\'", "'").replace("\\@", "@").strip())
        for phrase in sorted(phrases):
            if len(phrase) > len("spam") and "[ ]" not in phrase:  # else a quote inside an expression
                yield Refusal(file.stem.lower(), "", phrase)


def read_zonemta(file: Path) -> Iterator[Refusal]:
    """The replies that stand in comments, with the category of the rule below."""
    waiting: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if sample := _SAMPLE.match(line):
            waiting.append(sample[1])
        elif line.strip() and not line.startswith("#"):
            parts = line.split(",")
            action = next(n for n, part in enumerate(parts) if part in {"reject", "defer", "slowdown"})
            yield from (Refusal(parts[action + 1], "", text) for text in waiting)
            waiting.clear()


def read_mails(*folders: Path) -> Iterator[Refusal]:
    """The SMTP replies inside bounces, each once, with the command they answered where that is told."""
    seen: dict[str, str] = {}
    for file in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
        mail = file.read_bytes().decode("latin-1").replace("\r\n", "\n")
        for stage, text in _replies_in(mail):
            reply = re.sub(r" [245]\d\d[- ]", " ", re.sub(r"\s+", " ", text).strip())
            if re.match(r"[45]\d\d", reply) and (stage or reply not in seen):
                seen[reply] = stage or seen.get(reply, "")
    yield from (Refusal("", stage or "rcpt", reply) for reply, stage in seen.items())


def _replies_in(mail: str) -> Iterator[tuple[str, str]]:
    for found in _SAID.finditer(mail):
        yield _STAGES.get(found[2].split()[0], "rcpt"), found[1]
    for found in _ARROWS.finditer(mail):
        lines = [line.strip().removeprefix("<<< ") for line in found[2].strip().splitlines()]
        yield _STAGES.get(found[1], "ehlo"), lines[0] + " " + " ".join(line[4:] for line in lines[1:])
    for expression in (_DIAGNOSTIC, _REMOTE):
        for found in expression.finditer(mail):
            if "in reply to" not in found[1]:
                yield "", found[1]


def _written_out(tree: Any) -> list[str]:
    """What an expression matches, one text for each alternative."""
    texts = [""]
    for op, value in tree:
        texts = [text + end for text in texts for end in _ends(op, value)][:_MOST]
    return texts


def _ends(op: Any, value: Any) -> list[str]:
    if op is ops.LITERAL:
        return [chr(value)]
    if op is ops.BRANCH:
        return [text for branch in value[1] for text in _written_out(branch)]
    if op is ops.SUBPATTERN:
        return _written_out(value[3])
    if op is ops.ATOMIC_GROUP:
        return _written_out(value)
    if op is ops.IN:
        return (
            [chr(value[0][1])] if value[0][0] is ops.LITERAL else ["1" if value[0][0] is ops.RANGE else "x"]
        )
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, most, repeated = value
        times = 3 if most is ops.MAXREPEAT else least  # "something" is three characters long
        return [text * times for text in _written_out(repeated)]
    return ["" if op is ops.AT else "x"]
