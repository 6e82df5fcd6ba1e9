"""The text of a web page: what a reader reads of its article, a blank line between blocks, no character changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import lxml.html
from lxml import etree

from kg.errors import RecordError

_HIDDEN: Final = frozenset(
    ("script", "style", "noscript", "template", "head", "nav", "svg", "iframe", "object", "form", "button", "select")
)
_BLOCKS: Final = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "dd", "div", "dl", "dt", "fieldset", "figcaption",
     "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre",
     "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul")
)  # fmt: skip
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
"""The blanks that HTML shows as one; a no-break space is none of them."""
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Page:
    """What is read of a web page."""

    text: str
    title: str | None
    language: str | None


def page(content: bytes, name: str) -> Page:
    """Read a web page; of one that has one `article`, or one `main`, only that.

    :raises RecordError: if its encoding is unknown, or there is no page

    >>> page(b"<html lang=fr><title>Note</title><p>Le&nbsp;quai.<p>Il <b>ouvre</b>.", "-")
    Page(text='Le\\xa0quai.\\n\\nIl ouvre.\\n', title='Note', language='fr')
    """
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        root = lxml.html.document_fromstring(_decoded(content, name).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise RecordError(f"{name}: no web page: {error}") from None
    chosen = next((found[0] for tag in ("article", "main") if len(found := list(root.iter(tag))) == 1), root)
    blocks = (_BLANKS.sub(" ", block).strip(" ") for block in "".join(_parts(chosen)).split(_END))
    text = "\n\n".join(block for block in blocks if block)
    title = root.findtext(".//title")
    language = (root.get("lang") or "").lower()
    return Page(
        text=text + "\n" if text else "",
        title=_BLANKS.sub(" ", title).strip() or None if title else None,
        language=language if _TAG.fullmatch(language) else None,
    )


_END: Final = "\x00"
"""Where a block begins or ends; no page holds it, for HTML has no such character (section 13.1.4)."""


def _parts(root: etree._Element) -> Iterator[str]:
    """The texts of a tree in their order, with the ends of blocks between them; without recursion."""
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"}:
            yield node.tail or ""
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if any(above.tag in _HIDDEN for above in node.iterancestors() if isinstance(above.tag, str)):
            continue
        if event == "start":
            yield _END if tag in _BLOCKS or tag == "br" else ""
            yield (node.text or "") if tag not in _HIDDEN else ""
        else:
            yield _END if tag in _BLOCKS else ""
            yield (node.tail or "") if node is not root else ""


def _decoded(content: bytes, name: str) -> str:
    """UTF-8 where it is that, else what the page declares (HTML, section 13.2.3)."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _CHARSET.search(content, 0, 4096)
        encoding = declared[1].decode("ascii") if declared else "none"
    try:
        return content.decode(encoding)
    except (LookupError, UnicodeError):
        hint = "save the page as UTF-8"
        raise RecordError(f"{name}: neither UTF-8 nor what it declares ({encoding})", hint=hint) from None
