"""EXPLAIN in the process that evaluates: the query is answered, and what is sent is how."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from importlib.metadata import version
from typing import IO, Final, cast

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Store, serialize

from kg.sparql.repair import Repaired
from kg.sparql.repair.asking import Noting, settled
from kg.sparql.repair.explaining import explanation, lines
from server.engine.evaluation import Beside, Request, evaluated

TEXT: Final = "text/plain"
"""The media type for people; any other one is JSON."""


class _Counter:
    """Takes an answer for nobody, and counts it."""

    def __init__(self) -> None:
        self.size = self.lines = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self.lines += bytes(data).count(b"\n")
        return len(data)

    def flush(self) -> None:
        """Nothing is kept."""


def explain(store: Store, request: Request, output: IO[bytes], beside: Beside | None = None) -> None:
    """Evaluate a query, and write how, in place of its answer.

    :raises SyntaxError: if it does not parse
    :raises GraphNameError: if a graph is named by no absolute IRI
    :raises OSError: if the store cannot be read, or `output` written
    :raises RuntimeError: if the evaluation fails
    """
    began = time.perf_counter()
    prepared = began

    def attempt(noting: Noting) -> tuple[_Counter, dict[str, object], Repaired]:
        nonlocal prepared
        results, done = evaluated(store, request, beside, noting)
        prepared = time.perf_counter()
        counter = _Counter()
        return counter, _counted(results, cast("IO[bytes]", counter), counter), done

    (counter, given, done), noting = settled(attempt)
    done = replace(done, warnings=(*done.warnings, *noting.problems()))
    ended = time.perf_counter()
    answered = {
        "engine": f"pyoxigraph {version('pyoxigraph')}",
        "default-graph-uri": list(request.default),
        "named-graph-uri": list(request.named),
        **given,
        "bytes": counter.size,
    }
    taken = {"preparing": (prepared - began) * 1000, "evaluating": (ended - prepared) * 1000}
    told = explanation(request.text, request.base, done, answered, taken)
    if request.media_type == TEXT:
        output.write("\n".join(lines(told)).encode() + b"\n")
    else:
        output.write(json.dumps({"explain": told}, ensure_ascii=False, indent=1).encode() + b"\n")


def _counted(
    results: QuerySolutions | QueryBoolean | QueryTriples, output: IO[bytes], counter: _Counter
) -> dict[str, object]:
    """What the whole answer holds: it takes its time only while it is read."""
    if isinstance(results, QueryBoolean):
        return {"boolean": bool(results)}
    if isinstance(results, QuerySolutions):
        results.serialize(output, QueryResultsFormat.TSV)  # a row is a line, and nothing else is
        return {"rows": max(0, counter.lines - 1)}
    serialize(results, output, format=RdfFormat.N_TRIPLES)
    return {"triples": counter.lines}
