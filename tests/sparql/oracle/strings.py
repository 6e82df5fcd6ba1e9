"""The functions on strings (section 17.4.3) and the digests (17.4.6)."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from sparql.oracle import numbers, regexes
from sparql.oracle.terms import (
    DIR_LANG_STRING,
    LANG_STRING,
    STRING,
    Literal,
    Term,
    Wrong,
    boolean,
    is_stringy,
    like,
    string,
)


def text(term: Term) -> Literal:
    """A string literal of any kind.

    :raises Wrong: for anything else
    """
    if not is_stringy(term):
        raise Wrong("no string")
    assert isinstance(term, Literal)
    return term


def simple(term: Term) -> str:
    """The text of a string without a language.

    :raises Wrong: for anything else
    """
    found = text(term)
    if found.language is not None:
        raise Wrong("a string with a language")
    return found.lexical


def both(left: Term, right: Term) -> tuple[Literal, str]:
    """Two strings that are compatible (section 17.4.3.1.2).

    :raises Wrong: if they are not
    """
    first, second = text(left), text(right)
    if second.language is not None and (first.language, first.direction) != (second.language, second.direction):
        raise Wrong("strings of two languages")
    return first, second.lexical


def length(term: Term) -> Literal:
    return numbers.literal_of(numbers.Number(numbers.Kind.INTEGER, len(text(term).lexical)))


def substring(term: Term, start: Term, size: Term | None = None) -> Literal:
    """SUBSTR: positions from 1 (section 17.4.3.3; XPath and XQuery Functions, section 7.4.3)."""
    source = text(term)
    first = place(start)
    last = None if size is None else first + place(size)
    characters = enumerate(source.lexical, 1)
    kept = (one for position, one in characters if first <= position and (last is None or position < last))
    return like(source, "".join(kept))


def place(term: Term) -> int:
    """A position or a length, which must be an integer."""
    number = numbers.number_of(term)
    if number is None or number.kind != numbers.Kind.INTEGER:
        raise Wrong("no integer")
    return int(number.value)


def upper(term: Term) -> Literal:
    return like(text(term), text(term).lexical.upper())


def lower(term: Term) -> Literal:
    return like(text(term), text(term).lexical.lower())


def starts(left: Term, right: Term) -> Literal:
    source, part = both(left, right)
    return boolean(source.lexical.startswith(part))


def ends(left: Term, right: Term) -> Literal:
    source, part = both(left, right)
    return boolean(source.lexical.endswith(part))


def contains(left: Term, right: Term) -> Literal:
    source, part = both(left, right)
    return boolean(part in source.lexical)


def before(left: Term, right: Term) -> Literal:
    source, part = both(left, right)
    if part not in source.lexical:
        return string("")
    return like(source, source.lexical.partition(part)[0] if part else "")


def after(left: Term, right: Term) -> Literal:
    source, part = both(left, right)
    if part not in source.lexical:
        return string("")
    return like(source, source.lexical.partition(part)[2] if part else source.lexical)


def encode(term: Term) -> Literal:
    return string(quote(text(term).lexical, safe="-_.~"))


def concat(*terms: Term) -> Literal:
    """CONCAT: of the language (and direction) that all have, else a simple literal (section 17.4.3.12)."""
    parts = [text(term) for term in terms]
    joined = "".join(part.lexical for part in parts)
    kinds = {(part.datatype, part.language, part.direction) for part in parts}
    return like(parts[0], joined) if len(kinds) == 1 else string(joined)


def lang_matches(tag: Term, pattern: Term) -> Literal:
    """Basic filtering of RFC 4647, section 3.3.1."""
    here, wanted = simple(tag).lower(), simple(pattern).lower()
    if wanted == "*":
        return boolean(here != "")
    return boolean(here == wanted or here.startswith(wanted + "-"))


def regex(term: Term, pattern: Term, flags: Term | None = None) -> Literal:
    found = regexes.compiled(simple(pattern), "" if flags is None else simple(flags))
    return boolean(found.search(text(term).lexical) is not None)


def replace(term: Term, pattern: Term, replacement: Term, flags: Term | None = None) -> Literal:
    source = text(term)
    options = "" if flags is None else simple(flags)
    return like(source, regexes.replace(source.lexical, simple(pattern), simple(replacement), options))


def digest(name: str, term: Term) -> Literal:
    return string(hashlib.new(name.lower(), simple(term).encode(), usedforsecurity=False).hexdigest())


def tagged(term: Term, tag: Term, direction: Term | None = None) -> Literal:
    """STRLANG and STRLANGDIR."""
    language = simple(tag)
    if not language:
        raise Wrong("an empty language")
    if direction is None:
        return Literal(simple(term), LANG_STRING, language)
    if simple(direction) not in {"ltr", "rtl"}:
        raise Wrong("no direction")
    return Literal(simple(term), DIR_LANG_STRING, language, simple(direction))


def typed(term: Term, datatype: str) -> Literal:
    """STRDT."""
    if text(term).datatype != STRING:
        raise Wrong("a string that has a type already")
    return Literal(simple(term), datatype)
