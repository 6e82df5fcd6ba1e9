"""The prefixes that people know without declaring them: the project's own first, then a kept list of vocabularies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from kg.errors import Problem
from kg.sparql.language.tokens import Kind as Is
from kg.sparql.language.tokens import Token
from kg.sparql.messages.mistake import Edit, Kind, Mistake, insert, named
from kg.sparql.messages.nearness import nearest
from kg.sparql.messages.reading import Reading, read
from kg.terms import PREFIXES

_BARE: Final = frozenset({"http:", "https:"})
_SHORTEST: Final = 3
"""Letters of a prefix that another one can be taken for."""
_EXAMPLE: Final = "http://example.org/"


@cache
def known() -> Mapping[str, str]:
    """Every prefix with its IRI, in the order in which they are offered.

    >>> known()["foaf"], next(iter(known()))
    ('http://xmlns.com/foaf/0.1/', 'zel')
    """
    lines = files("kg.sparql.messages").joinpath("prefixes.tsv").read_text(encoding="utf-8").splitlines()[1:]
    listed = dict(line.split("\t")[:2] for line in lines)
    return MappingProxyType({**PREFIXES, **{name: iri for name, iri in listed.items() if name not in PREFIXES}})


def declaration(prefix: str, iri: str) -> str:
    """A declaration as it is written.

    >>> declaration("foaf", "http://xmlns.com/foaf/0.1/")
    'PREFIX foaf: <http://xmlns.com/foaf/0.1/>'
    """
    return f"PREFIX {prefix}: <{iri}>"


def undeclared(reading: Reading) -> dict[str, Token]:
    """The prefixes that a query uses and does not declare, with the first use of each."""
    names = [(number, token) for number, token in enumerate(reading.tokens) if token.kind is Is.NAME]
    declared = {_prefix(token) for number, token in names if _declares(reading, number)}
    found: dict[str, Token] = {}
    for number, token in names:
        prefix = _prefix(token)
        if prefix not in declared and not _declares(reading, number) and not is_bare_iri(reading, number):
            found.setdefault(prefix, token)
    return found


def fill(text: str, own: Mapping[str, str] = MappingProxyType({})) -> tuple[str, tuple[tuple[str, str], ...]]:
    r"""A query, escapes resolved, with declarations of the known prefixes that it lacks, and which these are.

    Known are those of the data that are asked, `own`, and the kept ones. They stand in a line of their own before
    everything else, so that every place is one line further.

    >>> fill("ASK { ?s foaf:name 'x:y' ; my:own 1 }")
    ("PREFIX foaf: <http://xmlns.com/foaf/0.1/>\nASK { ?s foaf:name 'x:y' ; my:own 1 }", (('foaf', 'http://xmlns.com/foaf/0.1/'),))
    """
    all_known = {**known(), **own}
    filled = tuple((prefix, all_known[prefix]) for prefix in undeclared(read(text)) if prefix in all_known)
    if not filled:
        return text, ()
    return " ".join(declaration(*pair) for pair in filled) + "\n" + text, filled


def as_written(problem: Problem) -> Problem:
    """A problem of a query that was filled, at its place in the query as it was written."""
    at = problem.position
    return problem if at is None else replace(problem, position=replace(at, line=at.line - 1))


def declarations(reading: Reading, _place: int) -> Iterator[Mistake]:
    """Declarations that are written in another way than SPARQL's, or lack a part."""
    for number, token in enumerate(reading.tokens):
        after, then = reading.token(number + 1), reading.token(number + 2)
        if token.is_word("PREFIX") and after.kind is Is.WORD and then.kind is Is.IRI:
            cure = f"PREFIX {after.text}: {then.text}"
            yield _declaration("prefix-colon", after, insert(after.end, ":"), cure, certain=True)
        elif token.is_word("PREFIX") and after.kind is Is.NAME and after.text.endswith(":"):
            yield from _unfinished(reading, number)
        elif token.kind is Is.LANGUAGE and token.text.lower() == "@prefix" and after.kind is Is.NAME:
            yield _of_turtle(reading, number)
        elif _is_bare_declaration(reading, number):
            cure = f"PREFIX {token.text} {after.text}"
            yield _declaration("prefix-word", token, insert(token.start, "PREFIX "), cure, certain=True)


def _unfinished(reading: Reading, number: int) -> Iterator[Mistake]:
    name, iri, after = (reading.token(number + more) for more in (1, 2, 3))
    if iri.kind is Is.IRI and after.is_mark("."):
        cure = f"PREFIX {name.text} {iri.text}"
        yield _declaration("prefix-dot", after, (Edit(after.start, after.end, ""),), cure, certain=True)
    elif iri.kind is not Is.IRI and not is_bare_iri(reading, number + 2):
        usual = known().get(name.text[:-1])
        cure = f"PREFIX {name.text} <{usual or _EXAMPLE}>"
        edits = insert(name.end, f" <{usual or _EXAMPLE}>")
        yield _declaration("prefix-iri", name, edits, cure, certain=True)


