"""Writes ``docs/carriers.md``: ``python -m tests.docs.carriers``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop_relay.operations.carriers import load_directory
from desktop_relay.policy.profiles import Directory, Standing

PAGE = Path(__file__).resolve().parents[2] / "docs" / "carriers.md"

_LIMITS = {
    "messages_per_second": "messages a second",
    "messages_per_minute": "messages a minute",
    "messages_per_hour": "messages an hour",
    "messages_per_day": "messages in 24 hours",
    "connections": "connections",
    "connections_per_minute": "connections opened a minute",
    "messages_per_connection": "messages a connection",
    "recipients_per_session": "recipients a session",
    "session_seconds": "seconds a session",
    "idle_seconds": "seconds idle",
    "message_bytes": "largest message (octets)",
}
_SHOWN_DOMAINS = 12

_HEAD = """# Carriers

How fast mail goes to whom, and how anybody knows. Every mail passes the lane of its carrier; a lane has the
limits below, all at once, until replies slow it, or until you set your own (`desktop-relay lane set`); what
you set stays when these numbers change. How they are kept: `docs/throttling.md`. The rules by which
replies are understood stand in `resources/carriers/carriers.toml`, from which this page is made:
`python -m tests.docs.carriers`.

What the words mean: **published** by the carrier itself · **verified** in running software's configuration,
or observed · **secondary**: somebody else's report · **estimate** (marked *EST*): ours. No Japanese carrier
publishes a pace.

## At a glance

| lane | carrier | messages a minute | connections | messages a connection |
|---|---|---|---|---|
"""


def compose() -> str:
    """The page."""
    directory = load_directory()
    keys = [*directory.profiles, "default"]
    rows = "".join(_row(directory, key) for key in keys)
    return _HEAD + rows + "".join(_section(directory, key) for key in keys)


def _row(directory: Directory, key: str) -> str:
    profile = directory.profiles.get(key, directory.default)
    standings = directory.standings[key]
    limits = ("messages_per_minute", "connections", "messages_per_connection")
    cells = [_value(standings.get(limit)) for limit in limits]
    return f"| `{key}` | {profile.name} · {profile.name_ja} | {' | '.join(cells)} |\n"


def _section(directory: Directory, key: str) -> str:
    profile = directory.profiles.get(key, directory.default)
    lines = [f"\n## {profile.name} · {profile.name_ja} (`{key}`)\n"]
    if key == "default":
        lines.append("Every domain that no other profile knows; each goes in a lane of its own.\n")
    if profile.domains:
        lines.append(f"- domains: {_names(profile.domains)}")
    if profile.mx:
        lines.append(f"- mail servers: {_names(profile.mx)}")
    if profile.own_lane_per_mx:
        lines.append("- each server has a lane of its own")
    grounds = directory.encrypted.get(key)
    if grounds is not None:
        lines.append(f"- never in the clear ({grounds.confidence}, {grounds.dated}): {grounds.source}")
        lines.append(f"  · 暗号化なしでは送らない: {grounds.source_ja}")
    lines += [
        "",
        "| limit | value | unit | standing | looked up | source | 根拠 |",
        "|---|---|---|---|---|---|---|",
    ]
    for limit, words in _LIMITS.items():
        standing = directory.standings[key].get(limit)
        if standing is not None:
            cells = (
                words,
                _value(standing),
                standing.unit,
                standing.confidence.value,
                standing.dated,
                standing.source,
                standing.source_ja,
            )
            lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _value(standing: Standing | None) -> str:
    if standing is None:
        return "no limit"
    mark = " *EST*" if standing.confidence.value == "estimate" else ""
    return f"{standing.value:,.10g}{mark}"


def _names(names: Sequence[str]) -> str:
    """A leading dot stands for everything below."""
    shown = ", ".join(f"`{'*' if name.startswith('.') else ''}{name}`" for name in names[:_SHOWN_DOMAINS])
    more = len(names) - _SHOWN_DOMAINS
    return f"{shown} and {more} more" if more > 0 else shown


if __name__ == "__main__":
    PAGE.write_text(compose(), encoding="utf-8")
