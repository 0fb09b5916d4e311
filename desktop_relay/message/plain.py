"""The text of an HTML mail: links as "text: url", cells side by side, nothing that was not to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

# fmt: off
_SKIPPED = frozenset((
    "head", "style", "script", "title", "template", "noscript", "svg", "math", "object", "iframe", "audio",
    "video", "canvas", "select", "textarea", "map", "datalist",
))
_SPACED = frozenset((
    "blockquote", "dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul",
))
_BLOCKS = _SPACED | {
    "address", "article", "aside", "body", "center", "dd", "details", "div", "dt", "fieldset", "figcaption",
    "footer", "form", "header", "html", "li", "main", "nav", "section", "summary", "tbody", "tfoot", "thead",
    "tr",
}
# fmt: on
_RULE = "----------------------------------------"
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|max-height\s*:\s*0|font-size\s*:\s*0(?![.\d]*[1-9]))",
    re.IGNORECASE,
)
_INVISIBLE = dict.fromkeys((0x00AD, 0x034F, 0x200B, 0x200C, 0x2060, 0xFEFF)) | {0x00A0: " "}
_JAPANESE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_BREAK_IN_JAPANESE = re.compile(rf"(?<={_JAPANESE})[ \t]*\r?\n[ \t\r\n]*(?={_JAPANESE})")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINKED = re.compile(r"https?:|mailto:|tel:|@@", re.IGNORECASE)
_MERGE_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TOKEN = re.compile(r"@@J(\d+)@@")
_TRAILING = re.compile(r"(?<![ \t])[ \t]+\n")
_GAPS = re.compile(r"\n{3,}")
_VALUE = re.compile(r"(?<!\bstyle)=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_NUMBERED = re.compile(r"<ol\b", re.IGNORECASE)
# each to its end or that of the page, so that no page takes time by the square of its length
_OUTSIDE = re.compile(r"<!--.*?(?:-->|\Z)|<[a-zA-Z/](?:\"[^\"]*\"?|'[^']*'?|[^>\"'])*>?", re.DOTALL)
_RAW = re.compile(r"\{%[-+]?\s*raw\b")


def text_of_html(html: str) -> str:
    """What a person reads of it, line by line; ends with a line end unless nothing is left."""
    if not html.strip():
        return ""
    page = _Page()
    root = LexborHTMLParser(html).root
    assert root is not None, "the parser makes an html element of anything"
    for node, entering in _walk(root):
        (page.enter if entering else page.leave)(node)
    return tidy("".join(page.pieces))


def text_source_of_html(source: str) -> str | None:
    """The text template of an HTML template: its merge tags stand where their values would be read.

    ``None`` where tags decide what is shown, or as which number, and where not all are tags: then only each
    rendered page tells.
    """
    if _RAW.search(source) is not None:
        return None
    numbers: dict[str, int] = {}

    def hide(match: re.Match[str]) -> str:
        return f"@@J{numbers.setdefault(match[0], len(numbers))}@@"

    hidden = _MERGE_TAG.sub(hide, source.replace("@@J", "@@ J"))
    tags = list(numbers)
    commented = _comment_statements(hidden, tags)
    if _has_deciding_tags(commented):
        return None
    shown = text_of_html(commented)
    return _TOKEN.sub(lambda match: tags[int(match[1])], shown)


def tidy(text: str) -> str:
    """No spaces at line ends, no more than one empty line in a row, none around the text."""
    text += "\n"
    if " \n" in text or "\t\n" in text:
        text = _TRAILING.sub("\n", text)
    text = _GAPS.sub("\n\n", text).strip("\n") if "\n\n\n" in text else text.strip("\n")
    return f"{text}\n" if text else ""


def _comment_statements(source: str, tags: list[str]) -> str:
    """Statements outside of markup as comments.

    A comment stays in its place, while text between the rows of a table is moved out of it (HTML 13.2.6.4.9).
    Of a comment that was there nothing else is left.
    """

    def is_statement(token: re.Match[str]) -> bool:
        return tags[int(token[1])].startswith("{%")

    def between(text: str) -> str:
        return _TOKEN.sub(lambda match: f"<!--{match[0]}-->" if is_statement(match) else match[0], text)

    pieces: list[str] = []
    end = 0
    for markup in _OUTSIDE.finditer(source):
        pieces.append(between(source[end : markup.start()]))
        if markup[0].startswith("<!--"):
            pieces += (between(token[0]) for token in _TOKEN.finditer(markup[0]) if is_statement(token))
        else:
            pieces.append(markup[0])
        end = markup.end()
    return "".join((*pieces, between(source[end:])))


def _has_deciding_tags(source: str) -> bool:
    """Whether a merge tag makes an element hidden, or another one, or the items of a numbered list."""
    for markup in _OUTSIDE.findall(source):
        if not markup.startswith("<!--") and _TOKEN.search(_VALUE.sub("", markup)) is not None:
            return True
    lists = _NUMBERED.split(source)[1:]
    return any("<!--@@J" in each.partition("</ol")[0] for each in lists)


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Every node that is shown, in order, entered and left; without recursion, as mails nest deeply."""
    stack: list[tuple[LexborNode, bool]] = [(root, True)]
    while stack:
        node, entering = stack.pop()
        yield node, entering
        if not entering:
            continue
        stack.append((node, False))
        if node.is_element_node and (node.tag in _SKIPPED or _is_hidden(node)):
            continue
        children: list[tuple[LexborNode, bool]] = []
        child = node.first_child
        while child is not None:
            children.append((child, True))
            child = child.next
        stack.extend(reversed(children))


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attrs
    return "hidden" in attributes or _HIDDEN.search(attributes.get("style") or "") is not None


