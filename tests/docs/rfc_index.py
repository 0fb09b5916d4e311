"""Writes ``docs/rfc-index.md``: ``python -m tests.docs.rfc_index``."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "rfc-index.md"

TITLES = {
    1035: "Domain names: implementation",
    1468: "Japanese character encoding (ISO-2022-JP)",
    1870: "SMTP: message size declaration",
    1918: "Addresses of private networks",
    2034: "SMTP: enhanced error codes",
    2045: "MIME 1: format of bodies",
    2046: "MIME 2: media types",
    2047: "MIME 3: encoded words",
    2231: "MIME parameter values and encoded words",
    2369: "List-* header fields",
    2554: "SMTP: authentication (first version)",
    2606: "Reserved domain names",
    2919: "List-Id",
    2920: "SMTP: command pipelining",
    3207: "SMTP over TLS",
    3461: "SMTP: delivery status notifications",
    3463: "Enhanced status codes",
    3986: "URIs",
    4035: "DNSSEC: protocol",
    4193: "Addresses of private networks, IPv6",
    4291: "IPv6 addresses",
    4616: "SASL PLAIN",
    4954: "SMTP: authentication",
    5321: "SMTP",
    5322: "Internet message format",
    5801: "SASL: GS2 names",
    6376: "DKIM",
    6531: "SMTP: internationalized mail",
    6533: "Internationalized delivery notifications",
    6598: "Addresses behind a carrier's NAT",
    6698: "DANE: TLSA",
    6724: "Default address selection for IPv6",
    6749: "OAuth 2.0",
    6750: "OAuth 2.0: bearer tokens",
    6840: "DNSSEC: clarifications",
    7435: "Opportunistic security",
    7505: "Null MX",
    7628: "SASL OAUTHBEARER",
    7636: "OAuth 2.0: proof key (PKCE)",
    7671: "DANE: operational guidance",
    7672: "DANE for SMTP",
    8017: "RSA signatures (PKCS #1)",
    8058: "One-click unsubscribe",
    8252: "OAuth 2.0 for native apps",
    8301: "DKIM: algorithms and key sizes",
    8305: "Happy eyeballs: addresses of both families",
    8314: "TLS for submission and access",
    8461: "MTA-STS",
    8463: "DKIM: Ed25519",
    8628: "OAuth 2.0: device authorization",
    8689: "REQUIRETLS",
    9422: "SMTP: LIMITS",
    9700: "OAuth 2.0: security practice",
}
"""What each is about, in our words."""

_HEAD = """# Standards and where they are kept

Made from the comments of the program: `python -m tests.docs.rfc_index`. A section stands beside the line that
follows it; files are below `desktop_relay/`.

| RFC | about | sections | where |
|---|---|---|---|
"""
_LEFT_OUT = (
    (3030, "", "BDAT", "measured slower than DATA: [0010](adr/0010-data-not-bdat.md)"),
    (8460, "", "TLS reports", "a shop's computer has little to tell: [0012](adr/0012-no-tls-reports.md)"),
    (
        8689,
        "5",
        "`TLS-Required: No`",
        "no mail of ours can carry it: its header fields are a closed list (`message/builder`) that no "
        "template, identity or campaign adds to, and a shop's mail to its customers is worth protecting",
    ),
)
"""What was left out on purpose: standard, section, what, why."""

_LEFT_OUT_HEAD = """
## Left out, and why

| RFC | section | what | why |
|---|---|---|---|
"""
_CITED = re.compile(r"RFC (\d{3,4})((?:,? (?:and )?\d+(?:\.\d+)+|,? (?:and )?\d+(?=[\s:),;.]))*)")
_SECTION = re.compile(r"\d+(?:\.\d+)*")


def compose() -> str:
    """The page; raises ``KeyError`` for a standard whose title is missing."""
    sections: dict[int, set[str]] = defaultdict(set)
    places: dict[int, set[str]] = defaultdict(set)
    package = ROOT / "desktop_relay"
    for path in sorted(package.rglob("*.py")):
        for number, cited in _CITED.findall(_joined(path.read_text(encoding="utf-8"))):
            sections[int(number)].update(_SECTION.findall(cited))
            places[int(number)].add(path.relative_to(package).as_posix().removesuffix(".py"))
    rows = "".join(_row(number, sections[number], places[number]) for number in sorted(sections))
    left_out = "".join(f"| {' | '.join(map(str, row))} |\n" for row in _LEFT_OUT)
    return _HEAD + rows + _LEFT_OUT_HEAD + left_out


def _joined(text: str) -> str:
    """Comments and docstrings as running text: a number may stand on the next line."""
    return re.sub(r"\s*\n\s*(?:# )?", " ", text)


def _row(number: int, sections: set[str], places: set[str]) -> str:
    ordered = sorted(sections, key=lambda section: [int(part) for part in section.split(".")])
    where = ", ".join(f"`{place}`" for place in sorted(places))
    return f"| {number} | {TITLES[number]} | {', '.join(ordered)} | {where} |\n"


if __name__ == "__main__":
    PAGE.write_text(compose(), encoding="utf-8")
