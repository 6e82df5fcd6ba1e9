"""What may be wrong in an answer, told while it is written: some of it is known only when a value has been an error."""

from __future__ import annotations

from typing import IO, Final, Protocol

from kg.errors import Problem
from kg.sparql.repair import Repaired
from kg.sparql.repair.asking import Noting
from server.engine.told.warnings import dump


class Listener(Protocol):
    """Is told what may be wrong in an answer while it is written."""

    def tell(self, warnings: tuple[Problem, ...]) -> None:
        """Take all that may be wrong, as far as it is known; each time in place of what was taken before."""
        ...  # pragma: no cover

    def wait(self) -> None:
        """Let nothing of the answer go before its end: it has no place for what is found on the way."""
        ...  # pragma: no cover


class Heard:
    """Keeps what it is told, beside an answer that is whole before anybody sees it."""

    def __init__(self) -> None:
        self.warnings: tuple[Problem, ...] = ()

    def tell(self, warnings: tuple[Problem, ...]) -> None:
        """Take all that may be wrong."""
        self.warnings = warnings

    def wait(self) -> None:
        """Nobody takes a part of it."""


_MOST: Final = 16 << 20
"""Bytes of an answer that wait for its end in memory."""

_BEGINNING: Final = 1 << 16
"""Bytes of results in JSON that wait for what may be wrong in them: as many as the server waits for."""


class Unsure(Exception):
    """What the engine's own aggregates give is not sure, or not known to be while there is room to wait."""


class Held:
    """Keeps an answer until its end, when it is sure."""

    def __init__(self, noting: Noting) -> None:
        self._noting = noting
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take a piece.

        :raises Unsure: if the answer is not sure, or grows too large to wait for its end
        """
        self._pieces.append(bytes(data))
        self._size += len(data)
        if self._noting.again or self._size > _MOST:
            raise Unsure
        return len(data)

    def flush(self) -> None:
        """Nothing goes on before the end."""

    def give(self, output: IO[bytes]) -> None:
        """The end: all goes on to `output`.

        :raises Unsure: if the answer is not sure
        """
        if self._noting.again:
            raise Unsure
        for piece in self._pieces:
            output.write(piece)


class Telling:
    """Writes an answer, and tells what may be wrong in it: before a piece, if there is news, and at the end.

    Results in JSON have a member of their own for it, `warnings`: the first one, which every reader passes over, as
    far as it is known when 64 KiB are there or the end; and once more the last one, if there is more to tell. No other
    format has a place that programs read: those wait for their end, where there may be something to tell until then.
    """

    def __init__(self, output: IO[bytes], done: Repaired, noting: Noting, listener: Listener | None) -> None:
        self._output, self._known, self._noting, self._listener = output, done.warnings, noting, listener
        self._has_member = False
        self._beginning: bytearray | None = None
        """What waits for the first member."""
        self._last = b""
        """The character that closes the object."""
        self._count = self._first = 0
        """How many were told, and how many in the first member."""

    def begin(self, *, json: bool) -> None:
        """Say whether these are results in JSON."""
        self._has_member = json
        self._beginning = bytearray() if json else None
        if self._noting.listens and not json and self._listener is not None:
            self._listener.wait()

    def write(self, data: bytes) -> int:
        """Take a piece of the answer."""
        if len(self._known) + self._noting.count != self._count:
            self._news(ended=False)
        if self._beginning is not None:
            self._beginning += data
            if len(self._beginning) >= _BEGINNING:
                self._open(ended=False)
        elif self._has_member and data:
            self._output.write(self._last + bytes(data[:-1]))
            self._last = bytes(data[-1:])
        else:
            self._output.write(data)
        return len(data)

    def flush(self) -> None:
        """As the output does."""
        self._output.flush()

    def end(self) -> None:
        """The answer is complete."""
        if self._noting.count or self._count != len(self._known):
            self._news(ended=True)
        if self._beginning is not None:
            self._open(ended=True)
        if self._count > self._first and self._has_member:
            self._output.write(b',"warnings":' + dump(self._found(ended=True)))
        if self._last:
            self._output.write(self._last)

    def _open(self, *, ended: bool) -> None:
        data, self._beginning = bytes(self._beginning or b""), None
        self._first = self._count
        if self._first:
            data = b'{"warnings":' + dump(self._found(ended=ended)) + b"," + data[1:]
        self._output.write(data[:-1])
        self._last = data[-1:]

    def _news(self, *, ended: bool) -> None:
        found = self._found(ended=ended)
        self._count = len(found)
        if self._listener is not None:
            self._listener.tell(found)

    def _found(self, *, ended: bool) -> tuple[Problem, ...]:
        return (*self._known, *self._noting.problems(ended=ended))
