"""Errors on their way from an executor to the driver: Spark hands over the text of a traceback, nothing else."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Final

from kg.errors import DataError, KgError, MappingError, OperationError, Position, Problem, StorageError

_KINDS: Final = (DataError, MappingError, StorageError)
_SENT: Final = re.compile(r"kg-fault<([A-Za-z0-9+/=]+)>")
_CAUSE: Final = re.compile(r"^(?:Caused by: )?(?:[\w.$]+(?:Exception|Error)): (.+)$", re.MULTILINE)


class TaskFailed(Exception):
    """An error of a task, written so that it survives in a traceback."""


def packed(error: KgError) -> TaskFailed:
    """An error as a task raises it."""
    sent = json.dumps({"kind": error.code, "problems": [asdict(one) for one in error.problems]}).encode()
    return TaskFailed(f"kg-fault<{base64.b64encode(sent).decode()}> {error}")


def unpacked(text: str) -> KgError | None:
    """The error of a task that a traceback tells of.

    >>> unpacked(f"Traceback: {packed(DataError('the table is empty', position=Position('t.csv', 1)))}")
    DataError('t.csv:1: the table is empty')
    """
    found = _SENT.search(text)
    if found is None:
        return None
    sent = json.loads(base64.b64decode(found[1]))
    kind = next((kind for kind in _KINDS if kind.code == sent["kind"]), OperationError)
    return kind(problems=[_problem(one) for one in sent["problems"]])


def _problem(sent: dict[str, Any]) -> Problem:
    places = {name: Position(**sent[name]) for name in ("position", "mapping") if sent[name]}
    return Problem(**{**sent, **places})


@contextmanager
def translated() -> Iterator[None]:
    """What goes wrong with Spark, as an error of ours.

    :raises KgError: that of a task, or an `OperationError` with the words of Spark
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        text = str(error)
        raise unpacked(text) or OperationError(f"Spark could not do it: {_words(text)}") from error


def _words(text: str) -> str:
    """The innermost cause of a Java stack, or the first line."""
    causes = _CAUSE.findall(text)
    return str(causes[-1] if causes else text.strip().partition("\n")[0])[:500]
