"""Brackets that do not match, and expressions that lack theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.sparql.language.tokens import Kind as Is
from kg.sparql.language.tokens import Token
from kg.sparql.messages.mistake import Edit, Kind, Mistake, insert, named
from kg.sparql.messages.reading import ENDING, Reading
from kg.sparql.messages.words import FUNCTIONS

_CLOSING: Final[Mapping[str, str]] = MappingProxyType({"{": "}", "(": ")", "[": "]"})
_OPENING: Final[Mapping[str, str]] = MappingProxyType({close: opens for opens, close in _CLOSING.items()})
_AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_CONSTRAINTS: Final = ("FILTER", "HAVING")
_AFTER_EXPRESSION: Final = (
    "FILTER", "OPTIONAL", "BIND", "MINUS", "GRAPH", "SERVICE", "VALUES", "UNION", "ORDER", "LIMIT", "OFFSET", "GROUP",
)  # fmt: skip
_BEFORE_GROUP: Final = ("WHERE", "OPTIONAL", "MINUS", "EXISTS", "UNION", "ASK")
_SHOWN: Final = 80
"""Characters of a cure that a sentence shows whole."""
_LONGEST: Final = 30
"""Tokens of an expression that are tried as its end."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """Where brackets do not match: an opening one without an end, or a closing one without a beginning."""

    opened: Token | None
    closed: Token
    """What stands where the opening one must be closed; or what closes nothing."""


def unmatched(reading: Reading, place: int) -> Iterator[Mistake]:
    """The first bracket that does not match: what is missing, or too many."""
    fault = _first_fault(reading)
    if fault is None:
        return
    if fault.opened is not None:
        yield from _unclosed(reading, fault.opened, fault.closed, place)
    if fault.closed is not ENDING:
        yield from _unopened(reading, fault.closed, place, is_sure=fault.opened is None)


def left_open(reading: Reading) -> int:
    """How many brackets are opened and not closed."""
    marks = [token.text for token in reading.tokens if token.kind is Is.MARK]
    return sum(max(0, marks.count(opening) - marks.count(closing)) for opening, closing in _CLOSING.items())


def is_left_open(reading: Reading, place: int) -> bool:
    """Whether a bracket that closes nothing stands beyond a place: what is missing may be anywhere before."""
    fault = _first_fault(reading)
    return fault is not None and fault.opened is None and fault.closed.start > place


def _first_fault(reading: Reading) -> _Fault | None:
    stack: list[Token] = []
    for token in reading.tokens:
        if token.kind is not Is.MARK:
            continue
        if token.text in _CLOSING:
            stack.append(token)
        elif token.text in _OPENING:
            if not stack:
                return _Fault(None, token)
            if stack[-1].text != _OPENING[token.text]:
                if any(opened.text == _OPENING[token.text] for opened in stack):
                    return _Fault(stack[-1], token)
                return _Fault(None, token)
            stack.pop()
    return _Fault(stack[-1], ENDING) if stack else None


def _unclosed(reading: Reading, opened: Token, closed: Token, place: int) -> Iterator[Mistake]:
    closing = _CLOSING[opened.text]
    end = reading.tokens[-1].end if closed is ENDING else closed.start
    number = reading.index(place)
    spots = [end]
    if opened.end < place < end:
        spots = [place, end] if opened.text == "{" else [place, reading.token(number - 1).end, end]
    line = reading.text.count("\n", 0, opened.start) + 1
    for spot in dict.fromkeys(spots):
        told = named(opening=opened.text, closing=closing, line=str(line))
        edits = insert(spot, f"{closing} ")
        is_sure = spot == end and closed is ENDING
        yield Mistake(Kind.BRACKET, "bracket-unclosed", spot, spot, told, edits, certain=is_sure)


def _unopened(reading: Reading, closed: Token, place: int, *, is_sure: bool) -> Iterator[Mistake]:
    opening = _OPENING[closed.text]
    told = named(opening=opening, closing=closed.text)
    if place < closed.start:
        number = reading.index(place)
        for spot in dict.fromkeys((reading.token(number).start, place)):
            edits = insert(spot, f" {opening} ")
            yield Mistake(Kind.BRACKET, "bracket-unopened", spot, spot, told, edits)
        yield from _before(reading, number, opening, told)
    edits = (Edit(closed.start, closed.end, ""),)
    yield Mistake(Kind.BRACKET, "bracket-extra", closed.start, closed.end, told, edits, is_sure)


def _before(reading: Reading, number: int, opening: str, told: tuple[tuple[str, str], ...]) -> Iterator[Mistake]:
    """The same some tokens further back: a name may be read as something else until its end."""
    for back in range(1, 6):
        token = reading.token(number - back)
        if token is not ENDING:
            edits = insert(token.start, f" {opening} ")
            yield Mistake(Kind.BRACKET, "bracket-unopened", token.start, token.start, told, edits)


def bare_groups(reading: Reading, place: int) -> Iterator[Mistake]:
    """Groups without their braces, after the word that begins one, and before UNION."""
    number = reading.index(place)
    token, word = reading.token(number), reading.token(number - 1)
    if token.is_word("UNION"):
        yield from _before_union(reading, number)
    begins = word.is_word("WHERE", "OPTIONAL", "MINUS", "EXISTS", "UNION", "ASK") or reading.token(number - 2).is_word(
        "GRAPH"
    )
    if not begins or token is ENDING or _first_fault(reading) is not None:
        return
    for end in reversed(_ends_of_group(reading, number)):
        told = named(word=reading.shown(word), opening="{", closing="}", cure=f"{word.text} {{ … }}")
        edits = (*insert(token.start, "{ "), *insert(end, " } "))
        yield Mistake(Kind.BRACKET, "bracket-pair", token.start, end, told, edits)


def _ends_of_group(reading: Reading, first: int) -> list[int]:
    """The offsets where a group that lacks its braces may end, nearest first."""
    found, depth = [], 0
    for number in range(first, min(len(reading.tokens), first + 3 * _LONGEST)):
        token = reading.token(number)
        depth += token.is_mark("{") - token.is_mark("}")
        if depth < 0 or (depth == 0 and token.is_word("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET")):
            break
        if depth == 0 and (reading.token(number + 1) is ENDING or not token.is_mark(".")):
            found.append(token.end)
    return found


def _before_union(reading: Reading, number: int) -> Iterator[Mistake]:
    depth = 0
    for at in range(number - 1, max(-1, number - 4 * _LONGEST), -1):
        token = reading.token(at)
        depth += token.is_mark("}") - token.is_mark("{")
        if depth < 0:
            union = reading.token(number)
            edits = (*insert(token.end, " {"), *insert(union.start, "} "))
            told = named(cure="{ { … } UNION { … } }")
            yield Mistake(Kind.BRACKET, "union-group", token.end, union.end, told, edits)
            return


def bare_expressions(reading: Reading, place: int) -> Iterator[Mistake]:
    """Expressions after FILTER, HAVING and BIND, and in SELECT, that stand in no brackets."""
    number = reading.index(place)
    for at in range(number, max(-1, number - _LONGEST), -1):
        token, after = reading.token(at), reading.token(at + 1)
        if token.is_word(*_CONSTRAINTS) and not after.is_mark("("):
            yield from _constraint(reading, at)
            return
        if token.is_word("BIND") and not after.is_mark("("):
            yield from _wrapped(reading, at, certain=True)
            return
        if token.is_word("SELECT"):
            yield from _projected(reading, at, number)
            return


def _constraint(reading: Reading, at: int) -> Iterator[Mistake]:
    after = reading.token(at + 1)
    called = after.kind in {Is.IRI, Is.NAME} or after.is_word("NOT", "EXISTS", *FUNCTIONS)
    yield from _wrapped(reading, at, certain=not called and after.kind in {Is.VARIABLE, Is.STRING, Is.NUMBER})


def _wrapped(reading: Reading, at: int, *, certain: bool) -> Iterator[Mistake]:
    """What follows a word in brackets, up to each token where the expression may end, the last one first."""
    word, first = reading.token(at), reading.token(at + 1)
    ends = _ends(reading, at + 1)
    for end in reversed(ends):
        inner = reading.text[first.start : end]
        cure = f"{word.text} ({' '.join(inner.split())})"
        edits = (*insert(first.start, "("), *insert(end, ")"))
        told = named(word=word.text.upper(), cure=cure if len(cure) <= _SHOWN else f"{word.text} ( … )")
        yield Mistake(Kind.EXPRESSION_BARE, "expression-bare", first.start, end, told, edits, certain)


def _ends(reading: Reading, first: int) -> list[int]:
    """The offsets where an expression that begins with a token may end, nearest first."""
    found: list[int] = []
    depth = 0
    for number in range(first, first + _LONGEST):
        token = reading.token(number)
        if token is ENDING or (depth == 0 and number > first and token.is_word(*_AFTER_EXPRESSION)):
            break
        if token.is_mark("{") or token.is_mark("("):
            depth += 1
        elif token.is_mark("}") or token.is_mark(")"):
            depth -= 1
        if depth < 0:
            break
        if depth == 0:
            found.append(token.end)
    return found or [reading.token(first).end]


def _projected(reading: Reading, at: int, number: int) -> Iterator[Mistake]:
    """`SELECT COUNT(?x) AS ?n`, `SELECT (COUNT(?x))` and `SELECT ?a, ?b`."""
    for where in range(at + 1, number + 2):
        token = reading.token(where)
        if token.is_mark("{") or token.is_word("WHERE", "FROM"):
            return
        if token.is_mark(",") and reading.token(where - 1).kind is Is.VARIABLE:
            edits = tuple(Edit(t.start, t.end, " ") for t in _commas(reading, at))
            yield Mistake(Kind.SIGN_UNKNOWN, "select-comma", token.start, token.end, named(sign=","), edits)
        if token.is_word(*FUNCTIONS) and reading.token(where + 1).is_mark("("):
            yield from _bare_column(reading, where)


def _commas(reading: Reading, at: int) -> Iterator[Token]:
    depth = 0
    for token in reading.tokens[at:]:
        if token.is_mark("{") or token.is_word("WHERE", "FROM"):
            return
        depth += token.is_mark("(") - token.is_mark(")")
        if depth == 0 and token.is_mark(","):
            yield token


def _bare_column(reading: Reading, where: int) -> Iterator[Mistake]:
    token, depth, last = reading.token(where), 0, where + 1
    for last in range(where + 1, min(len(reading.tokens), where + _LONGEST)):
        depth += reading.token(last).is_mark("(") - reading.token(last).is_mark(")")
        if depth == 0:
            break
    end = reading.token(last).end
    word, variable = reading.token(last + 1), reading.token(last + 2)
    is_bracketed, closed = reading.token(where - 1).is_mark("("), word.is_mark(")")
    name = "?number" if token.is_word("COUNT") else "?value"
    if is_bracketed and closed:
        shown, edits, stop = f"({reading.text[token.start : end]} AS {name})", insert(end, f" AS {name}"), word.end
    elif word.is_word("AS") and variable.kind is Is.VARIABLE:
        stop = variable.end
        shown = f"({reading.text[token.start : stop]})"
        edits = (*insert(token.start, "("), *insert(stop, ")"))
    else:
        stop = end
        shown = f"({reading.text[token.start : end]} AS {name})"
        edits = (*insert(token.start, "("), *insert(end, f" AS {name})"))
    told = named(word=token.text.upper(), cure=" ".join(shown.split()))
    yield Mistake(Kind.EXPRESSION_BARE, "expression-select", token.start, stop, told, edits)
