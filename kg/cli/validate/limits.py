"""How long `kg validate` may take, and how much memory: one process does the work, and another one watches it."""

from __future__ import annotations

import functools
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click

from kg.cli.output import INTERRUPTED, Talk
from kg.errors import DeadlineExceeded, OperationError, Problem, UsageError

Command = TypeVar("Command", bound=Callable[..., None])
_PAUSE: Final = 0.05
"""Seconds between two looks."""
_GRACE: Final = 2.0
"""Seconds in which work that was interrupted may end by itself."""
_PROCESSES: Final = Path("/proc")
_MEGABYTE: Final = 1 << 20


def limit_options(function: Command) -> Command:
    """`--timeout` and `--memory`; the decorator stands below `common`, and gets the `Talk`."""

    @click.option(
        "--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Exit 3 after that."
    )
    @click.option("--memory", type=click.IntRange(1), metavar="MB", help="Exit 3 where more is needed.")
    @functools.wraps(function)
    def wrapped(talk: Talk, *args: Any, timeout: float | None, memory: int | None, **options: Any) -> None:
        if timeout is not None or memory is not None:
            within(timeout, memory)
        function(talk, *args, **options)

    return cast("Command", wrapped)


def within(seconds: float | None, megabytes: int | None) -> None:
    """Go on in a process of its own, which is ended when it takes longer or more; the first one never returns.

    :raises DeadlineExceeded: in the first process, if the time is over
    :raises OperationError: in the first process, if there is too much in memory, or the other one was killed
    :raises UsageError: if this system does not tell how much that is
    """
    if megabytes is not None and not (_PROCESSES / "self" / "statm").exists():
        raise UsageError("--memory needs a system that tells the memory of processes (/proc)")
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        if seconds is not None:  # if the first one is killed, nobody else would end this one
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
        return
    try:
        status = _watched(child, seconds, megabytes)
    except (
        KeyboardInterrupt
    ):  # the terminal has told the other process as well, and a shell that sends it to one has not
        status = _interrupted(child)
    except BaseException:
        _end(child)
        raise
    raise click.exceptions.Exit(_exit_code(status))


def _watched(child: int, seconds: float | None, megabytes: int | None) -> int:
    """The status with which a process ends within its limits."""
    started = time.monotonic()
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if seconds is not None and time.monotonic() - started > seconds:
            hint = "raise it, or share the shapes among processes: --jobs"
            raise DeadlineExceeded(f"not done after {seconds:g} seconds (--timeout)", hint=hint)
        if megabytes is not None and sum(map(_resident, _family(child))) > megabytes * _MEGABYTE:
            what, hint = f"more than {megabytes} MB of memory were needed (--memory)", "raise it, or validate parts"
            raise OperationError(problems=[Problem("memory", what, hint=hint)])
        time.sleep(_PAUSE)


def _exit_code(status: int) -> int:
    """The exit code for the status of a process, which is below zero where a signal has ended it.

    :raises OperationError: if it was none that asks a process to end
    """
    if status < 0 and -status not in {signal.SIGINT, signal.SIGTERM}:
        hint = "perhaps the machine is out of memory"
        raise OperationError(f"the process that validates was ended by {signal.Signals(-status).name}", hint=hint)
    return 128 - status if status < 0 else status


def _interrupted(child: int) -> int:
    until = time.monotonic() + _GRACE
    is_told = False
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(_PAUSE)
        if not is_told:
            os.kill(child, signal.SIGINT)
            is_told = True
    _end(child)
    return INTERRUPTED


def _end(child: int) -> None:
    for process in reversed(list(_family(child))):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(child, 0)


def _family(process: int) -> Iterator[int]:
    """A process and those that it has begun, as far as the system tells."""
    yield process
    try:
        begun = (_PROCESSES / str(process) / "task" / str(process) / "children").read_text(encoding="ascii")
    except OSError:
        return
    for one in begun.split():
        yield from _family(int(one))


def _resident(process: int) -> int:
    """Bytes of memory of a process; what several share counts for each with its share of it."""
    try:
        text = (_PROCESSES / str(process) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has ended
        return 0
    return sum(int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("Pss:"))
