"""How long a test waits for what must happen: a bound for what hangs, never a measure of what is fast enough.

How many random cases it tries: few in every run, as many as are asked for before a release. And which processes there are, though they come and go while one looks.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PATIENCE = 600.0
"""Seconds, however busy the machine is."""
_PAUSE = threading.Event()
_FACTOR = float(os.environ.get("KG_TRIALS", "1"))


def trials(number: int) -> int:
    """A number of cases of the suite, `KG_TRIALS` times as many where that is set; at least one."""
    return max(1, round(number * _FACTOR))


def until(condition: Callable[[], object], what: str = "what must happen") -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {PATIENCE} seconds"
        _PAUSE.wait(0.01)


def children(process: int) -> list[int]:
    """The processes that a process has started and not waited for, from /proc."""
    found: list[int] = []
    with suppress(FileNotFoundError):  # the process itself
        for task in Path(f"/proc/{process}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):
                found += map(int, (task / "children").read_text().split())
    return found
