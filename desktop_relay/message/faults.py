"""What is wrong with a template, as a code of the section ``template_faults``: Jinja2 speaks English."""

from __future__ import annotations

import re

_KNOWN = (
    ("unended", re.compile(r"block that needs to be closed is '([^']*)'")),
    ("unclosed", re.compile(r"[Uu]nexpected end of template|Missing end of")),
    ("unknown_tag", re.compile(r"unknown tag '([^']*)'")),
    ("unknown_filter", re.compile(r"[Nn]o filter named '([^']*)'|^\|(.+)")),
    ("unknown_test", re.compile(r"[Nn]o test named '([^']*)'|^is (.+)")),
    ("too_deep", re.compile(r"^(?:IndentationError|RecursionError|MemoryError|SyntaxError)$")),
    ("not_offered", re.compile(r"^([a-z]+|\.\w+|\w*\(\))$")),
)


def fault_of(detail: str) -> str:
    """The code for what the compiler says, with the name that it is about behind a colon."""
    for code, pattern in _KNOWN:
        found = pattern.search(detail)
        if found is not None:
            names = [name for name in found.groups() if name]
            return f"{code}: {names[0]}" if names else code
    return "misread"
