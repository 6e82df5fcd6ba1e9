"""`kg query`: SPARQL over a release, without a server."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.output import Talk, common
from kg.cli.project import find_release, open_releases, release_options
from kg.cli.signals import ending_at_once
from kg.errors import QueryError, UsageError

if TYPE_CHECKING:
    from kg.config import Config, Federation
    from kg.sparql.federation import Federated
    from kg.sparql.repair import Repaired

_FORMATS = ("table", "json", "csv", "tsv", "xml", "ttl")


@click.command()
@click.argument("file", metavar="FILE|-")
@release_options
@click.option("--format", "format_name", type=click.Choice(_FORMATS), help="Default: table, or ttl for graphs.")
@click.option("--collation", metavar="TAG", help="The language in whose order ORDER BY puts texts, as in: ar.")
@click.option("--explain", is_flag=True, help="Tell how the answer comes about, in its place.")
@common
def query(
    talk: Talk,
    file: str,
    releases: Path | None,
    release_id: str | None,
    format_name: str | None,
    explain: bool,
    collation: str | None,
) -> None:
    """Run the SPARQL query in FILE (or standard input) on a release."""
    from kg import store
    from kg.sparql.described import Described, described_store
    from kg.sparql.guard import draft

    text = _read(file)
    resolved = draft(text).source.text
    _check_collation(collation)
    release = find_release(releases, release_id)
    talk.detail(f"release {release.id}")
    about = Described.beside(release.store_path).is_named_in(resolved, release.base)
    opened = store.read(described_store(release.store_path) if about else release.store_path)
    with ending_at_once():  # nothing is written here
        try:
            config = open_releases(releases)
            answer = _answered(text, opened, config, None if explain else format_name, collation)
        except SyntaxError as error:
            raise QueryError(f"the query does not parse: {error}") from None
    receipt = answer.federated.receipt
    if receipt.costs:
        talk.detail(receipt.to_header())
    for note in (*receipt.notes, *(f"warning: {warning}" for warning in answer.done.warnings)):
        talk.say(note)
    body = answer.body
    data: dict[str, object] = {"release": release.id, "result": body}
    if explain:
        body, told = _explained(answer, release.id)
        data = {"release": release.id, "explain": told}
    if answer.done.warnings:
        data["warnings"] = [warning.to_json() for warning in answer.done.warnings]
    if receipt.costs:
        data["federation"] = receipt.to_json()
    talk.result(body.rstrip("\n"), data)


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


def _answered(text: str, opened: Any, config: Config, format_name: str | None, collation: str | None) -> _Answer:
    from kg.sparql.repair import UNBOUND
    from kg.sparql.repair.asking import asked_of

    without = () if config.server.skip_unbound else (UNBOUND,)
    began = time.perf_counter()
    federated = _federated(text, opened, config.federation, without)
    joined = time.perf_counter()
    found, done = asked_of(opened, federated.query.text, without, collation)
    prepared = time.perf_counter()
    body = _written(found, format_name)
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


def _federated(text: str, opened: Any, settings: Federation, without: tuple[str, ...]) -> Federated:
    """The query with its SERVICE clauses answered, if the project federates; else as it is, without any."""
    import pyoxigraph as ox

    from kg.sparql.federation import federate
    from kg.sparql.repair.asking import asked_of

    def ask(query: Any) -> bytes:
        found, _ = asked_of(opened, query.text, without)
        answer: bytes = found.serialize(format=ox.QueryResultsFormat.JSON)
        return answer

    if not settings.endpoints:
        return federate(text, ask=ask, client=None)

    from kg.sparql.remote import RemoteClient

    with RemoteClient(settings) as client:
        return federate(text, ask=ask, client=client)


def _read(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", hint="give a file, or - for standard input") from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"the query is not UTF-8: byte {error.start}") from None


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
