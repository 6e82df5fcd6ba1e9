"""How long a test waits for what must happen: a bound for what hangs, never a measure of what is fast enough."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PATIENCE = 600.0
"""Seconds, however busy the machine is."""
_PAUSE = threading.Event()


def until(condition: Callable[[], object], what: str = "what must happen") -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {PATIENCE} seconds"
        _PAUSE.wait(0.01)