def _of_turtle(reading: Reading, number: int) -> Mistake:
    token, name, iri, dot = (reading.token(number + more) for more in range(4))
    edits = (Edit(token.start, token.end, "PREFIX"), *((Edit(dot.start, dot.end, ""),) if dot.is_mark(".") else ()))
    return _declaration("prefix-turtle", token, edits, f"PREFIX {name.text} {iri.text}", certain=True)


def _declaration(words: str, at: Token, cure: tuple[Edit, ...], shown: str, *, certain: bool) -> Mistake:
    told = named(cure=shown, prefix=at.text.removesuffix(":") or ":")
    return Mistake(Kind.PREFIX_DECLARATION, words, at.start, at.end, told, cure, certain)


def _is_bare_declaration(reading: Reading, number: int) -> bool:
    """`foaf: <http://...>` at the beginning of a query, or after a declaration."""
    name, iri, before = reading.token(number), reading.token(number + 1), reading.token(number - 1)
    if name.kind is not Is.NAME or not name.text.endswith(":") or iri.kind is not Is.IRI:
        return False
    earlier = reading.token(number - 2)
    declared = before.kind is Is.IRI and (_declares(reading, number - 2) or earlier.is_word("BASE"))
    return number == 0 or declared or (before.kind is Is.STRING and earlier.is_word("VERSION"))


def undeclared_prefixes(reading: Reading, _place: int) -> Iterator[Mistake]:
    """Prefixes that are used and not declared, each at its first use."""
    lacking = undeclared(reading)
    declared = {_prefix(token) for number, token in enumerate(reading.tokens) if _declares(reading, number)}
    for prefix, token in lacking.items():
        usual = known().get(prefix)
        near = () if usual or len(prefix) < _SHORTEST else _near(prefix, declared)
        meant = near[0] if near else prefix
        shown = declaration(meant, known().get(meant, _EXAMPLE))
        words = "prefix-known" if usual else "prefix-near" if near else "prefix-unknown"
        hint = "word-near" if near and near[0] in declared else None
        told = named(prefix=prefix or ":", declaration=shown, near=f"{meant}:" if near else "")
        cure = insert(0, declaration(prefix, usual or _EXAMPLE) + " ")
        end = token.start + len(prefix) + 1
        yield Mistake(Kind.PREFIX_UNDECLARED, words, token.start, end, told, cure, certain=True, hint=hint)


def _near(prefix: str, declared: set[str]) -> tuple[str, ...]:
    """The prefix that another one is taken for: one that the query declares, else a well-known one."""
    return nearest(prefix, declared - {""}, 1) or nearest(prefix, known(), 1)


def is_bare_iri(reading: Reading, number: int) -> bool:
    """Whether an IRI stands here without its angle brackets."""
    token = reading.token(number)
    return token.kind is Is.NAME and token.text in _BARE and reading.text[token.end : token.end + 2] == "//"


_REST: Final = re.compile(r"[^\s<>\"{}|^`\\()\[\],;]*")


def bare_iris(reading: Reading, _place: int) -> Iterator[Mistake]:
    """IRIs without angle brackets, up to the white space or bracket after each."""
    for number, token in enumerate(reading.tokens):
        if is_bare_iri(reading, number):
            found = _REST.match(reading.text, token.start)
            iri = found[0].rstrip(".") if found else token.text
            end = token.start + len(iri)
            edits = (Edit(token.start, end, f"<{iri}>"),)
            yield Mistake(Kind.IRI_BARE, "iri-bare", token.start, end, named(cure=f"<{iri}>"), edits, certain=True)


_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")


def relative_iris(reading: Reading, _place: int) -> Iterator[Mistake]:
    """IRIs that are relative where nothing says to what."""
    if reading.base is not None or any(token.is_word("BASE") for token in reading.tokens):
        return
    for token in reading.tokens:
        if token.kind is Is.IRI and not _SCHEME.match(token.text):
            edits = insert(0, f"BASE <{_EXAMPLE}> ")
            told = named(iri=reading.shown(token), cure=f"BASE <{_EXAMPLE}>")
            yield Mistake(Kind.IRI_RELATIVE, "iri-relative", token.start, token.end, told, edits, certain=True)
            return


def _prefix(token: Token) -> str:
    return token.text.partition(":")[0]


def _declares(reading: Reading, number: int) -> bool:
    before = reading.token(number - 1)
    return before.is_word("PREFIX") or (before.kind is Is.LANGUAGE and before.text.lower() == "@prefix")
