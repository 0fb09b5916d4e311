"""The file of practice carriers: read and validated as a whole before anything listens."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.transport.resolver import MxRecord
from desktop_relay.transport.sandbox.carriers import (
    RESET,
    Behaviour,
    Carrier,
    Carriers,
    Hosting,
    Limits,
    MailHosts,
)
from desktop_relay.transport.sandbox.fate import Fate
from resources import locate

_SCHEMA = 1
_REPLY_LINE = re.compile(r"([245]\d\d)([ -])\S.*")
_NAMES = {"rcpt": "", "domain": "", "host": "", "seconds": 0, "queue": "", "header": ""}
_NEEDS_REPLY = frozenset(Fate) - {Fate.ACCEPT, Fate.SLOW, Fate.RESET, Fate.DROP_TAKEN, Fate.DROP_LOST}
_ONLY_AT_DOT = frozenset({Fate.DROP_TAKEN, Fate.DROP_LOST})


def load_carriers() -> Carriers:
    """The bundled carriers; raises ``BadInput`` (``profile_invalid``)."""
    return parse_carriers(locate("sandbox", "carriers.toml").read_text(encoding="utf-8"))


def parse_carriers(text: str) -> Carriers:
    """The carriers of a file's text; raises ``BadInput`` (``profile_invalid``) with the place."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid("sandbox", str(error)) from error
    file = _Table("sandbox", document)
    if file.take("schema", int) != _SCHEMA:
        raise _invalid("schema", "unknown version")
    common = file.take("common", dict)
    carriers = file.take("carrier", dict)
    file.done()
    found = tuple(_carrier(name, _merge(common, own)) for name, own in carriers.items())
    if not found or found[-1].hosted is None or found[-1].hosted.share < 1.0:
        raise _invalid("carrier", "the last one must take whatever the others leave")
    return Carriers(found)


def _merge(common: Mapping[str, Any], own: Any) -> dict[str, Any]:
    """A carrier on top of what all have in common; a fate is replaced as a whole."""
    if not isinstance(own, dict):
        return {}
    merged = {**common, **own}
    for part in ("limits", "fates"):
        merged[part] = {**common.get(part, {}), **own.get(part, {})}
    return merged


def _carrier(name: str, values: dict[str, Any]) -> Carrier:
    table = _Table(f"carrier.{name}", values)
    carrier = Carrier(
        name=name,
        title=table.take("title", str),
        banner=table.take("banner", str),
        mail=tuple(_mail(f"carrier.{name}.mail", entry) for entry in table.take("mail", list)),
        hosted=_hosting(f"carrier.{name}.hosted", table.take("hosted", dict, None)),
        extensions=table.texts("extensions"),
        size=table.take("size", int),
        starttls=table.take("starttls", bool),
        accepted=table.reply("accepted"),
        no_recipients=table.reply("no_recipients"),
        relay_denied=table.reply("relay_denied"),
        bad_address=table.reply("bad_address"),
        header_missing=table.reply("header_missing"),
        required_headers=table.texts("required_headers"),
        limits=_limits(f"carrier.{name}.limits", table.take("limits", dict)),
        behaviours=_behaviours(f"carrier.{name}.fates", table.take("fates", dict)),
    )
    table.done()
    return carrier


def _mail(where: str, values: Any) -> MailHosts:
    table = _Table(where, values)
    mail = MailHosts(table.texts("domains"), _hosts(where, table.texts("hosts")))
    table.done()
    return mail


def _hosting(where: str, values: Any) -> Hosting | None:
    if values is None:
        return None
    table = _Table(where, values)
    hosting = Hosting(table.number("share", most=1.0), _hosts(where, table.texts("hosts")))
    table.done()
    return hosting


def _hosts(where: str, texts: tuple[str, ...]) -> tuple[MxRecord, ...]:
    records = []
    for text in texts:
        preference, _, host = text.partition(" ")
        if not preference.isdecimal() or not host or " " in host:
            raise _invalid(where, f"no preference and host: {text!r}")
        records.append(MxRecord(int(preference), host))
    if not records:
        raise _invalid(where, "no host")
    return tuple(records)


