"""When the garbage collector rests, and when memory goes back to the system."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector of cycles from running meanwhile; also a decorator.

    Reading makes very many values that live to its end and refer to each other in no circle. The collector finds
    nothing to free, and walks through all that there is again and again: half of the time of reading 10,000 claims,
    and a growing part of it. What is not used any more is freed by its count of references, as ever.

    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def give_back() -> None:
    """Give freed memory back to the system, where its C library can.

    Without that, what one step of a build has freed stays with the process, and the next one takes more beside it.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
