"""`kg query`: SPARQL over a release, without a server."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from kg.cli.output import Talk, common
from kg.cli.project import find_release, open_releases, release_options
from kg.cli.signals import ending_at_once
from kg.errors import FunctionUnknown, Position, QueryError, UsageError

if TYPE_CHECKING:
    from kg.config import Config, Federation
    from kg.release import Release
    from kg.sparql.federation import Federated
    from kg.sparql.repair import Repaired
    from kg.sparql.repair.asking import Noting

    _Ask: TypeAlias = Callable[[str, Noting], tuple[Any, Repaired]]

_VIEWS = ("reviewed", "stated", "everything")
_SECONDS = 60.0
"""How long a search in texts may take."""
_FORMATS = ("table", "json", "csv", "tsv", "xml", "ttl")


@click.command()
@click.argument("file", metavar="FILE|-")
@release_options
@click.option("--view", type=click.Choice(_VIEWS), help="What a query sees that names no graph. Default: reviewed.")
@click.option("--format", "format_name", type=click.Choice(_FORMATS), help="Default: table, or ttl for graphs.")
@click.option("--fill-prefixes", is_flag=True, help="Declare the well-known prefixes that the query lacks.")
@click.option("--collation", metavar="TAG", help="The language in whose order ORDER BY puts texts, as in: ar.")
@click.option("--explain", is_flag=True, help="Tell how the answer comes about, in its place.")
@common
def query(
    talk: Talk,
    file: str,
    releases: Path | None,
    release_id: str | None,
    view: str | None,
    format_name: str | None,
    fill_prefixes: bool,
    explain: bool,
    collation: str | None,
) -> None:
    """Run the SPARQL query in FILE (or standard input) on a release."""
    text = _read(file)
    served = _Served(releases, release_id, view)
    again = _filled(talk, text, served) if fill_prefixes else text
    try:
        wanted = _Wanted(again, format_name, collation, explain, again != text)
        _run(talk, wanted, served)
    except QueryError as error:
        from kg.sparql.messages.told import at_lines_written, explained, without_filled

        told = explained(error, text, path="query" if file == "-" else file)
        raise (at_lines_written(without_filled(told)) if again != text else told) from None


@dataclass(frozen=True, slots=True)
class _Served:
    """Which release is asked, and which of its views."""

    releases: Path | None
    release_id: str | None
    view: str | None


def _filled(talk: Talk, text: str, served: _Served) -> str:
    from kg.sparql.messages.prefixes import declaration, fill
    from kg.sparql.messages.reading import resolved
    from kg.terms import Minter

    release = find_release(served.releases, served.release_id)
    again, prefixes = fill(resolved(text).text, Minter(release.base).prefixes)
    if not prefixes:
        return text
    talk.say(f"declared: {', '.join(declaration(*pair) for pair in prefixes)}")
    return again


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A query, and what is wanted of its answer."""

    text: str
    format_name: str | None
    collation: str | None
    explain: bool
    is_filled: bool
    """Whether a line of declarations stands before what was written."""


def _asked(release: Release, text: str) -> Path:
    """The store that answers a query: that of the release, or the one that holds its description too."""
    from kg.sparql.described import Described, described_store

    path = release.store_path
    return described_store(path) if Described.beside(path).is_named_in(text, release.base) else path


def _run(talk: Talk, wanted: _Wanted, served: _Served) -> None:
    from kg import store
    from kg.search import INDEX
    from kg.search.asking import texts_at
    from kg.sparql.dataset import Asked, place
    from kg.sparql.guard import draft
    from kg.sparql.messages import may_be_foreign
    from kg.sparql.repair import UNBOUND
    from kg.sparql.repair.asking import Manner, asked_of

    resolved = draft(wanted.text).source.text
    _check_collation(wanted.collation)
    release = find_release(served.releases, served.release_id)
    talk.detail(f"release {release.id}")
    opened = store.read(_asked(release, resolved))
    if may_be_foreign(wanted.text):
        _refuse_foreign(wanted.text, opened)
    has_views = store.has_graph(opened, f"{release.base}graph/stated")
    placed = place(Asked(wanted.text, view=served.view), release.base, has_views=has_views)
    with ending_at_once():  # nothing is written here
        try:
            config = open_releases(served.releases)
            texts = partial(texts_at, release.path / INDEX, _SECONDS)
            without = () if config.server.skip_unbound else (UNBOUND,)
            manner = Manner(without, wanted.collation, store.graphs_read(placed), texts)

            def ask(text: str, noting: Noting) -> tuple[Any, Repaired]:
                return asked_of(opened, text, manner, noting)

            answer = _answered(placed.query, ask, config, None if wanted.explain else wanted.format_name)
        except SyntaxError as error:
            raise _syntax_error(str(error)) from None
        except RuntimeError as error:
            if not str(error).startswith("The custom "):
                raise
            raise FunctionUnknown(str(error)) from None
    _tell(talk, wanted, answer, release.id)


def _tell(talk: Talk, wanted: _Wanted, answer: _Answer, release: str) -> None:
    receipt, warnings = answer.federated.receipt, answer.done.warnings
    if wanted.is_filled:
        from kg.sparql.messages.prefixes import as_written

        warnings = tuple(map(as_written, warnings))
    if receipt.costs:
        talk.detail(receipt.to_header())
    for note in (*receipt.notes, *(f"warning: {warning}" for warning in warnings)):
        talk.say(note)
    body = answer.body
    data: dict[str, object] = {"release": release, "result": body}
    if wanted.explain:
        body, told = _explained(answer, release)
        data = {"release": release, "explain": told}
    if warnings:
        data["warnings"] = [warning.to_json() for warning in warnings]
    if receipt.costs:
        data["federation"] = receipt.to_json()
    talk.result(body.rstrip("\n"), data)


