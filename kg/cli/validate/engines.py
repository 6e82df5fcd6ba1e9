"""The engines that can be asked for a verdict, and what is concluded before they are."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import click

from kg.cli.output import Talk
from kg.cli.validate.options import grouped
from kg.collecting import uncollected
from kg.errors import OperationError, Problem, ShapesError, UsageError

if TYPE_CHECKING:
    from kg.shacl import Columns, Report, Result, ShapesGraph
    from kg.shacl.native import Watch

_COMPARED: Final = ("focus", "path", "value", "severity", "component", "shape")
_CODE: Final = "engines-disagree"
Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Engines:
    """Which engine is asked, in how many processes, on data with which consequences."""

    engine: str
    inference: Literal["none", "rdfs", "owl-rl"]
    jobs: int
    query_timeout: float

    def __post_init__(self) -> None:
        if self.jobs > 1 and self.engine == "pyshacl":
            raise UsageError("--jobs is of the native engine, and --engine pyshacl has one process")

    def may_be_lenient(self, wanted: bool) -> bool:
        """Whether ill-formed shapes are left out.

        :raises UsageError: if they should be, and pySHACL is asked, which has a reading of its own for each of them
        """
        if wanted and self.engine != "native":
            raise UsageError(f"--lenient is of the native engine, and --engine {self.engine} asks pySHACL too")
        return wanted

    def check(self, shapes: ShapesGraph) -> None:
        """That the engine knows the version of the shapes.

        :raises UsageError: if pySHACL is asked, and it is SHACL 1.2
        """
        if shapes.shapes.version != "1.0" and self.engine != "native":
            raise UsageError("pySHACL knows SHACL 1.0 only", hint="use --engine native")

    def conclude(self, data: Columns, talk: Talk) -> Iterator[str]:
        """Add what follows from the data, if that is wanted; what a person is to be told of it."""
        if self.inference != "none":
            from kg.shacl.inference import conclude

            count, contradictions = conclude(data, self.inference)
            talk.detail(f"{count} statements follow ({self.inference})")
            yield from (f"the data contradict themselves ({self.inference}): {text}" for text in contradictions)

    def run(self, data: Columns, shapes: ShapesGraph, watch: Watch) -> Report:
        """The verdict; `watch` hears how far the native engine has come.

        :raises ShapesError: if the shapes cannot be used
        :raises OperationError: if two engines were asked and disagree
        """
        match self.engine:
            case "native":
                return self._native(data, shapes, watch)
            case "pyshacl":
                return _pyshacl(data, shapes, self.query_timeout)
            case "both":
                return _agreed(self._native(data, shapes, watch), _pyshacl(data, shapes, self.query_timeout))
        raise ValueError(self.engine)

    @uncollected()
    def _native(self, data: Columns, shapes: ShapesGraph, watch: Watch) -> Report:
        from kg import shacl
        from kg.shacl.jobs import validate

        if self.jobs == 1:
            return shacl.validate(data, shapes, query_seconds=self.query_timeout, details=True, watch=watch)
        return validate(data, shapes, self.jobs, watch, self.query_timeout)


def _pyshacl(data: Columns, shapes: ShapesGraph, query_seconds: float) -> Report:
    from kg import shacl
    from kg.shacl.judge import reference
    from kg.shacl.judge.memory import memory_graph

    try:
        report = reference.validate(memory_graph(data.quads()), memory_graph(shapes.quads))
    except ShapesError as error:
        told = [dataclasses.replace(problem, message=f"pySHACL: {problem.message}") for problem in error.problems]
        raise ShapesError(problems=told) from error
    return dataclasses.replace(report, coverage=shacl.coverage(data, shapes, query_seconds), is_counted=True)


def _agreed(mine: Report, other: Report) -> Report:
    """The report of the native engine, if the other one says the same.

    :raises OperationError: with every result that only one of them has
    """
    one, two = Counter(map(_compared, mine.results)), Counter(map(_compared, other.results))
    if one == two:
        return mine
    alone = [
        *_alone(mine, one - two, "native says, and pySHACL does not"),
        *_alone(other, two - one, "pySHACL says, and native does not"),
    ]
    both = sum((one & two).values())
    said = f"the engines disagree: they share {both} results, and not {len(alone)}"
    alone.sort(key=lambda problem: (problem.iri or "", problem.message))
    raise OperationError(problems=[Problem(_CODE, said), *alone])


def _alone(report: Report, keys: Counter[Key], said: str) -> Iterator[Problem]:
    left = Counter(keys)
    for result in report.results:
        key = _compared(result)
        if left[key]:
            left[key] -= 1
            component = result.component.rpartition("#")[2].removesuffix("ConstraintComponent")
            yield Problem(_CODE, f"{said}: {component}, {result.summary()}", iri=result.focus)


def _compared(result: Result) -> Key:
    return tuple("_:" if str(part).startswith("_:") else part for part in (getattr(result, name) for name in _COMPARED))


engine_options: Final = grouped(
    "engines",
    Engines,
    click.option(
        "--engine",
        type=click.Choice(["native", "pyshacl", "both"]),
        default="native",
        show_default=True,
        help="`both` compares the two, and exits 3 where they disagree.",
    ),
    click.option(
        "--inference",
        type=click.Choice(["none", "rdfs", "owl-rl"]),
        default="none",
        show_default=True,
        help="Add what follows from data and ontology; subclasses count without it.",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(1, 64),
        default=1,
        help="Processes among which the shapes are shared; same report.",
    ),
    click.option(
        "--query-timeout",
        type=click.FloatRange(min=0),
        default=60,
        show_default=True,
        metavar="SECONDS",
        help="Processor time of one query of a shape; 0 sets no end.",
    ),
)
