"""`kg query`: SPARQL over a release, without a server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.output import Talk, common
from kg.cli.project import find_release, open_releases, release_options
from kg.cli.signals import ending_at_once
from kg.errors import QueryError, UsageError

if TYPE_CHECKING:
    from kg.config import Federation
    from kg.sparql.federation import Federated

_SECONDS = 60.0
"""How long a search in texts may take."""
_FORMATS = ("table", "json", "csv", "tsv", "xml", "ttl")


@click.command()
@click.argument("file", metavar="FILE|-")
@release_options
@click.option("--format", "format_name", type=click.Choice(_FORMATS), help="Default: table, or ttl for graphs.")
@common
def query(talk: Talk, file: str, releases: Path | None, release_id: str | None, format_name: str | None) -> None:
    """Run the SPARQL query in FILE (or standard input) on a release."""
    from kg import store
    from kg.search import INDEX
    from kg.search.asking import texts_at
    from kg.sparql.columns import asked
    from kg.sparql.guard import draft
    from kg.sparql.texts import searched

    text = _read(file)
    draft(text)
    release = find_release(releases, release_id)
    talk.detail(f"release {release.id}")
    opened, texts = store.read(release.store_path), texts_at(release.path / INDEX, _SECONDS)

    def ask(query: str) -> Any:
        done = searched(query, None, texts)
        for warning in done.warnings:
            talk.say(str(warning))
        return asked(opened.query, done.text)

    with ending_at_once():  # nothing is written here
        try:
            answered = _federated(text, ask, open_releases(releases).federation)
            found = ask(answered.query.text)
        except SyntaxError as error:
            raise QueryError(f"the query does not parse: {error}") from None
        body = _written(found, format_name)
    if answered.receipt.costs:
        talk.detail(answered.receipt.to_header())
    for note in answered.receipt.notes:
        talk.say(note)
    data: dict[str, object] = {"release": release.id, "result": body}
    if answered.receipt.costs:
        data["federation"] = answered.receipt.to_json()
    talk.result(body.rstrip("\n"), data)


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


def _federated(text: str, answer: Callable[[str], Any], settings: Federation) -> Federated:
    """The query with its SERVICE clauses answered, if the project federates; else as it is, without any."""
    import pyoxigraph as ox

    from kg.sparql.federation import federate

    def ask(query: Any) -> bytes:
        results: bytes = answer(query.text).serialize(format=ox.QueryResultsFormat.JSON)
        return results

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
