"""The address that mail leaves this line from, as receivers see it, and what they may hold against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AddressDoubt(StrEnum):
    """Why receivers mistrust an address before they have read a word of what comes from it."""

    NONE = ""
    NO_NAME = "no_name"  # it has no name in the DNS (PTR)
    LEADS_ELSEWHERE = "leads_elsewhere"  # it has one, which does not lead back to it
    HOME_LINE = "home_line"  # its name is one that providers give to the lines of households


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """``ip`` as text, and the ``name`` that speaks for it or against it, empty where there is none."""

    ip: str
    name: str = ""
    doubt: AddressDoubt = AddressDoubt.NONE
