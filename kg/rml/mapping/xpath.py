"""XPath 1.0 expressions: read before a document is, so that what cannot work is told with its place in the mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kg.errors import nearest

_NAME: Final = r"[^\W\d][\w.\-]*"
_TOKEN: Final = re.compile(
    rf"""\s*(?:(?P<literal>"[^"]*"|'[^']*') | (?P<number>\d+(?:\.\d*)?|\.\d+)
      | (?P<variable>\${_NAME}(?::{_NAME})?) | (?P<axis>{_NAME})\s*:: | (?P<name>{_NAME}(?::(?:{_NAME}|\*))?)
      | (?P<sign>//|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*]))""",
    re.VERBOSE,
)
_FUNCTIONS: Final = frozenset(
    {
        *("last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat", "starts-with"),
        *("contains", "substring-before", "substring-after", "substring", "string-length", "normalize-space"),
        *("translate", "boolean", "not", "true", "false", "lang", "number", "sum", "floor", "ceiling", "round"),
    }
)
_KINDS: Final = frozenset({"text", "node", "comment", "processing-instruction"})
_DOWNWARDS: Final = frozenset({"self", "child", "attribute", "descendant", "descendant-or-self"})
_STEP: Final = re.compile(rf"/((?:{_NAME}:)?{_NAME})")
_LOOKS_AROUND: Final = frozenset({"id", "lang"})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression: its kind, and the text of it."""

    kind: str
    text: str


def tokens_of(text: str) -> tuple[Token, ...]:
    """The pieces of an expression (XPath 1.0, section 3.7).

    :raises ValueError: at the first character that begins none

    >>> [token.text for token in tokens_of("concat(@a, 'b/c')")]
    ['concat', '(', '@', 'a', ',', "'b/c'", ')']
    """
    found: list[Token] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"not an XPath: {text}: what is {text[at:].strip()[:1]!r}?")
        kind = match.lastgroup or ""
        found.append(Token(kind, match[kind]))
        at = match.end()
    return tuple(found)


def check_xpath(text: str, namespaces: Mapping[str, str]) -> None:
    """See that an expression can be evaluated, on whatever document.

    :raises ValueError: with what is wrong

    >>> check_xpath("ex:a", {})
    Traceback (most recent call last):
    ValueError: the prefix 'ex' is not declared in: ex:a: write rml:namespace, or declare it in the first element
    """
    from lxml import etree

    tokens = tokens_of(text)
    for number, token in enumerate(tokens):
        is_call = number + 1 < len(tokens) and tokens[number + 1].text == "("
        if token.kind == "variable":
            raise ValueError(f"there are no variables here: {token.text}")
        if token.kind == "name" and is_call and token.text not in _FUNCTIONS | _KINDS:
            if _is_operator(tokens, number):
                continue
            hint = nearest(token.text, sorted(_FUNCTIONS)) or "XPath 1.0 has those of its section 4"
            raise ValueError(f"there is no function {token.text}(): {hint}")
        prefix, colon, _ = token.text.partition(":")
        if token.kind == "name" and colon and prefix not in {*namespaces, "xml"}:
            advice = "write rml:namespace, or declare it in the first element"
            raise ValueError(f"the prefix '{prefix}' is not declared in: {text}: {advice}")
    try:
        etree.XPath(text, namespaces=dict(namespaces) or None, regexp=False)(etree.Element("any"))
    except etree.XPathError as error:
        raise ValueError(f"not an XPath: {text}: {error}") from None
    except ValueError as error:
        raise ValueError(f"not an XPath: {text!r}: {error}") from None


def _is_operator(tokens: tuple[Token, ...], number: int) -> bool:
    """Whether a name is one of `and or div mod`: after what an operand may end with (XPath 1.0, section 3.7)."""
    if tokens[number].text not in {"and", "or", "div", "mod"} or number == 0:
        return False
    before = tokens[number - 1]
    return before.kind in {"literal", "number", "name"} or before.text in {")", "]", ".", "..", "*"}


def is_downward(text: str) -> bool:
    """Whether an expression looks at nothing but the node that it is about and what lies below.

    >>> is_downward("a/@b"), is_downward("../a"), is_downward("concat(a, /r/b)"), is_downward("self::a//b")
    (True, False, False, True)
    """
    tokens = tokens_of(text)
    for number, token in enumerate(tokens):
        if token.text == ".." and token.kind == "sign":
            return False
        if token.kind == "axis" and token.text not in _DOWNWARDS:
            return False
        if token.kind == "name" and token.text in _LOOKS_AROUND and tokens[number + 1 : number + 2] == (_OPEN,):
            return False
        if token.text in {"/", "//"} and token.kind == "sign" and not _follows_step(tokens, number):
            return False
    return True


_OPEN: Final = Token("sign", "(")


def _follows_step(tokens: tuple[Token, ...], number: int) -> bool:
    """Whether a slash stands after a step, and not at the beginning of a path."""
    if number == 0 or _is_operator(tokens, number - 1):
        return False
    before = tokens[number - 1]
    if before.text == "*":
        return number == 1 or tokens[number - 2].text in {"/", "//", "@"}
    return before.kind in {"name", "literal"} or before.text in {")", "]", "."}


def has_one_value(text: str) -> bool:
    """Whether an expression has one value at most, whatever the document: an attribute, or the call of a function.

    >>> has_one_value("@id"), has_one_value("concat(a, b)"), has_one_value("text()"), has_one_value("a")
    (True, True, False, False)
    """
    tokens = tokens_of(text)
    if [token.text for token in tokens[:1]] == ["@"]:
        return len(tokens) == 2 and not tokens[1].text.endswith("*")  # noqa: PLR2004 -- the sign and the name
    if len(tokens) < 3 or tokens[0].text not in _FUNCTIONS - {"id"} or tokens[1] != _OPEN:  # noqa: PLR2004
        return False
    depth = 0
    for number, token in enumerate(tokens[1:], 1):
        if token.kind == "sign":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return number == len(tokens) - 1
    return False


def simple_steps(text: str) -> tuple[str, ...] | None:
    """The names of a path of nothing but children from the root, which a document can be streamed by.

    >>> simple_steps("/a/b:c"), simple_steps("//a"), simple_steps("/a[1]/b")
    (('a', 'b:c'), None, None)
    """
    text = text.strip()
    steps = _STEP.findall(text)
    return tuple(steps) if steps and "".join(f"/{step}" for step in steps) == text else None