class _Page:
    """The text as it grows: white space collapses as a browser does it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._space = False
        self._at_line_start = True
        self._links: list[int] = []
        self._numbers: list[int] = []
        self._pre = 0

    def enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
        elif tag == "-comment":
            self._comment(node)
        elif tag in _BLOCKS:
            self._block(tag)
        elif tag == "br":
            self._break()
        elif tag in ("td", "th"):
            self._cell()
        elif tag == "img" and not _is_hidden(node):
            self._text(node.attrs.get("alt") or "")
        elif tag == "a":
            self._links.append(len(self.pieces))

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "a":
            self._link(node, self._links.pop())
        elif tag in _BLOCKS:
            if tag in ("ol", "ul"):
                self._numbers.pop()
            self._pre -= tag == "pre"
            self._end_line(blank=tag in _SPACED)

    def _text(self, text: str) -> None:
        text = text.translate(_INVISIBLE)
        if self._pre:
            self._put(text)
            return
        text = _SPACES.sub(" ", _BREAK_IN_JAPANESE.sub("", text))
        words = text.strip(" ")
        if not words:
            self._space = self._space or bool(text)
            return
        space = (self._space or text[0] == " ") and not self._at_line_start
        self._put(f" {words}" if space else words)
        self._space = text[-1] == " "

    def _put(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self._at_line_start = text.endswith("\n")

    def _comment(self, node: LexborNode) -> None:
        token = _TOKEN.fullmatch(node.comment_content or "")
        if token is not None:
            if self._space and not self._at_line_start:
                self.pieces.append(" ")
                self._space = False
            self.pieces.append(token[0])

    def _block(self, tag: str) -> None:
        self._end_line(blank=tag in _SPACED)
        if tag in ("ol", "ul"):
            self._numbers.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._bullet()
        elif tag == "hr":
            self._put(_RULE)
        elif tag == "pre":
            self._pre += 1

    def _bullet(self) -> None:
        if self._numbers and self._numbers[-1] >= 0:
            self._numbers[-1] += 1
            self.pieces.append(f"{self._numbers[-1]}. ")
        else:
            self.pieces.append("・")

    def _cell(self) -> None:
        if not self._at_line_start:
            self._put("  ")
        self._space = False

    def _break(self) -> None:
        self.pieces.append("\n")
        self._space, self._at_line_start = False, True

    def _end_line(self, *, blank: bool) -> None:
        if not self._at_line_start:
            self._break()
        if blank and self.pieces:
            self.pieces.append("\n")
        self._space = False

    def _link(self, node: LexborNode, start: int) -> None:
        target = (node.attrs.get("href") or "").strip()
        if _LINKED.match(target) is None:
            return
        text = "".join(self.pieces[start:]).strip()
        shown = target[7:] if target.lower().startswith("mailto:") and "?" not in target else target
        if shown in text or target in text:
            return
        if not text:
            self._text(shown)
        elif self._at_line_start:  # a block stood in the link
            self._put(f"{shown}\n")
        else:
            self._put(f": {shown}")
        self._space = True  # or mail programs take what follows for a part of the link