def _syntax_error(message: str) -> QueryError:
    found = re.match(r"error at (\d+):(\d+): ", message)
    if found is None:
        return QueryError(f"the query does not parse: {message}")
    return QueryError(message[found.end() :], position=Position("query", int(found[1]), int(found[2])))


def _refuse_foreign(text: str, opened: Any) -> None:
    import pyoxigraph as ox

    from kg.sparql.messages.told import refuse_foreign

    def has(iri: str) -> bool:
        node = ox.NamedNode(iri)
        return opened.contains_named_graph(node) or any(True for _ in opened.quads_for_pattern(None, node, None, None))

    refuse_foreign(text, None, has)


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer to a query, and how it came about."""

    body: str
    federated: Federated
    done: Repaired
    milliseconds: dict[str, float]


def _check_collation(language: str | None) -> None:
    from kg.sparql.repair.functions.collation import CollationUnknown, sort_key

    try:
        if language is not None:
            sort_key(language)
    except CollationUnknown as error:
        raise UsageError(str(error), hint="give the tag of a language, as in --collation ar") from None


def _answered(text: str, ask: _Ask, config: Config, format_name: str | None) -> _Answer:
    from kg.sparql.repair.asking import settled

    began = time.perf_counter()
    federated = _federated(text, ask, config.federation)
    joined = prepared = time.perf_counter()

    def attempt(noting: Noting) -> tuple[str, Repaired]:
        nonlocal prepared
        found, done = ask(federated.query.text, noting)
        prepared = time.perf_counter()
        return _written(found, format_name), done

    (body, done), noting = settled(attempt)
    done = replace(done, warnings=(*done.warnings, *noting.problems()))
    ended = time.perf_counter()
    taken = {"asking elsewhere": joined - began, "preparing": prepared - joined, "evaluating": ended - prepared}
    return _Answer(body, federated, done, {name: seconds * 1000 for name, seconds in taken.items()})


def _explained(answer: _Answer, release: str) -> tuple[str, dict[str, Any]]:
    """How the answer came about, as lines and as an object."""
    from kg.sparql.repair.explaining import explanation, lines

    receipt = answer.federated.receipt
    given = {"release": release, **(receipt.to_json() if receipt.costs else {})}
    told = explanation(answer.federated.query.text, None, answer.done, given, answer.milliseconds)
    return "\n".join(lines(told)), told


def _written(found: Any, format_name: str | None) -> str:
    import pyoxigraph as ox

    from kg.terms import PREFIXES

    if isinstance(found, ox.QueryTriples):
        if format_name not in {None, "ttl"}:
            raise UsageError(f"a graph cannot be written as {format_name}", hint="use --format ttl")
        return (ox.serialize(found, format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES)) or b"").decode()
    if format_name in {None, "table"}:
        return _table(found)
    if format_name == "ttl":
        raise UsageError("rows cannot be written as ttl", hint="use json, csv, tsv, xml or table")
    forms = {"json": "JSON", "csv": "CSV", "tsv": "TSV", "xml": "XML"}
    content: bytes = found.serialize(format=getattr(ox.QueryResultsFormat, forms[format_name or "json"]))
    return content.decode()


def _federated(text: str, answered: _Ask, settings: Federation) -> Federated:
    """The query with its SERVICE clauses answered, if the project federates; else as it is, without any."""
    import pyoxigraph as ox

    from kg.sparql.federation import federate
    from kg.sparql.repair.asking import settled

    def ask(query: Any) -> bytes:
        def attempt(noting: Noting) -> bytes:
            found, _ = answered(query.text, noting)
            content: bytes = found.serialize(format=ox.QueryResultsFormat.JSON)
            return content

        return settled(attempt)[0]

    if not settings.endpoints:
        return federate(text, ask=ask, client=None)

    from kg.sparql.remote import RemoteClient

    with RemoteClient(settings) as client:
        return federate(text, ask=ask, client=client)


def _read(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        hint = "a query itself comes by standard input: echo '…' | kg query -" if "{" in file else "- is standard input"
        raise UsageError(f"cannot read {file}: {error.strerror}", hint=hint) from None
    try:
        return content.decode("utf-8-sig")  # a mark before the first word is none of its words
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = Position("standard input" if file == "-" else file, line)
        raise QueryError(f"not UTF-8: byte {error.start}", position=place, hint="save the query as UTF-8") from None


def _table(found: Any) -> str:
    """Rows as text, one line a row, columns padded."""
    import pyoxigraph as ox

    if isinstance(found, ox.QueryBoolean):
        return "true" if found else "false"
    names = [variable.value for variable in found.variables]
    rows = [[_cell(solution[name]) for name in names] for solution in found]
    widths = [max([len(name), *(len(row[i]) for row in rows)]) for i, name in enumerate(names)]
    table = [names, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table
    )


def _cell(term: Any) -> str:
    import pyoxigraph as ox

    from kg.terms import compress

    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return compress(term.value)
    return " ".join(str(getattr(term, "value", term)).split())
