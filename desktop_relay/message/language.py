"""The merge language: Jinja2 cut down to fields, choices, short loops and known filters, with bounded work.

Templates are files people pass around. What the language does not have is refused when a template is
bound to it, and every loop step and every text made on the way is counted, so that no template hangs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, pass_context
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import Context, LoopContext, markup_join, str_join
from jinja2.sandbox import MAX_RANGE, ImmutableSandboxedEnvironment

from desktop_relay.message.binding import COUNTED, FIELD, JOINED, LOOP_ATTRIBUTES, RANGE, WEIGHED
from desktop_relay.message.filters import MERGE_FILTERS

LONGEST_TEXT = 2_000_000  # characters of any one text, the finished part included
MOST_WORK = 20_000  # loop steps and operations of one part of one message
_TEXT_PER_WORK = 1_000  # characters that weigh as much as one step
_LARGEST_BITS = 256  # of a whole number


class TooMuchWork(TemplateRuntimeError):
    """A template that goes on for too long or makes too much."""


class MergeHole(StrictUndefined):
    """What stands where a field is missing: any use of it but ``default`` and ``is defined`` fails.

    The message of the ``UndefinedError`` is the name of the field.
    """

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name)


class MergeContext(Context):
    """The fields of one message, with the work its rendering has cost so far."""

    work = 0

    def spend(self, characters: int = 0) -> None:
        """Count one step that made so many characters; raises ``TooMuchWork``."""
        self.work += 1 + characters // _TEXT_PER_WORK
        if self.work > MOST_WORK or characters > LONGEST_TEXT:
            raise TooMuchWork


class MergeEnvironment(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox without attributes, calls and globals, and with counted arithmetic."""

    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def __init__(self, *, html: bool) -> None:
        super().__init__(autoescape=html, undefined=MergeHole, keep_trailing_newline=True, cache_size=0)
        self.context_class = MergeContext
        self.globals.clear()
        self.filters.clear()
        self.filters.update(MERGE_FILTERS)
        if not html:  # nothing to escape in text
            self.filters.update({"e": str, "escape": str, "nl2br": str})
        self.filters["replace"] = _replace
        self.filters.update({FIELD: _look_up, COUNTED: _count, RANGE: _range})
        self.filters.update({JOINED: _join, WEIGHED: _weigh})

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The place in a loop, and no other attribute of anything."""
        if isinstance(obj, LoopContext) and attribute in LOOP_ATTRIBUTES:
            return getattr(obj, attribute)
        raise SecurityError(f".{attribute}")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An element, never an attribute in its place."""
        try:
            return obj[argument]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=str(argument)[:80])

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers, ``+`` and ``*`` on texts and lists, all of it counted."""
        assert isinstance(context, MergeContext)
        if isinstance(left, (int, float)) and isinstance(right, (int, float)):
            context.spend()
            return _bounded(_ARITHMETIC[operator](left, right))
        if operator not in ("+", "*"):
            raise TypeError(f"{operator}: {type(left).__name__}, {type(right).__name__}")
        context.spend(_length_of_result(operator, left, right))
        return _ARITHMETIC[operator](left, right)


def _power(left: float, right: float) -> Any:
    size = left.bit_length() if isinstance(left, int) else 1
    if size * abs(right) > _LARGEST_BITS:
        raise TooMuchWork
    return pow(left, right)


_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    **ImmutableSandboxedEnvironment.default_binop_table,
    "**": _power,
}


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > _LARGEST_BITS:
        raise TooMuchWork
    return value


def _length_of_result(operation: str, left: Any, right: Any) -> int:
    if operation == "+":
        return len(left) + len(right)
    items, times = (right, left) if isinstance(left, int) else (left, right)
    return len(items) * max(int(times), 0)


@pass_context
def _look_up(context: MergeContext, name: str) -> Any:
    value = context.parent.get(name)
    return MergeHole(name=name) if value is None else value


@pass_context
def _count(context: MergeContext, items: Any) -> Iterator[Any]:
    for item in items:
        context.spend()
        yield item


@pass_context
def _weigh(context: MergeContext, value: Any) -> Any:
    """The value itself, counted by its size: filters, tests and comparisons go through all of it."""
    context.spend(len(value) if isinstance(value, (str, list, tuple, dict)) else 0)
    return value


@pass_context
def _range(context: MergeContext, arguments: list[Any]) -> range:
    context.spend()
    steps = range(*arguments)
    if steps[MAX_RANGE:]:
        raise TooMuchWork
    return steps


@pass_context
def _join(context: MergeContext, parts: list[Any]) -> str:
    context.spend(sum(len(str(part)) for part in parts))
    return markup_join(parts) if context.eval_ctx.autoescape else str_join(parts)


@pass_context
def _replace(context: MergeContext, value: object, old: str, new: str) -> str:
    """Every ``old`` of a text replaced by ``new``; the result is plain text again."""
    text, old, new = str(value), str(old), str(new)
    context.spend(len(text) + text.count(old) * len(new))
    return text.replace(old, new)
