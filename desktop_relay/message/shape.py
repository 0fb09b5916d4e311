"""Templates that fare alike with all contacts of one shape, so that one of each tells for the others.

A contact's shape says of each field that a template names whether it is missing, empty or filled. Where
nothing but that decides what a template does, its rendering fails for all of a shape or for none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.template import Template
from desktop_relay.message.language import LONGEST_TEXT, MOST_WORK, MergeEnvironment

LONGEST_ORDINARY = 200
"""Characters of a value up to which its length makes no difference."""

_MOST_TAGS = 500
_LONGEST_SOURCE = LONGEST_TEXT // 2
_GROWTH = 9  # the most that a filter makes of one character: a percent-encoded one of three octets
assert _MOST_TAGS * LONGEST_ORDINARY * _GROWTH + _LONGEST_SOURCE <= LONGEST_TEXT
assert _MOST_TAGS * 2 < MOST_WORK

_ENVIRONMENT = MergeEnvironment(html=True)


@dataclass(frozen=True, slots=True)
class ShapedTemplate:
    """``fields`` are named in it; those of ``header`` in the subject, where no control character may come."""

    fields: tuple[str, ...]
    header: frozenset[str]


def shape_template(template: Template) -> ShapedTemplate | None:
    """What a shape has to tell for this template; ``None`` where people have to be looked at one by one."""
    parts = [template.subject.strip(), template.html, template.text]
    try:
        parsed = [_ENVIRONMENT.parse(source) for source in parts]
    except (TemplateSyntaxError, RecursionError, ValueError):
        return None
    tags = sum(1 for part in parsed for _ in part.find_all((nodes.Name, nodes.Call, nodes.Filter)))
    if tags > _MOST_TAGS or max(map(len, parts)) > _LONGEST_SOURCE or not all(map(_is_told, parsed)):
        return None
    names = [_names(part) for part in parsed]
    return ShapedTemplate(tuple(sorted(set().union(*names))), frozenset(names[0]))


def _names(part: nodes.Template) -> set[str]:
    calls = list(part.find_all(nodes.Call))
    functions = {id(call.node) for call in calls}
    named = {name.name for name in part.find_all(nodes.Name) if id(name) not in functions}
    return named | {argument.value for call in calls for argument in call.find_all(nodes.Const)}


def _is_told(node: nodes.Node) -> bool:
    """Whether the shape tells all that this node, and everything in it, does."""
    match node:
        case nodes.Template() | nodes.Output():
            return all(map(_is_told, node.iter_child_nodes()))
        case nodes.TemplateData() | nodes.Const():
            return True
        case nodes.If():
            return _is_condition(node.test) and all(map(_is_told, (*node.body, *node.elif_, *node.else_)))
        case nodes.CondExpr():
            return _is_condition(node.test) and all(
                _is_told(part) for part in (node.expr1, node.expr2) if part is not None
            )
        case nodes.Filter():
            return _is_filter(node)
        case _:
            return _is_condition(node)


def _is_condition(node: nodes.Node) -> bool:
    """Whether it is true for all of a shape or for none."""
    match node:
        case nodes.Name() | nodes.Const():
            return True
        case nodes.Call():
            return _is_field(node)
        case nodes.And() | nodes.Or():
            return _is_condition(node.left) and _is_condition(node.right)
        case nodes.Not():
            return _is_condition(node.node)
        case nodes.Test(name="defined" | "undefined"):
            return not node.args and _is_condition(node.node)
        case _:
            return False


def _is_field(node: nodes.Call) -> bool:
    name = node.node.name if isinstance(node.node, nodes.Name) else ""
    argument = node.args[0] if name == "field" and len(node.args) == 1 else None
    return (
        isinstance(argument, nodes.Const)
        and isinstance(argument.value, str)
        and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    )


def _is_filter(node: nodes.Filter) -> bool:
    takes = _FILTERS.get(node.name)
    if takes is None or node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
        return False
    return _is_told(node.node) and takes(node.args)


def _nothing(arguments: list[Any]) -> bool:
    return not arguments


def _one_text(arguments: list[Any]) -> bool:
    return len(arguments) <= 1 and all(map(_is_text, arguments))


def _fallback(arguments: list[Any]) -> bool:
    return 1 <= len(arguments) <= 2 and all(isinstance(each, nodes.Const) for each in arguments)


def _honorifics(arguments: list[Any]) -> bool:
    return len(arguments) <= 2 and all(
        _is_text(each) or (isinstance(each, nodes.Name) and each.name in STANDARD_FIELDS)
        for each in arguments
    )


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


_FILTERS: Mapping[str, Callable[[list[Any]], bool]] = {
    "d": _fallback,
    "default": _fallback,
    "date": _one_text,
    "e": _nothing,
    "escape": _nothing,
    "length": _nothing,
    "lower": _nothing,
    "nl2br": _nothing,
    "number": _nothing,
    "sama": _honorifics,
    "trim": _nothing,
    "upper": _nothing,
    "urlencode": _nothing,
}
"""Filters that take any text, with arguments that leave it at that: no field that may be missing, and no
number of decimals, which a very long number does not fit."""
