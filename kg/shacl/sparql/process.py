"""Queries of shapes in a process of their own, which is ended when one of them runs too long.

Nothing in pyoxigraph can be cancelled from Python, and a query of a shape may be anybody's: a product of three
predicates, a path through everything. So the first query forks a process that has the data graph already. It asks the
kernel to be ended at the deadline of each query, whoever waits for it, and has an end of memory. Time is that of the
processor: a machine that is busy with other things changes no verdict. A validation without queries forks nothing.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import warnings
import weakref
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, NoReturn, Self

from kg.errors import DeadlineExceeded, EngineFailed, ShapesError
from kg.shacl.sparql.store import Asked, QueryStore, Row

SECONDS: Final = 60.0
"""Processor time that one evaluation of a query may take unless somebody says otherwise."""
ROWS: Final = 2_000_000
"""Rows that one evaluation may give: they are held in memory until they are results."""
MEMORY: Final = 4 << 30
"""Address space that the process may add to that of its parent, in bytes."""
_BATCH: Final = 10_000
"""Bindings that are sent at once."""
_TEXT: Final = 160
_FAULT: Final = "the process that asks the queries of shapes ended"
Reply = list[Row] | str
"""The rows of one evaluation, or why there are none."""


@dataclass(slots=True)
class _Child:
    """The process, and the pipes to it and from it."""

    pid: int
    asking: BinaryIO
    answers: BinaryIO


class QueryProcess:
    """What a store does, in a process that is started by the first query.

    It ends when this is closed, as a context or by `close`, or when nobody has this any more.
    """

    def __init__(self, store: QueryStore, seconds: float = SECONDS) -> None:
        self._store, self._seconds = store, seconds
        self._child: _Child | None = None
        self._ending: weakref.finalize[[_Child, int], QueryProcess] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        if self._ending is not None:
            self._ending()
        self._child = self._ending = None

    def answers(self, asked: Asked) -> Iterator[list[Row]]:
        """The rows for each binding, in their order.

        :raises ShapesError: if the query cannot be evaluated, or gives too many rows
        :raises DeadlineExceeded: if it runs too long for one of them
        :raises EngineFailed: if its process runs out of memory
        """
        if not hasattr(os, "fork"):  # Windows: nothing there could end a query
            yield from self._store.answers(asked)
            return
        for start in range(0, len(asked.bindings), _BATCH):
            # All of a batch before any is given on: who takes them may ask the next query in between.
            yield from list(self._batch(asked.part(start, start + _BATCH)))

    def _batch(self, asked: Asked) -> Iterator[list[Row]]:
        if self._child is None:
            self._child = _forked(self._store, self._seconds)
            self._ending = weakref.finalize(self, _end, self._child, signal.SIGKILL)
        child = self._child
        with suppress(BrokenPipeError):  # it is gone: the answer tells why
            pickle.dump(asked, child.asking, protocol=pickle.HIGHEST_PROTOCOL)
            child.asking.flush()
        for place in range(len(asked.bindings)):
            try:
                reply: Reply = pickle.load(child.answers)  # noqa: S301 -- written by this program's own child
            except (EOFError, pickle.UnpicklingError):
                if self._ending is not None:
                    self._ending.detach()
                self._child = self._ending = None
                raise self._why(asked, place, _end(child)) from None
            if isinstance(reply, str):
                raise ShapesError(f"{_named(asked, place)} {reply}", position=asked.query.position)
            yield reply

    def _why(self, asked: Asked, place: int, status: int) -> EngineFailed:
        named, position = _named(asked, place), asked.query.position
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if ended_by == signal.SIGPROF:
            return DeadlineExceeded(
                f"{named} ran for more than {self._seconds:g} s and was ended: {_text(asked)}",
                position=position,
                hint="join its patterns by variables, or give --query-timeout SECONDS",
            )
        if ended_by in {signal.SIGABRT, signal.SIGKILL}:
            return EngineFailed(f"{named} ran out of memory: {_text(asked)}", position=position)
        return EngineFailed(f"{named} failed: {_FAULT} ({status}): {_text(asked)}", position=position)


def _named(asked: Asked, place: int) -> str:
    """The query, by the shape that has it and the node that it was asked for."""
    shown = dict(zip(asked.names, asked.bindings[place], strict=True))
    on = f" on {shown['this']}" if "this" in shown else ""
    return f"the query of {asked.asker}{on}"


def _text(asked: Asked) -> str:
    text = " ".join(asked.query.text.split())
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}…"


def _end(child: _Child, number: int = 0) -> int:
    """Close the pipes of a process, end it with a signal if it is to be, and wait for it."""
    with suppress(BrokenPipeError):
        child.asking.close()
    child.answers.close()
    if number:
        os.kill(child.pid, number)
    return os.waitpid(child.pid, 0)[1]


def _forked(store: QueryStore, seconds: float) -> _Child:
    asked, asking = os.pipe()
    answers, answering = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns where threads run. The child takes no lock of theirs: it evaluates, writes and ends.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            os.close(asking)
            os.close(answers)
            _answer(store, seconds, os.fdopen(asked, "rb"), os.fdopen(answering, "wb"))
        finally:
            os._exit(1)
    os.close(asked)
    os.close(answering)
    return _Child(pid, os.fdopen(asking, "wb"), os.fdopen(answers, "rb"))


def _answer(store: QueryStore, seconds: float, asked: BinaryIO, answering: BinaryIO) -> NoReturn:
    """Answer until nobody asks any more. The kernel ends the process at a deadline, since no code of Python could."""
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent tells
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _limit()
    while True:
        try:
            request: Asked = pickle.load(asked)  # noqa: S301 -- written by this program
        except EOFError:
            os._exit(0)
        store.warm(request.query)
        for place in range(len(request.bindings)):
            signal.setitimer(signal.ITIMER_PROF, seconds)
            reply = _reply(store, request.part(place, place + 1))
            signal.setitimer(signal.ITIMER_PROF, 0)
            pickle.dump(reply, answering, protocol=pickle.HIGHEST_PROTOCOL)
        answering.flush()


def _reply(store: QueryStore, asked: Asked) -> Reply:
    try:
        (rows,) = store.answers(asked, ROWS)
    except ShapesError as error:
        return error.problems[0].message
    return rows


def _limit() -> None:
    """An end of memory, and silence: what the engine says when it cannot get any is told by the parent."""
    import resource

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = Path("/proc/self/statm")  # only Linux tells, and only there the limit holds
    if size.is_file():
        used = int(size.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = used + MEMORY if hard == resource.RLIM_INFINITY else min(used + MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
