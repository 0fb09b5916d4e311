"""A template's mistakes in words: which part, which line, and what is wrong there."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.errors import ErrorCode, RelayError

from ui.context import Context


def describe_problem(context: Context, problem: RelayError) -> str:
    """The sentence of a rendering problem."""
    if problem.code not in (ErrorCode.TEMPLATE_BROKEN, ErrorCode.TEMPLATE_TOO_SLOW):
        return context.describe(problem)
    params = dict(problem.params)
    params["part"] = part_word(str(params.get("part", "")))
    params["detail"] = describe_detail(str(params.get("detail", "")))
    return context.phrase("errors", problem.code.value, **params).strip()


def part_word(part: str) -> str:
    """What people call a part of a template."""
    words = {
        "subject": QCoreApplication.translate("Mistakes", "subject"),
        "html": QCoreApplication.translate("Mistakes", "HTML"),
        "text": QCoreApplication.translate("Mistakes", "text"),
    }
    return words.get(part, part)


def describe_detail(detail: str) -> str:
    """What the template language says, as people say it; its own words where it says something rare."""
    if "unexpected end of template" in detail.lower() or "Unexpected end" in detail:
        return QCoreApplication.translate(
            "Mistakes", "Something that was opened with {{ or {% is not closed."
        )
    tag = re.search(r"unknown tag '([^']*)'", detail)
    if tag is not None:
        return QCoreApplication.translate("Mistakes", "There is no instruction “{name}”.").format(name=tag[1])
    name = re.search(r"[Nn]o filter named '([^']*)'", detail)
    if name is not None:
        return QCoreApplication.translate("Mistakes", "There is no filter “{name}”.").format(name=name[1])
    if "xpected" in detail:
        return QCoreApplication.translate(
            "Mistakes", "What stands between the braces there cannot be understood."
        )
    return detail
