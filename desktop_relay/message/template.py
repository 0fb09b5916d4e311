"""A template compiled once and rendered for each contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Template as JinjaTemplate
from jinja2.exceptions import TemplateError, TemplateSyntaxError, UndefinedError

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.template import Template
from desktop_relay.message.binding import restrict
from desktop_relay.message.faults import fault_of
from desktop_relay.message.header import has_control_characters
from desktop_relay.message.language import (
    LONGEST_TEXT,
    MergeEnvironment,
    TooMuchWork,
)
from desktop_relay.message.plain import text_of_html, text_source_of_html, tidy

SENDER_FIELDS = ("sender_name", "sender_address", "sender_postal", "unsubscribe_url", "unsubscribe_mailto")
"""Reserved field names that the builder fills from the sender."""

_TEXT = MergeEnvironment(html=False)
_HTML = MergeEnvironment(html=True)
_NOTHING: Mapping[str, str] = dict.fromkeys(STANDARD_FIELDS, "")
_FILENAME = "<merge template>"
_OVERRUNS = (TooMuchWork, RecursionError, OverflowError)
# the assertions are those of Jinja2's own filters: truncate(2) has no room for its "..."
_RENDER_FAULTS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AssertionError)
_PARSE_FAULTS = (SyntaxError, RecursionError, MemoryError, ValueError)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A template merged with one contact. An empty ``html`` makes a text-only mail."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    compiled: JinjaTemplate
    fields: frozenset[str]


class CompiledTemplate:
    """A template ready to be rendered from any thread; ``fields`` are the merge fields it names."""

    def __init__(
        self, name: str, subject: _Part, html: _Part | None, text: _Part | None, *, derived: bool
    ) -> None:
        self._name = name
        self._subject = subject
        self._html = html
        self._text = text
        self._derived = derived
        self.fields: frozenset[str] = frozenset().union(
            *(part.fields for part in (subject, html, text) if part is not None)
        )

    def render(self, fields: Mapping[str, str]) -> Rendered:
        """Merge with one contact.

        A standard field that the contact lacks is empty; any other one raises ``BadInput``
        (``merge_field_missing``). So do a line end or other control character in the subject
        (``header_injection``) and a template that does not end (``template_too_slow``).
        """
        known = {**_NOTHING, **fields}
        subject = self._render(self._subject, known)
        if has_control_characters(subject):
            raise BadInput(ErrorCode.HEADER_INJECTION, field=self._guilty_field(known))
        html = self._render(self._html, known) if self._html is not None else ""
        if self._text is None:
            return Rendered(subject, html, text_of_html(html) if html else "")
        text = self._render(self._text, known)
        return Rendered(subject, html, tidy(text) if self._derived else text)

    def _guilty_field(self, fields: Mapping[str, str]) -> str:
        named = sorted(self._subject.fields & fields.keys())
        return next((name for name in named if has_control_characters(fields[name])), "subject")

    def _render(self, part: _Part, fields: dict[str, str]) -> str:
        try:
            return _run(part.compiled, fields)
        except UndefinedError as error:
            missing = error.message or ""
            raise BadInput(ErrorCode.MERGE_FIELD_MISSING, field=missing, contact=fields["email"]) from error
        except _OVERRUNS as error:
            raise BadInput(
                ErrorCode.TEMPLATE_TOO_SLOW, template=self._name, part=part.name, contact=fields["email"]
            ) from error
        except _RENDER_FAULTS as error:
            line = _line_of(part.compiled, error)
            raise _broken(self._name, part.name, line, "unfit") from error


def compile_template(template: Template) -> CompiledTemplate:
    """Check and compile a template; raises ``BadInput``: ``template_broken`` with part and line,
    ``template_too_long``.

    Where the template has no text of its own, one is derived from the HTML: as a template where that
    is possible, so that it costs no more than a written one, else from each rendered HTML.
    """
    name = template.name
    subject = _compile(name, "subject", template.subject.strip(), _TEXT)
    html = _compile(name, "html", template.html, _HTML) if template.html.strip() else None
    if template.text.strip() or html is None:
        return CompiledTemplate(
            name, subject, html, _compile(name, "text", template.text, _TEXT), derived=False
        )
    return CompiledTemplate(name, subject, html, _derive(name, template.html, html), derived=True)


def _derive(name: str, source: str, html: _Part) -> _Part | None:
    text = text_source_of_html(source)
    if text is None:
        return None
    try:
        derived = _compile(name, "text", text, _TEXT)
    except BadInput:
        return None  # a tag of the merge language stood where no text comes from
    return derived if derived.fields <= html.fields else None


def _compile(name: str, part: str, source: str, environment: MergeEnvironment) -> _Part:
    if len(source) > LONGEST_TEXT:
        raise BadInput(ErrorCode.TEMPLATE_TOO_LONG, template=name, characters=LONGEST_TEXT)
    try:
        bound, fields = restrict(environment.parse(source))
        code = environment.compile(bound, filename=_FILENAME)
    except TemplateSyntaxError as error:
        raise _broken(name, part, error.lineno, fault_of(error.message or "")) from error
    except _PARSE_FAULTS as error:
        raise _broken(name, part, 1, fault_of(type(error).__name__)) from error
    return _Part(part, JinjaTemplate.from_code(environment, code, {}), fields)


def _run(compiled: JinjaTemplate, fields: dict[str, str]) -> str:
    pieces: list[str] = []
    length = 0
    for piece in compiled.root_render_func(compiled.new_context(fields, shared=True)):
        length += len(piece)
        if length > LONGEST_TEXT:
            raise TooMuchWork
        pieces.append(piece)
    return "".join(pieces)


def _line_of(compiled: JinjaTemplate, error: BaseException) -> int:
    """The template's line in which rendering failed."""
    line = 1
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == _FILENAME:
            line = compiled.get_corresponding_lineno(traceback.tb_lineno)
        traceback = traceback.tb_next
    return line


def _broken(name: str, part: str, line: int, detail: str) -> BadInput:
    return BadInput(ErrorCode.TEMPLATE_BROKEN, template=name, part=part, line=line, detail=detail)
