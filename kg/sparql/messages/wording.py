"""By which words a mistake is told: the cause, and the cure; in English, unless others are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Final

PLAIN: Final = frozenset({"line", "expected", "product", "place"})
"""What is no code among that which stands in the places of the words."""

_CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "prefix-known": "prefix {prefix} is not declared; its usual declaration is {declaration}",
        "prefix-near": "prefix {prefix} is not declared",
        "prefix-unknown": "prefix {prefix} is not declared, and it is none of the well-known ones",
        "prefix-colon": "the declaration of prefix {prefix} has no colon",
        "prefix-dot": "a declaration of a prefix ends without a dot",
        "prefix-iri": "the declaration of prefix {prefix} names no IRI in angle brackets",
        "prefix-turtle": "prefixes are declared so in Turtle, and otherwise in SPARQL",
        "prefix-word": "the word PREFIX is missing before the declaration of {prefix}",
        "expression-bare": "{word} takes an expression in brackets",
        "expression-select": "an expression in SELECT stands in brackets and has a name",
        "word-near": "{word} is no word of SPARQL",
        "word-unknown": "{word} is no word of SPARQL",
        "word-missing": "after {word} the word {missing} is missing",
        "expression-unnamed": "this expression is given to no variable",
        "bracket-pair": "after {word} the braces are missing, {opening} and {closing}",
        "union-group": "UNION stands between two groups in braces",
        "sign": "{sign} is no operator of SPARQL",
        "select-comma": "between the variables of SELECT there are no commas",
        "semicolon-last": "a query ends without a semicolon",
        "bound-bind": "{word} gives {variable} a value, but {variable} has one already, in line {line}",
        "bound-columns": "two columns of SELECT are called {variable}",
        "columns-twice": "SELECT names {variable} twice",
        "bracket-unclosed": "the {opening} of line {line} is not closed: {closing} is missing",
        "bracket-unopened": "{opening} is missing here, which {closing} closes further on",
        "bracket-extra": "{closing} closes nothing: one is too many, or {opening} is missing before it",
        "separator-dot": "a dot is missing between two statements: after {after}",
        "separator-semicolon": "a semicolon is missing before the next property of the same subject: after {after}",
        "separator-comma": "a comma is missing between two values: after {after}",
        "separator-path": "a sign is missing in a path: after {after}",
        "separator-operator": "an operator is missing between {after} and {before}",
        "separator-any": "a sign is missing between {after} and {before}",
        "separator-type": "between a text and its datatype ^^ is missing",
        "quote-curly": "{sign} is no quotation mark of SPARQL",
        "character": "the character {sign} ({name}) cannot stand here",
        "character-meant": "{sign} ({name}) is no sign of SPARQL",
        "character-unseen": "here stands a character that cannot be seen: {name}",
        "string-open": "a text that begins with {sign} here does not end in its line",
        "string-escape": "{sign} is no escape that SPARQL knows",
        "ungrouped": "SELECT shows {variable}, which is not grouped",
        "ungrouped-all": "SELECT counts over all rows, and shows {variable} beside it, which has many values",
        "star-grouped": "SELECT * cannot stand with GROUP BY",
        "aggregate-early": "{word} stands where there are no groups yet",
        "rule": "{token} breaks a rule: {reason}",
        "iri-relative": "the IRI {iri} is relative, and the query has no base",
        "iri-bare": "an IRI stands in angle brackets",
        "unreadable": "the query cannot be read on from {token}",
        "unfinished": "the query ends too early",
        "empty": "the query is empty",
        "no-update": "{word} is refused: this endpoint only answers queries",
        "no-load": "LOAD is refused: this endpoint fetches nothing",
        "no-service": "SERVICE is refused: this endpoint asks no other one",
        "function-unknown": "the engine has no function {word}, or none with so many arguments",
        "reserved-name": "{word} is refused: such names are reserved for rewritten queries",
        "foreign": "{name} belongs to {product}; here it would find nothing",
    }
)

_CURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "prefix-known": "put the declaration at the beginning of the query",
        "prefix-near": "did you mean {near}? Its declaration: {declaration}",
        "prefix-unknown": "declare it at the beginning of the query, as in {declaration}",
        "write": "write {cure}",
        "write-escape": "write {cure} for a backslash",
        "remove": "take it out",
        "space": "put a space in its place, or nothing",
        "word-near": "did you mean {near}?",
        "word-unknown": "a variable begins with ?, a text stands in quotes: {variable} or {text}",
        "bound": "give the new value a name of its own, as in {cure}",
        "bracket-unclosed": "put {closing} here",
        "bracket-unopened": "put {opening} here",
        "bracket-extra": "take it out, or open with {opening} what it closes",
        "separator": "put {sign} after {after}",
        "string-open": "close it there, or put {cure} on both sides of a text of several lines",
        "ungrouped": "write {group}, or take one of its values: {sample}",
        "star-grouped": "name what is to be shown: {cure}",
        "aggregate-early": "put it behind the pattern, as in {cure}",
        "iri-relative": "write it in full, or put a base at the beginning of the query, as in {cure}",
        "expected": "here may stand: {expected}",
        "empty": "ask, as in {cure}",
        "no-update": "ask with SELECT, ASK, CONSTRUCT or DESCRIBE; data change with the next release only",
        "no-load": "put the file into the project, or serve it by itself",
        "no-service": "take the SERVICE clause out",
        "function-unknown": "use one of SPARQL's own functions, which have no prefix, as STR or REPLACE",
        "reserved-name": "use another name",
        "foreign-text": "search with {search}, or {text}",
        "foreign-label": "ask for the label itself: {label}",
        "foreign-geo": "use the functions of GeoSPARQL, as in {geo}",
        "foreign-strings": "use the functions of SPARQL, as STRBEFORE and STRAFTER",
        "foreign-list": "follow the list by its links: {list}",
        "foreign-path": "use a property path, as in {path}",
        "foreign-hint": "take it out: it only tells that engine how to work",
        "foreign-direct": "say it in SPARQL: a link, and FILTER NOT EXISTS for a longer way",
        "foreign-graph": "take it out: the default graph is what is asked without it",
        "foreign-drop": "take it out, or say it in standard SPARQL",
    }
)

_CURE_OF: Final[Mapping[str, str]] = MappingProxyType({
    **dict.fromkeys((
        "prefix-colon", "prefix-dot", "prefix-iri", "prefix-turtle", "prefix-word", "expression-bare",
        "expression-select", "expression-unnamed", "word-missing", "bracket-pair", "union-group", "separator-type",
        "sign", "quote-curly", "character-meant", "iri-bare",
    ), "write"),
    **dict.fromkeys(("select-comma", "semicolon-last", "character", "columns-twice"), "remove"),
    **dict.fromkeys(("bound-bind", "bound-columns"), "bound"),
    **dict.fromkeys(("separator-dot", "separator-semicolon", "separator-comma", "separator-path"), "separator"),
    **dict.fromkeys(("unreadable", "unfinished", "separator-any"), "expected"),
    "character-unseen": "space", "string-escape": "write-escape", "ungrouped-all": "ungrouped",
})  # fmt: skip
"""The cure of a cause that is not called like it."""

_EXAMPLES: Final[Mapping[str, str]] = MappingProxyType({
    "search": '?text bif:contains "word"',
    "text": 'FILTER(CONTAINS(LCASE(STR(?text)), "word"))',
    "label": 'OPTIONAL { ?x rdfs:label ?label FILTER(LANG(?label) = "en") }',
    "geo": "FILTER(geof:sfWithin(?place, ?area))",
    "list": "?list rdf:rest*/rdf:first ?member",
    "path": "?a ex:link+ ?b",
})  # fmt: skip
"""How something is said in SPARQL, wherever a sentence shows it."""
_UNSHOWN: Final = "…"
"""Stands in a place for which there is nothing to show: a sentence has no hole in it, and no reader an error."""

_EXPECTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "variable": "a variable, as ?x",
        "iri": "an IRI or a prefixed name",
        "text": "a text in quotes",
        "number": "a number",
        "expression": "an expression",
        "function": "a function",
        "operator": "an operator, as =",
        "end": "the end of the query",
        "or": "or",
    }
)

_QUOTED: Final = frozenset("'\"")


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language; in their braces stands what is named of a mistake."""

    causes: Mapping[str, str]
    cures: Mapping[str, str]
    expected: Mapping[str, str]
    """Kinds of words that may stand in a place, and what stands before the last of them (`or`)."""
    comma: str = ", "
    """What stands between the others."""


