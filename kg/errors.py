"""The exception tree: every error says what, where and what to do.

::

    KgError                    exit 3   could not do it
    ├── UsageError             exit 2   wrong usage or configuration
    │   ├── ConfigError                 kg.toml or a KG_* variable
    │   ├── ShapesError                 SHACL shapes that cannot be read or are not supported
    │   ├── MappingError                a mapping of tables or trees to RDF that cannot be run
    │   └── QueryError                  SPARQL that does not parse
    │       ├── QueryRefused            SPARQL that a rule of the guard refuses
    │       └── FunctionUnknown         SPARQL that calls a function which the engine does not have
    ├── DataError              exit 1   the data failed a gate
    │   ├── RecordError                 claims, sources or entities that cannot be read
    │   ├── VocabularyError             ontology/terms.csv or schemes.ttl
    │   ├── EvidenceError               a quote, an offset or a hash that does not match
    │   ├── ShapeViolation              the SHACL gate; carries the report
    │   └── NothingChecked              data that no shape has a target in
    └── OperationError         exit 3   the machine said no
        ├── StorageError                disk full, read-only, unreadable
        ├── EngineFailed                a query that could not be answered
        │   ├── DeadlineExceeded        it took longer than it may
        │   └── AnswerTooLarge          its answer is larger than it may be
        ├── EngineBusy, ClientOverQuota too many queries at once, or of one client
        ├── RemoteFailed                an endpoint that a SERVICE clause names; carries host, cause and batch
        └── ReleaseError                no such release, or a damaged one

An error carries one `Problem` or many; a run that meets forty mistakes reports forty.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file that a person can open.

    >>> str(Position("data/claims/jazari.yaml", 41))
    'data/claims/jazari.yaml:41'
    """

    path: str
    line: int
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, and what to do about it.

    >>> print(Problem("unknown-term", "unknown term 'minstry'",
    ...               Position("data/claims/jazari.yaml", 41), hint="did you mean 'Ministry'?"))
    data/claims/jazari.yaml:41: unknown term 'minstry' (did you mean 'Ministry'?)
    """

    code: str
    message: str
    position: Position | None = None
    iri: str | None = None
    hint: str | None = None
    mapping: Position | None = None
    """Where a mapping asks for what is wrong in the data."""
    value: str | None = None
    """What is wrong, as the data have it."""

    def __str__(self) -> str:
        where = f"{self.position}: " if self.position else f"{self.iri}: " if self.iri else ""
        asked = f" [{self.mapping}]" if self.mapping else ""
        return f"{where}{self.message}{asked}" + (f" ({self.hint})" if self.hint else "")

    def excerpt(self) -> tuple[str, ...]:
        """Lines that show the place, under the words of the problem; most problems have none."""
        return ()

    def to_json(self) -> dict[str, object]:
        """The error object that the command line and the HTTP server share.

        What a mapping made of data is told with `mapping`, its place there, and with the `value`, where there is one.
        """
        where: dict[str, object] = {}
        if self.position:
            where = {"file": self.position.path, "line": self.position.line}
            if self.position.column is not None:
                where["column"] = self.position.column
        if self.iri:
            where["iri"] = self.iri
        told: dict[str, object] = {
            "code": self.code,
            "message": self.message,
            "where": where or None,
            "hint": self.hint,
        }
        if self.mapping:
            told["mapping"] = {"file": self.mapping.path, "line": self.mapping.line}
        if self.value is not None:
            told["value"] = self.value
        return told


class KgError(Exception):
    """Anything that Zellige reports instead of a traceback.

    >>> try:
    ...     raise ConfigError("unknown key 'bsae'", hint="did you mean 'base'?")
    ... except KgError as error:
    ...     (error.exit_code, str(error))
    (2, "unknown key 'bsae' (did you mean 'base'?)")
    """

    exit_code: ClassVar[int] = 3
    code: ClassVar[str] = "error"

    def __init__(
        self,
        message: str | None = None,
        *,
        position: Position | None = None,
        iri: str | None = None,
        hint: str | None = None,
        problems: Iterable[Problem] = (),
    ) -> None:
        given = tuple(problems)
        if message is not None:
            given = (Problem(self.code, message, position, iri, hint), *given)
        self.problems: tuple[Problem, ...] = given
        super().__init__("\n".join(str(problem) for problem in given))


class UsageError(KgError):
    """The command, its options or its configuration are wrong."""

    exit_code = 2
    code = "usage"


class ConfigError(UsageError):
    """`kg.toml` or a `KG_*` variable is wrong."""

    code = "config"


class ShapesError(UsageError):
    """The shapes do not parse, are malformed, or use what no engine here checks: there is no verdict."""

    code = "shapes"


class MappingError(UsageError):
    """A mapping cannot be run: it does not parse, says what has no meaning, or names what its sources lack."""

    code = "mapping"


class QueryError(UsageError):
    """The SPARQL text does not parse."""

    code = "query-syntax"


class QueryRefused(QueryError):
    """The SPARQL text is legal, and a rule of the guard refuses it."""

    code = "query-refused"


class FunctionUnknown(QueryError):
    """The SPARQL text is legal, and calls a function that the engine does not have, or not with so many arguments."""

    code = "function-unknown"


class DataError(KgError):
    """The data failed a gate."""

    exit_code = 1
    code = "data"


class RecordError(DataError):
    """Claims, sources or entities cannot be read as what they should be."""

    code = "record"


class VocabularyError(DataError):
    """The vocabulary (terms, schemes, generated files) is not what it should be."""

    code = "vocabulary"


class EvidenceError(DataError):
    """A quote, an offset or a hash does not match its source text."""

    code = "evidence"


class ShapeViolation(DataError):
    """The dataset does not conform; `report` lists every result."""

    code = "shape-violation"

    def __init__(self, report: object, problems: Iterable[Problem]) -> None:
        super().__init__(problems=problems)
        self.report = report


class NothingChecked(DataError):
    """No node of the data is a target of a shape, and somebody asked that one be."""

    code = "nothing-checked"


class OperationError(KgError):
    """The machine could not do it."""

    code = "operation"


class StorageError(OperationError):
    """Disk full, read-only, or not readable."""

    code = "storage"


class EngineFailed(OperationError):
    """A query could not be answered: the evaluation failed, or its process ended."""

    code = "engine-failed"


class DeadlineExceeded(EngineFailed):
    """A query took longer than it may."""

    code = "deadline"


class AnswerTooLarge(EngineFailed):
    """The answer to a query is larger than it may be."""

    code = "answer-too-large"


class EngineBusy(OperationError):
    """More queries were sent than can be answered or wait."""

    code = "busy"


class ClientOverQuota(OperationError):
    """A client's queries have taken more time than one client may have."""

    code = "quota"


