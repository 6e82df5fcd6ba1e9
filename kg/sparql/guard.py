"""The guard: which query may reach the engine, and in which spelling.

The engine fetches what a SERVICE clause names and cannot be told not to, so every query passes here first. Whatever
the guard cannot prove harmless, it refuses. Two habits of the engine's grammar shape the rules:

- it knows no word boundary, so `SERVICESILENT` and `trueSERVICE` are keywords to it, and `SERVICE:a {` is a service
  clause for the name `:a` although it is spelled as one prefixed name;
- it decides between the operator `<` and an IRI by what follows, so `FILTER(1<?x)#>` may be a comparison and a
  comment where the longest token of the standard is the IRI `<?x)#>`.

The second is closed by spelling: the first character of an IRI that does not begin with `scheme://` is written as an
escape, which the engine reads as the same IRI and never as anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice, pairwise
from typing import Final

from kg.errors import Position, Problem, QueryError, QueryRefused
from kg.sparql.language.tokens import Kind, Source, Token, resolve_escapes, tokens_of


class Form(Enum):
    """The four query forms (SPARQL 1.1 Query, section 16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


@dataclass(frozen=True, slots=True)
class Query:
    """A query that the guard let pass."""

    form: Form
    text: str
    """What is to be executed: escapes resolved, spelling normalised."""
    prefixes: tuple[tuple[str, str], ...] = ()
    """The prefixes that the query declares, in order."""
    base: str | None = None
    """What relative IRIs are resolved against where the query declares no BASE."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A query that may hold SERVICE clauses in plain spelling, and is otherwise harmless.

    It must not be executed: the clauses are to be answered first, and `check` has the last word on what is left.
    """

    source: Source
    tokens: tuple[Token, ...]
    """Without comments."""
    form: Form
    has_service: bool


UPDATE_WORDS: Final = (
    "INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH", "USING",
)  # fmt: skip
RESERVED: Final = "x-zellige:"
"""The scheme of the names that a rewritten query calls our functions by; a relative IRI or a prefix cannot make it."""
_RESERVED_NAME: Final = "reserved-name"
_SERVICE: Final = "service"
_HIERARCHICAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[^/?#]+/")
_WITH_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_MOST: Final = 10
"""Places of one query that are told."""
_CLOSED_UP: Final = ("CONCAT", "COALESCE", "BNODE")
_SUSPICIOUS: Final = ("\\", "\0", _SERVICE, "load", RESERVED, *(word.lower() for word in UPDATE_WORDS))
_CLOSED: Final = tuple((word.lower(), f"{word.lower()}(") for word in _CLOSED_UP)
_PREFIX: Final = r"prefix\s+([^\s:#<>]*+):\s*+<([^<>\"{}|^`\x00-\x20]*+)>"
_PREFIXES: Final = re.compile(_PREFIX, re.IGNORECASE)
_HEAD: Final = re.compile(rf"\s*+(?:{_PREFIX}\s*+)*+(?P<form>{'|'.join(Form.__members__)})\b", re.IGNORECASE)


def check(query: str, base: str | None = None, *, ours: bool = False) -> Query:
    """Prove that a query reads the store and nothing else; `base` resolves its relative IRIs.

    Names that are reserved for rewritten queries are refused, unless the query is one of `ours`.

    :raises QueryRefused: if it holds SERVICE, LOAD or an update, or may be read as holding one; the code of each
        problem is the rule: `no-service`, `no-load`, `no-update` or `reserved-name`; the first ten places are told
    :raises QueryError: if the text is no SPARQL query

    >>> check("ask {}").form
    <Form.ASK: 'ASK'>
    >>> check("ASK {\\n  SERVICE <http://example.org/> {} }")
    Traceback (most recent call last):
    ...
    kg.errors.QueryRefused: query:2: SERVICE is refused: this endpoint asks no other one (take the SERVICE clause out)
    """
    return _plainly_harmless(query, base) or _proven(query, base, ours=ours)


def _plainly_harmless(query: str, base: str | None) -> Query | None:
    """The query, if its letters alone prove it harmless: most are, and reading every token costs ten times more.

    Without a backslash nothing is written in escapes; then a keyword that is nowhere in the text, be it in a string
    or a name, is none to the engine either, however it cuts the text into tokens.
    """
    folded = query.casefold()
    if any(word in folded for word in _SUSPICIOUS):
        return None
    if any(folded.count(word) != folded.count(closed) for word, closed in _CLOSED):
        return None
    head = _HEAD.match(query)
    if head is None:
        return None
    prefixes = tuple((name, iri) for name, iri in _PREFIXES.findall(query, 0, head.start("form")))
    return Query(Form[head["form"].upper()], query, prefixes, base)


def _proven(query: str, base: str | None, *, ours: bool) -> Query:
    source, tokens = _read(query)
    prefixes = tuple(_prefixes(tokens))
    _refuse((of for of in _refusals(tokens, prefixes) if not (ours and of[0] == _RESERVED_NAME)), source)
    return Query(_form(tokens, source), _respell(source.text, tokens), prefixes, base)


def draft(query: str) -> Draft:
    """Let SERVICE clauses through to the planner, those only that every reader takes for the same.

    Such a clause is the word SERVICE, perhaps SILENT, a name or a variable, and a group.

    :raises QueryRefused: if the query holds LOAD or an update, or what may be read as SERVICE without being written so
    :raises QueryError: if the text is no SPARQL query

    >>> draft("ASK { SERVICE <http://example.org/> {} }").has_service
    True
    >>> draft("ASK { SERVICESILENT <http://example.org/> {} }")
    Traceback (most recent call last):
    ...
    kg.errors.QueryRefused: query:1: SERVICE is refused: this endpoint asks no other one (take the SERVICE clause out)
    """
    source, tokens = _read(query)
    clauses = {place for place in range(len(tokens)) if _is_clause(tokens, place)}
    starts = {tokens[place].start for place in clauses}
    _refuse((of for of in _refusals(tokens, tuple(_prefixes(tokens))) if of[1].start not in starts), source)
    return Draft(source, tuple(tokens), _form(tokens, source), bool(clauses))


def _is_clause(tokens: Sequence[Token], place: int) -> bool:
    if not tokens[place].is_word("SERVICE"):
        return False
    following = [*tokens[place + 1 : place + 4]]
    if following and following[0].is_word("SILENT"):
        following = following[1:]
    named = bool(following) and following[0].kind in {Kind.IRI, Kind.NAME, Kind.VARIABLE}
    return named and len(following) > 1 and following[1].is_mark("{")


def _read(query: str) -> tuple[Source, list[Token]]:
    source = resolve_escapes(query)
    return source, [token for token in tokens_of(source) if token.kind is not Kind.COMMENT]


def _prefixes(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if word.is_word("PREFIX") and name.kind is Kind.NAME and iri.kind is Kind.IRI:
            yield name.text[:-1], iri.text[1:-1]


def _refusals(tokens: Sequence[Token], prefixes: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Token]]:
    sound = _sound_prefixes(prefixes)
    for place, token in enumerate(tokens):
        if token.kind is Kind.WORD:
            if _SERVICE in token.text.lower():
                yield "no-service", token
            elif token.is_word("LOAD"):
                yield "no-load", token
            elif token.is_word(*UPDATE_WORDS):
                yield "no-update", token
        elif token.kind is Kind.NAME and _hides_service(tokens, place, sound):
            yield "no-service", token
        elif token.kind is Kind.IRI and RESERVED in token.text:
            yield _RESERVED_NAME, token


def _refuse(refusals: Iterable[tuple[str, Token]], source: Source) -> None:
    """Refuse a query for what stands in it: the first places are told, of many thousand as of few.

    :raises QueryRefused: if anything does
    """
    problems = [_problem(rule, token, source) for rule, token in islice(refusals, _MOST)]
    if problems:
        raise QueryRefused(problems=problems)


def _sound_prefixes(prefixes: Iterable[tuple[str, str]]) -> Mapping[str, bool]:
    """Whether any ASCII local name makes an IRI with the prefix; one bad declaration of a prefix spoils it."""
    sound: dict[str, bool] = {}
    for name, iri in prefixes:
        sound[name] = sound.get(name, True) and _HIERARCHICAL.match(iri) is not None
    return sound


def _hides_service(tokens: Sequence[Token], place: int, sound: Mapping[str, bool]) -> bool:
    """Whether the engine may read a prefixed name as the keyword SERVICE and what follows it.

    It may when the keyword stands in the part before the colon (`SERVICE:a {`), or begins the local part and the
    whole is no IRI, so that the engine takes the bare prefix for the name. In both cases a group must follow.
    """
    prefix, _, local = tokens[place].text.partition(":")
    following = [*tokens[place + 1 : place + 4]]
    if place and tokens[place - 1].is_word("GRAPH", "FROM", "NAMED"):
        return False
    if _SERVICE in prefix.lower():
        return bool(following) and following[0].is_mark("{")
    if not local.lower().startswith(_SERVICE):
        return False
    if sound.get(prefix) and local.isascii() and "\\" not in local:
        return False
    return any(token.is_mark("{") for token in following)


def _problem(rule: str, token: Token, source: Source) -> Problem:
    place: Position = source.position(token.start)
    match rule:
        case "no-service":
            message = "SERVICE is refused: this endpoint asks no other one"
            return Problem(rule, message, place, hint="take the SERVICE clause out")
        case "no-load":
            return Problem(rule, "LOAD is refused: this endpoint fetches nothing", place)
        case "reserved-name":
            message = f"{token.text[:80]} is refused: names of {RESERVED} are reserved for rewritten queries"
            return Problem(rule, message, place)
        case "no-update":
            message = f"{token.text.upper()} is refused: this endpoint only answers queries"
            return Problem(rule, message, place)
    raise ValueError(rule)


def _form(tokens: Sequence[Token], source: Source) -> Form:
    rest = iter(tokens)
    for token in rest:
        if token.is_word("BASE", "VERSION"):
            next(rest, None)
        elif token.is_word("PREFIX"):
            next(rest, None)
            next(rest, None)
        elif token.is_word(*Form.__members__):
            return Form[token.text.upper()]
        else:
            message = f"a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with {token.text[:40]!r}"
            raise QueryError(message, position=source.position(token.start))
    raise QueryError("the query is empty", position=Position("query", 1, 1))


def _respell(text: str, tokens: Sequence[Token]) -> str:
    edits = [*_closures(tokens)]
    if _SERVICE in text.lower():
        edits += _escapes(tokens)
    return _edited(text, sorted(edits))


def _closures(tokens: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    for word, bracket in pairwise(tokens):
        if bracket.is_mark("(") and word.is_word(*_CLOSED_UP):
            yield word.end, bracket.start, ""


def _escapes(tokens: Iterable[Token]) -> Iterator[tuple[int, int, str]]:
    for token in tokens:
        if token.kind is Kind.IRI and len(token.text) > len("<>") and not _WITH_SCHEME.match(token.text, 1):
            yield token.start + 1, token.start + 2, f"\\U{ord(token.text[1]):08X}"


def _edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, replacement in edits:
        pieces += (text[done:start], replacement)
        done = end
    return "".join((*pieces, text[done:]))
