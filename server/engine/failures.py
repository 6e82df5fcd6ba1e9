"""What the failures of the engine mean, read from the only thing that it tells them by: its words."""

from __future__ import annotations

import re
from typing import Final

_UNSUPPORTED: Final = re.compile(
    r"The custom (?:aggregate )?function <[^>]*> (?:is not supported|requires .* arguments?, but .* given)"
)
_PANIC: Final = re.compile(r"panicked at [^\n]*:\n([^\n]*)")
_NO_MEMORY: Final = "memory allocation of"
_NO_ORDER: Final = "total order"


def is_unsupported(error: Exception) -> bool:
    """Whether a query calls a function that the engine does not have, or not so; that is no failure of the engine.

    >>> is_unsupported(RuntimeError("The custom function <http://example.org/f> is not supported"))
    True
    """
    return _UNSUPPORTED.fullmatch(str(error)) is not None


def why_ended(last_words: str) -> tuple[str, str]:
    """Why the process of an engine has ended, from what it has written to standard error, and what to do about it.

    >>> why_ended("memory allocation of 4096 bytes failed")
    ("the engine's process ended: out of memory", 'ask for less, or add a LIMIT')
    """
    if _NO_MEMORY in last_words:
        return (
            "the engine's process ended: out of memory",
            "ask for less, or add a LIMIT",
        )
    found = _PANIC.search(last_words)
    if found is None:
        # A stack that overflows, and a kill by the system, leave no words.
        return (
            "the engine's process ended: the query is nested too deeply, or the machine is short of memory",
            "ask for less",
        )
    hint = "write the query in another way"
    if _NO_ORDER in found[1]:
        # Oxigraph orders values of several types in no total order, and the sort of Rust insists on one.
        hint = "values of several types are sorted: use ORDER BY STR(?x), or sort each type for itself"
    return f"the engine's process ended at a fault of its own: {found[1]}", hint