def _limits(where: str, values: Any) -> Limits:
    table = _Table(where, values)
    kinds = {field.name: field.type for field in fields(Limits)}
    read: dict[str, Any] = {}
    for name, kind in kinds.items():
        match kind:
            case "bool":
                read[name] = table.take(name, bool)
            case "str":
                read[name] = table.reply(name, or_reset=True)
            case "int":
                read[name] = int(table.number(name))
            case _:
                read[name] = table.number(name)
    table.done()
    return Limits(**read)


def _behaviours(where: str, values: Any) -> Mapping[Fate, Behaviour]:
    behaviours = {}
    for name, entry in values.items():
        if name not in Fate.__members__.values():
            raise _invalid(where, f"no such fate: {name!r}")
        behaviours[Fate(name)] = _behaviour(f"{where}.{name}", Fate(name), entry)
    if sum(behaviour.share for behaviour in behaviours.values()) > 1.0:
        raise _invalid(where, "the shares add up to more than 1")
    if missing := frozenset(Fate) - {Fate.ACCEPT} - behaviours.keys():
        raise _invalid(where, f"no {min(missing)}")
    return behaviours


def _behaviour(where: str, fate: Fate, values: Any) -> Behaviour:
    table = _Table(where, values)
    behaviour = Behaviour(
        share=table.number("share", most=1.0),
        reply=table.reply("reply") if fate in _NEEDS_REPLY else "",
        at_dot=table.take("at_dot", bool, False),
        seconds=table.number("seconds", default=0.0),
    )
    table.done()
    if fate in _ONLY_AT_DOT and not behaviour.at_dot:
        raise _invalid(where, "only possible at_dot")
    return behaviour


class _Table:
    """One table of the file, from which every value is taken once, by name and type."""

    def __init__(self, where: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise _invalid(where, "not a table")
        self._where = where
        self._left = dict(values)

    def take(self, name: str, kind: type, *default: Any) -> Any:
        """The value; the default when it is missing and there is one."""
        if name not in self._left and default:
            return default[0]
        value = self._left.pop(name, None)
        if type(value) is not kind:
            raise _invalid(f"{self._where}.{name}", f"not a {kind.__name__}: {value!r}")
        return value

    def number(self, name: str, *, most: float | None = None, default: float | None = None) -> float:
        """A number from 0."""
        value = self._left.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise _invalid(f"{self._where}.{name}", f"no number from 0: {value!r}")
        if most is not None and value > most:
            raise _invalid(f"{self._where}.{name}", f"more than {most}")
        return float(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.take(name, list)
        if not all(isinstance(value, str) for value in values):
            raise _invalid(f"{self._where}.{name}", "not all texts")
        return tuple(values)

    def reply(self, name: str, *, or_reset: bool = False) -> str:
        """A reply of one or more lines with known placeholders (RFC 5321 4.2.1)."""
        text: str = self.take(name, str)
        if or_reset and text == RESET:
            return text
        lines = [_REPLY_LINE.fullmatch(line) for line in text.split("\n")]
        shapes = ["" if line is None else line[1] + line[2] for line in lines]
        if shapes != [f"{text[:3]}-"] * (len(lines) - 1) + [f"{text[:3]} "] or not text.isascii():
            raise _invalid(f"{self._where}.{name}", f"not a reply: {text!r}")
        try:
            text.format(**_NAMES)
        except (KeyError, IndexError, ValueError) as error:
            raise _invalid(f"{self._where}.{name}", f"unknown placeholder: {text!r}") from error
        return text

    def done(self) -> None:
        """Nothing may be left, or a name was misspelt."""
        if self._left:
            raise _invalid(self._where, f"unknown: {', '.join(sorted(self._left))}")


def _invalid(where: str, problem: str) -> BadInput:
    return BadInput(ErrorCode.PROFILE_INVALID, where=where, problem=problem)
