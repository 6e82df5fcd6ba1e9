"""How far a validation has come, for who sits before a terminal."""

from __future__ import annotations

import os
import shutil
import sys
import time
from types import TracebackType
from typing import Final, Self

from kg.cli.output import Talk
from kg.terms import compress

_PAUSE: Final = 0.1
"""Seconds between two lines, or the terminal would cost more than the shapes."""


class Progress:
    """One line on standard error that is written over, and gone at the end.

    There is none where nobody reads it: no terminal, `-q`, `--json`, or `NO_COLOR`, by which a person asks for plain
    output.
    """

    def __init__(self, talk: Talk) -> None:
        is_dumb = os.environ.get("TERM") == "dumb" or "NO_COLOR" in os.environ
        self._is_on = talk.verbosity >= 0 and not talk.as_json and sys.stderr.isatty() and not is_dumb
        self._width, self._next = 0, 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._write("")

    def __call__(self, shape: str, done: int, count: int) -> None:
        """Tell which shape comes next."""
        now = time.monotonic()
        if self._is_on and now >= self._next:
            self._next = now + _PAUSE
            named = "" if shape.startswith("_:") else f": {compress(shape)}"
            self._write(f"{done} of {count} shapes done{named}")

    def _write(self, text: str) -> None:
        if self._is_on and (text or self._width):
            shown = text[: shutil.get_terminal_size().columns - 1]
            sys.stderr.write(f"\r{shown.ljust(self._width)}" + ("" if text else "\r"))
            sys.stderr.flush()
            self._width = len(shown)