class Cause(StrEnum):
    """Why an endpoint elsewhere gave no answer that can be used."""

    ADDRESS = "address"
    """The host has no address, or one that must not be asked: loopback, private, link-local, metadata."""
    ANSWER_SIZE = "answer-size"
    BANNED = "banned"
    """Status 403: the endpoint wants no more of us."""
    BUDGET = "budget"
    """Our own budget for that host is used up for longer than a query may wait."""
    CIRCUIT_OPEN = "circuit-open"
    """It failed too often just now, and is left alone for a while."""
    CONTENT_TYPE = "content-type"
    NO_RESULTS = "no-results"
    """The body is no SPARQL result, whatever it calls itself."""
    REDIRECT = "redirect"
    REJECTED = "rejected"
    """Another status from 400 to 499: it does not take the query."""
    REQUEST_SIZE = "request-size"
    """Status 413 or 414: the query is too long."""
    STACK_TRACE = "stack-trace"
    STATUS = "status"
    TERM = "term"
    """A term that is none in RDF 1.1, and that no repair makes one."""
    THROTTLED = "throttled"
    TIMED_OUT = "timed-out"
    TRUNCATED = "truncated"
    UNAVAILABLE = "unavailable"
    """Status 502 or 503."""
    UNREACHABLE = "unreachable"
    """No connection, or one that broke, or a certificate that does not hold."""
    VARIABLES = "variables"
    """The answer is one to another question."""


