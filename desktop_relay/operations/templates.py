"""Templates: list, load, save, delete, add from a file, and the starters that come with the program."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.template import Template, TemplateRow, on_one_line
from desktop_relay.message.template import compile_template
from desktop_relay.operations.files import read_text_file
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.templates import delete_template, load_template, load_templates, save_template
from resources.templates import load_starters

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_SUBJECT_LINE = re.compile(r"\A(?:Subject|件名)[:：][ \t]*(.+)\r?\n(?:\r?\n)?")


def overview(ws: Workspace) -> list[TemplateRow]:
    """Every template by name."""
    return load_templates(ws.library)


def load(ws: Workspace, name: str) -> Template:
    """One template; raises ``NotFound``."""
    template = find(ws, name)
    if template is None:
        raise NotFound(ErrorCode.NO_SUCH_TEMPLATE, name=name)
    return template


def save(ws: Workspace, template: Template, seen: Template | None = None) -> tuple[None, Changes]:
    """Store a template that compiles; ``seen`` is how it was before it was changed, ``None`` for a new one.

    Raises ``BadInput`` (``template_broken``, ``name_empty``), ``Refused`` (``name_taken``, or
    ``changed_elsewhere`` when ``seen`` is not what the library has).
    """
    template = replace(template, name=template.name.strip())
    if not template.name:
        raise BadInput(ErrorCode.NAME_EMPTY)
    compile_template(template)
    save_template(ws.library, template, ws.now(), seen)
    return None, Changes(templates=True)


def delete(ws: Workspace, name: str) -> tuple[Template, Changes]:
    """Take a template away and hand it back for an undo."""
    template = load(ws, name)
    delete_template(ws.library, name)
    return template, Changes(templates=True)


def starters(language: str) -> list[Template]:
    """The templates that come with the program."""
    return [
        Template(name=starter.name, subject=starter.subject, html=starter.html, text=starter.text)
        for starter in load_starters(language)
    ]


def find(ws: Workspace, name: str) -> Template | None:
    """The template of that name, if there is one."""
    return load_template(ws.library, name)


def read_file(path: Path, name: str | None = None) -> Template:
    """The template that an ``.html`` or ``.txt`` file makes; nothing is stored yet.

    The subject is the page's title, or a first line ``Subject: …`` (``件名: …``) of a text file.
    Raises ``NotFound``, ``BadInput`` (``template_format_unknown``, ``file_empty``, ``template_broken`` …).
    """
    suffix = path.suffix.lower()
    if suffix not in (".html", ".htm", ".txt"):
        raise BadInput(ErrorCode.TEMPLATE_FORMAT_UNKNOWN, path=str(path))
    content = read_text_file(path)
    template = _from_text(path.stem, content) if suffix == ".txt" else _from_html(path.stem, content)
    template = replace(template, name=(name or template.name).strip())
    compile_template(template)
    return template


def _from_html(stem: str, content: str) -> Template:
    title = _TITLE.search(content)
    subject = " ".join(unescape(title[1]).split()) if title else ""
    return Template(stem, subject or stem, content, "")


def _from_text(stem: str, content: str) -> Template:
    first = _SUBJECT_LINE.match(content)
    if first is None:
        return Template(stem, stem, "", content)
    return Template(stem, on_one_line(first[1]), "", content[first.end() :])
