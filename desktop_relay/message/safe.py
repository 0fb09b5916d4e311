"""HTML of a mail made fit to be shown: nothing in it runs, and nothing in it reaches out.

The browser engine is locked down besides; this takes away what slips through such locks: a
``<link rel=preconnect>`` passes request interceptors and content policies and tells the sender
the reader's address.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

_UNFIT = "script, link, base, meta[http-equiv], iframe, frame, frameset, object, embed, applet, portal"
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
    "style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri 'none'\">"
)


def compose_safe_html(html: str) -> str:
    """The document without active and linking elements, with a content policy in its head."""
    tree = LexborHTMLParser(html)
    for node in tree.css(_UNFIT):
        node.decompose()
    for node in tree.css("*"):
        for name in list(node.attributes):
            if name.lower().startswith("on"):
                del node.attrs[name]
    _drop_comments_before(tree)
    shown = tree.html or ""
    head = shown.find("<head>")
    return shown if head < 0 else f"{shown[: head + 6]}{_POLICY}{shown[head + 6 :]}"


def _drop_comments_before(tree: LexborHTMLParser) -> None:
    """Take away what may stand before the document and look like its head."""
    node = None if tree.root is None else tree.root.prev
    while node is not None:
        before = node.prev
        if node.is_comment_node:
            node.decompose()
        node = before