ENGLISH: Final = Wording(_CAUSES, _CURES, _EXPECTED)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence: words of a language, or code that is the same in all."""

    text: str
    is_code: bool


def cause(words: str, named: Mapping[str, str], said: Wording = ENGLISH) -> tuple[Piece, ...]:
    """What is wrong.

    :raises KeyError: if there is no such mistake

    >>> [piece.text for piece in cause("word-near", {"word": "WHER"})]
    ['WHER', ' is no word of SPARQL']
    """
    return _pieces(said.causes[words], said, named)


def cure(words: str, named: Mapping[str, str], said: Wording = ENGLISH) -> tuple[Piece, ...]:
    """What to do about it; nothing if nobody can tell.

    >>> "".join(piece.text for piece in cure("iri-bare", {"cure": "<http://e/>"}))
    'write <http://e/>'
    """
    template = said.cures.get(_CURE_OF.get(words, words))
    if template is None or (_CURE_OF.get(words) == "expected" and not named.get("expected")):
        return ()
    return _pieces(template, said, named)


def _pieces(template: str, said: Wording, named: Mapping[str, str]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for text, field, _, _ in Formatter().parse(template):
        if text:
            found.append(Piece(text, is_code=False))
        if field == "expected":
            found += _listed(named[field].split(), said)
        elif field is not None:
            shown = named.get(field) or _EXAMPLES.get(field, _UNSHOWN)
            found.append(Piece(shown, is_code=field not in PLAIN))
    return tuple(found)


def _listed(names: list[str], said: Wording) -> list[Piece]:
    """What may stand in a place, as a list: kinds of words by their names, everything else as it is written."""
    found: list[Piece] = []
    for number, name in enumerate(names):
        if number:
            found.append(Piece(f" {said.expected['or']} " if number == len(names) - 1 else said.comma, is_code=False))
        found.append(Piece(said.expected.get(name, name), is_code=name not in said.expected))
    return found


def keys() -> frozenset[str]:
    """Every mistake that there are words for."""
    return frozenset(_CAUSES)


def plain(pieces: Iterable[Piece]) -> str:
    """A sentence without markup; a sign alone stands in quotes there, or it would be taken for one of the sentence.

    >>> plain(cure("bracket-unclosed", {"closing": "}"}))
    "put '}' here"
    """
    return "".join(f"'{piece.text}'" if piece.is_code and _is_sign(piece.text) else piece.text for piece in pieces)


def _is_sign(text: str) -> bool:
    return not any(sign.isalnum() or sign in _QUOTED for sign in text)