class RemoteFailed(OperationError):
    """An endpoint elsewhere gave no answer that can be used."""

    code = "remote"

    def __init__(self, message: str, *, host: str, cause: Cause, batch: str = "", hint: str | None = None) -> None:
        where = f"{host}, {batch}" if batch else host
        super().__init__(f"{where}: {message}", hint=hint)
        self.message, self.host, self.cause, self.batch, self.hint = message, host, cause, batch, hint

    def within(self, batch: str) -> RemoteFailed:
        """The same failure, told with the batch that met it."""
        return RemoteFailed(self.message, host=self.host, cause=self.cause, batch=batch, hint=self.hint)


class ReleaseError(OperationError):
    """The release asked for is absent or damaged."""

    code = "release"


class Gathering:
    """Steps of which each is tried, whatever became of those before it, so that all that is wrong is told at once.

    >>> gathering = Gathering()
    >>> with gathering:
    ...     raise ConfigError("no base")
    >>> with gathering:
    ...     raise RecordError("no claims")
    >>> try:
    ...     gathering.raise_any()
    ... except KgError as error:
    ...     (type(error).__name__, [str(problem) for problem in error.problems])
    ('ConfigError', ['no base', 'no claims'])
    """

    def __init__(self) -> None:
        self._first: KgError | None = None
        self.problems: list[Problem] = []

    def __enter__(self) -> None:
        """Try a step."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, UsageError | DataError):
            return False
        self._first = self._first or error
        self.problems += [problem for problem in error.problems if problem not in self.problems]
        return True

    def raise_any(self) -> None:
        """Raise what was gathered, as an error of the first one's kind.

        :raises KgError: if anything was
        """
        if self._first is not None:
            self._first.problems = tuple(self.problems)
            self._first.args = ("\n".join(map(str, self.problems)),)
            raise self._first


def nearest(name: str, known: Iterable[str]) -> str | None:
    """A hint naming the known name closest to `name`, whatever its case.

    >>> nearest("minstry", ["Ministry", "Institute"])
    "did you mean 'Ministry'?"
    >>> nearest("zzz", ["Ministry"]) is None
    True
    """
    return Suggestions(known).nearest(name)


class Suggestions:
    """Hints for the names of one run that are none of `known`, which may be many thousands.

    A hint compares a name with every known one. So each name is looked at once, and after `most` of them there are no
    more hints: a thing that was renamed must not cost as many comparisons as there are references times things.

    >>> hints = Suggestions(["lab", "city"], most=1)
    >>> hints.nearest("Lab"), hints.nearest("Lab"), hints.nearest("cty")
    ("did you mean 'lab'?", "did you mean 'lab'?", None)
    """

    def __init__(self, known: Iterable[str], most: int = 100) -> None:
        self._known, self._most = known, most
        self._folded: dict[str, str] = {}
        self._made: dict[str, str | None] = {}

    def nearest(self, name: str) -> str | None:
        """A hint naming the known name closest to `name`, whatever its case."""
        if name not in self._made:
            if len(self._made) >= self._most:
                return None
            self._made[name] = self._compare(name)
        return self._made[name]

    def _compare(self, name: str) -> str | None:
        if not self._folded:
            for candidate in self._known:
                self._folded.setdefault(candidate.casefold(), candidate)
        found = difflib.get_close_matches(name.casefold(), self._folded, n=1, cutoff=0.6)
        return f"did you mean '{self._folded[found[0]]}'?" if found else None
