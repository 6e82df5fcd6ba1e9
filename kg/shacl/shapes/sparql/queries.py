"""Queries of shapes (SHACL, sections 5 and 6): read, checked for what pre-binding forbids, made ready to run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from kg.errors import QueryError
from kg.shacl.graph.terms import Term
from kg.shacl.graph.xsd import DIR_LANG_STRING, LANG_STRING, RDF, STRING, XSD
from kg.shacl.paths import Path, Predicate, path_text
from kg.shacl.shapes.model import SH, Mark, Query, Text
from kg.shacl.shapes.sparql.free import is_free
from kg.shacl.shapes.statements import Malformed, Statements
from kg.sparql.language.tokens import Kind, Token, resolve_escapes, tokenize

THIS: Final = "this"
SHAPES_GRAPH: Final = "shapesGraph"
CURRENT_SHAPE: Final = "currentShape"
_TEXTS: Final = {"1.0": (STRING, LANG_STRING), "1.2": (STRING, LANG_STRING, DIR_LANG_STRING)}
_VARIABLE: Final = re.compile(r"\{[?$](\w+)\}")
_LEAVING: Final = ("SERVICE", "FROM", "LOAD")
_NOT_BOUND: Final = ("MINUS", "VALUES")
_AFTER_GROUPS: Final = ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
_WRITTEN: Final = MappingProxyType(
    {
        "prefix": re.compile(r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?"),
        "namespace": re.compile(r'[^\x00-\x20<>"{}|^`\\]*'),
    }
)
"""What a prefix and a namespace may be (SPARQL 1.1, productions 168 and 139)."""
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
Cut = tuple[int, int, str]
"""Where a text begins and ends that gives way to another one."""
_TERMS: Final = (Kind.IRI, Kind.NAME, Kind.VARIABLE, Kind.BLANK, Kind.STRING, Kind.NUMBER)


def texts(statements: Statements, node: Term, predicate: str = SH + "message") -> tuple[Text, ...]:
    """The messages of a node.

    :raises Malformed: if one is no text
    """
    found = []
    for value in statements.values(node, predicate):
        if statements.version == "1.2" and isinstance(value, ox.Literal) and value.datatype.value == RDF + "HTML":
            raise Malformed("is rdf:HTML, and reports here are plain text")
        if not isinstance(value, ox.Literal) or value.datatype.value not in _TEXTS[statements.version]:
            raise Malformed("is no text")
        direction = f"--{value.direction.value}" if value.direction else ""
        found.append(Text(value.value, value.language and value.language + direction))
    return tuple(found)


def prefixes_of(statements: Statements, node: Term) -> Mapping[str, str]:
    """The prefixes that `sh:prefixes` of a query declares, those of imported ontologies too (SHACL, section 5.2.1).

    :raises Malformed: if a declaration lacks a part, or one prefix stands for two namespaces
    """
    declared: dict[str, str] = {}
    owners = list(statements.values(node, SH + "prefixes"))
    for owner in owners:
        owners += [o for o in statements.values(owner, "http://www.w3.org/2002/07/owl#imports") if o not in owners]
        for declaration in statements.values(owner, SH + "declare"):
            prefix, namespace = (_only(statements, declaration, name) for name in ("prefix", "namespace"))
            if declared.setdefault(prefix, namespace) != namespace:
                raise Malformed(f"declares the prefix {prefix}: twice")
    return declared


def _only(statements: Statements, node: Term, name: str) -> str:
    values = statements.values(node, SH + name)
    if (
        len(values) != 1
        or not isinstance(values[0], ox.Literal)
        or (values[0].datatype.value not in {STRING, XSD + "anyURI"})
    ):
        raise Malformed(f"has a declaration without one sh:{name}")
    if not _WRITTEN[name].fullmatch(values[0].value):  # it is written into queries, and must not say more there
        raise Malformed(f"has a declaration whose sh:{name} is none: {values[0].value[:60]!r}")
    return values[0].value


def prepare(
    text: str,
    prefixes: Mapping[str, str],
    bound: Iterable[str],
    path: Path | None = None,
    *,
    absent: frozenset[str] = frozenset(),
) -> Query:
    """A query with its prefixes, its path written in, and every pre-bound variable among those that it selects.

    Oxigraph's substitution of variables does not reach `BOUND`, what is assigned, and a filter that is nothing but the
    variable. So a variable that is bound before is bound here, and expressions keep a mark for its value. So does a
    query with groups, where a variable that is none of them has no value. Of the variables that
    may be `bound` some may be `absent`: optional parameters that are not given.

    :raises Malformed: if it does not parse, leaves the data graph, or has what queries with pre-bound variables must
        not have (SHACL, section 5.3 and appendix A)
    """
    names = frozenset(bound)
    try:
        resolved = resolve_escapes(text).text
        tokens = [t for t in tokenize(resolved) if t.kind is not Kind.COMMENT]
    except QueryError as error:
        raise Malformed(f"does not parse: {error}") from None
    _check(tokens, names)
    declared = _prologue(tokens, prefixes)
    mentioned = frozenset(t.text[1:] for t in tokens if t.kind is Kind.VARIABLE)
    given = names - absent
    selecting = _selecting(tokens)
    cuts = [*_selected_too(selecting, given & mentioned), *_path_written(tokens, path), *_bound_written(tokens, given)]
    marked = [token for token in _in_expressions(tokens) if token.text[1:] in given]
    grouped, more = _grouped(tokens, given & mentioned)
    pieces = _pieces(declared, resolved, [*cuts, *more], [*marked, *grouped, *_constants(tokens, given)])
    whole = "".join(piece if isinstance(piece, str) else f"?{piece.name}" for piece in pieces)
    try:
        answer = ox.Store().query(whole)
    except SyntaxError as error:
        raise Malformed(f"does not parse: {' '.join(str(error).split())}") from None
    except RuntimeError as error:
        raise Malformed(f"cannot be run: {' '.join(str(error).split())}") from None
    if not isinstance(answer, ox.QuerySolutions):
        raise Malformed("is neither SELECT nor ASK")
    selected = frozenset(v.value for v in answer.variables) if selecting.every else selecting.named
    return Query(pieces, selected, mentioned, _predicates(whole), is_free(tokens), text, selecting.is_ask)


def _prologue(tokens: list[Token], prefixes: Mapping[str, str]) -> str:
    """The declarations of the prefixes that a query uses: one that it does not use may be what SPARQL cannot read."""
    own = {after.text for word, after in pairwise(tokens) if word.is_word("PREFIX")}
    used = {token.text.partition(":")[0] for token in tokens if token.kind is Kind.NAME and token.text not in own}
    needed = sorted(prefix for prefix in used if f"{prefix}:" not in own)
    if unknown := [f"{prefix}:" for prefix in needed if prefix not in prefixes]:
        raise Malformed(f"does not parse: prefixes without sh:declare: {', '.join(unknown)}")
    if relative := [prefix for prefix in needed if not _ABSOLUTE.match(prefixes[prefix])]:
        raise Malformed(f"does not parse: the namespace of {relative[0]}: is relative: {prefixes[relative[0]]!r}")
    return "".join(f"PREFIX {prefix}: <{prefixes[prefix]}>\n" for prefix in needed)


def _check(tokens: list[Token], bound: frozenset[str]) -> None:
    for place, token in enumerate(tokens):
        if token.is_word(*_LEAVING):
            raise Malformed(f"must not have {token.text.upper()}: it leaves the data graph")
        if token.is_word("GRAPH") and tokens[place + 1].text[1:] not in bound & {SHAPES_GRAPH}:
            raise Malformed("must not have GRAPH of anything but $shapesGraph: the data are one graph")
        if bound and token.is_word(*_NOT_BOUND):
            raise Malformed(f"must not have {token.text.upper()}: variables are bound before it runs")
        if token.is_word("AS") and place + 1 < len(tokens) and tokens[place + 1].text[1:] in bound:
            raise Malformed(f"must not assign {tokens[place + 1].text}, which is bound before it runs")
        if token.is_word("SELECT") and place and tokens[place - 1].is_mark("{"):
            _check_inner(tokens[place + 1 :], bound)


def _check_inner(tokens: list[Token], bound: frozenset[str]) -> None:
    """A subquery must hand on every variable that may be bound before (SHACL, appendix A, on pre-binding)."""
    selected: set[str] = set()
    for token in tokens:
        if token.is_mark("*") and not selected:
            raise Malformed("has a subquery that selects *, where the variables bound before must be named")
        if token.is_mark("{") or token.is_word("WHERE"):
            break
        if token.kind is Kind.VARIABLE:
            selected.add(token.text[1:])
    depth, inside = 0, set[str]()
    for token in tokens:
        depth += token.is_mark("{") - token.is_mark("}")
        if depth < 0:
            break
        if token.kind is Kind.VARIABLE:
            inside.add(token.text[1:])
    missing = bound - selected - ({SHAPES_GRAPH, CURRENT_SHAPE} - (inside & {CURRENT_SHAPE}))
    if missing:
        raise Malformed(f"has a subquery that does not select ${min(missing)}")


def _path_written(tokens: list[Token], path: Path | None) -> Iterator[Cut]:
    for token in tokens:
        if token.kind is Kind.VARIABLE and token.text == "$PATH":
            if path is None:
                raise Malformed("has $PATH, but its shape has no path")
            written = path_text(path)
            yield token.start, token.end, f"<{written}>" if isinstance(path, Predicate) else f"({written})"


def _bound_written(tokens: list[Token], bound: frozenset[str]) -> Iterator[Cut]:
    for word, opening, variable, closing in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False):
        if word.is_word("BOUND") and opening.is_mark("(") and variable.text[1:] in bound and closing.is_mark(")"):
            yield word.start, closing.end, "(true)"


def _in_expressions(tokens: list[Token]) -> Iterator[Token]:
    """The variables of expressions: they stand in parentheses, wherever an expression may stand."""
    depth = 0
    for token in tokens:
        depth += token.is_mark("(") - token.is_mark(")")
        if depth and token.kind is Kind.VARIABLE:
            yield token


def _constants(tokens: list[Token], bound: frozenset[str]) -> Iterator[Token]:
    """`$shapesGraph` where a graph is named: subqueries need not hand it on (SHACL, appendix A)."""
    for before, token in pairwise(tokens):
        if before.is_word("GRAPH") and token.text[1:] in bound & {SHAPES_GRAPH}:
            yield token


def _grouped(tokens: list[Token], bound: frozenset[str]) -> tuple[list[Token], list[Cut]]:
    """The variables of a query with groups that is asked for their values, and the bound ones as groups more."""
    start = next((place for place, token in enumerate(tokens) if token.is_mark("{")), len(tokens))
    depth, group, after = 0, None, len(tokens)
    for place, token in enumerate(tokens):
        depth += token.is_mark("{") - token.is_mark("}")
        if depth == 0 and token.is_word("GROUP"):
            group = place + 1
        elif depth == 0 and group is not None and token.is_word(*_AFTER_GROUPS):
            after = min(after, place)
    if group is None:
        return [], []
    named = {token.text[1:] for token in tokens[group:after] if token.kind is Kind.VARIABLE}
    added = "".join(f" ?{name}" for name in sorted(bound - named))
    used = [*tokens[start : group - 1], *tokens[after:]]
    marked = [t for t in used if t.kind is Kind.VARIABLE and t.text[1:] in bound - named - {THIS}]
    return marked, [(tokens[group].end, tokens[group].end, added)] if added else []


@dataclass(frozen=True, slots=True)
class _Selecting:
    """What a query selects: where that is said, and the variables that are named, unless it is every one."""

    word: Token
    end: int
    named: frozenset[str]
    every: bool

    @property
    def is_ask(self) -> bool:
        return self.word.is_word("ASK")


def _selecting(tokens: list[Token]) -> _Selecting:
    start = next((place for place, token in enumerate(tokens) if token.is_word("SELECT", "ASK")), None)
    if start is None:
        raise Malformed("is neither SELECT nor ASK")
    selected: set[str] = set()
    depth, every, end = 0, False, start + 1
    while end < len(tokens) and not (depth == 0 and (tokens[end].is_mark("{") or tokens[end].is_word("WHERE"))):
        token = tokens[end]
        depth += token.is_mark("(") - token.is_mark(")")
        if token.kind is Kind.VARIABLE and (depth == 0 or tokens[end - 1].is_word("AS")):
            selected.add(token.text[1:])
        every = every or (depth == 0 and token.is_mark("*"))
        end += 1
    return _Selecting(tokens[start], tokens[end - 1].end, frozenset(selected), every)


def _selected_too(said: _Selecting, bound: frozenset[str]) -> Iterator[Cut]:
    """The bound variables that a query mentions are among those that it selects: Oxigraph substitutes no others."""
    if said.is_ask:
        names = "".join(f" ?{name}" for name in sorted(bound))
        yield said.word.start, said.word.end, f"SELECT{names or ' *'}"
    elif not said.every and bound - said.named:
        yield said.end, said.end, "".join(f" ?{name}" for name in sorted(bound - said.named))


def _pieces(prefixes: str, text: str, cuts: list[Cut], assigned: list[Token]) -> tuple[str | Mark, ...]:
    marks: list[tuple[int, int, str | Mark]] = [(t.start, t.end, Mark(t.text[1:])) for t in dict.fromkeys(assigned)]
    pieces: list[str | Mark] = [prefixes]
    done = 0
    for start, end, written in sorted([*cuts, *marks], key=lambda cut: cut[:2]):
        if start >= done:
            pieces += [text[done:start], written]
            done = end
    return (*pieces, text[done:])


def _predicates(text: str) -> frozenset[str] | None:
    """IRIs of a query; None if a variable or a negated set may stand for a predicate."""
    tokens = [t for t in tokenize(text) if t.kind is not Kind.COMMENT]
    if _has_variable_predicate(tokens) or _has_negated_set(tokens):
        return None
    prefixes: dict[str, str] = {}
    found = {RDF + "first", RDF + "rest"}  # `( … )` is written without an IRI, and so is `a`
    if any(token.is_word("A") for token in tokens):
        found.add(RDF + "type")
    for place, token in enumerate(tokens):
        if token.is_word("PREFIX"):
            prefixes[tokens[place + 1].text] = tokens[place + 2].text[1:-1]
        elif token.kind is Kind.IRI:
            found.add(token.text[1:-1])
        elif token.kind is Kind.NAME:
            prefix, _, local = token.text.partition(":")
            found.add(prefixes.get(f"{prefix}:", "") + local.replace("\\", ""))
    return frozenset(found)


def _has_variable_predicate(tokens: list[Token]) -> bool:
    """Whether a variable follows a term and stands before another one within braces: where a predicate is written."""
    depth = 0
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        depth += before.is_mark("{") - before.is_mark("}")
        follows = before.kind in _TERMS or before.text in {";", "]", ")"}
        precedes = after.kind in _TERMS or after.text in {"[", "("} or after.is_word("TRUE", "FALSE")
        if depth and token.kind is Kind.VARIABLE and follows and precedes:
            return True
    return False


def _has_negated_set(tokens: list[Token]) -> bool:
    for place, token in enumerate(tokens):
        if token.is_mark("!"):
            following = next((t for t in tokens[place + 1 :] if not t.is_mark("(")), None)
            if following and (
                following.kind in {Kind.IRI, Kind.NAME} or following.is_mark("^") or following.is_word("A")
            ):
                return True
    return False


def filled(message: str, values: Mapping[str, str]) -> str:
    """A message with its variables written in (SHACL, section 5.3.2), whatever their values look like.

    >>> filled("{$this} has {?value}, not {?x}", {"this": "urn:a", "value": "b"})
    'urn:a has b, not {?x}'
    >>> filled("{?a}", {"a": "{?b}", "b": "c"})
    '{?b}'
    """
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), message)
