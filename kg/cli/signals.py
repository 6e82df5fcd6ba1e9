"""What signals do to a command."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM)


def end_in_order() -> None:
    """From now on SIGTERM ends the process as Ctrl-C does: nothing half-made is left behind.

    Where it has been told to do something else with SIGTERM, it stays with that.
    """
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)  # what a shell tells of a process that the signal has ended


def outlive_the_terminal() -> None:
    """From now on SIGHUP does not end the process, until something else is done with it."""
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


@contextmanager
def ending_at_once() -> Iterator[None]:
    """Let signals end the process wherever it is, for work that leaves nothing behind; those it ignores, it ignores.

    Python looks after signals between two steps of its own, and the engine may take hours over one of them.
    """
    heeded = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    previous = {number: signal.signal(number, signal.SIG_DFL) for number in heeded}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
