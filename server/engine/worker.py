"""A worker process: one store, one query at a time, read from standard input and answered on standard output.

Run as `python -m server.engine.worker STORE MEMORY_BYTES CPU_SECONDS`. A request is a line of JSON; the answer is
frames of one letter, four bytes of length and a payload: `R` ready, `W` what may be wrong in it (problems in JSON,
all that is known so far), `H` that nothing of it is to go on before its end, `C` the content coding of what follows,
`D` a piece of the answer, `E` its end, and `Q`, `P`, `G`, `U` or `F` in its place for a query that does not parse, one
whose problems are told likewise, a graph that is no IRI, a function that the engine does not have, and any other
failure.
"""

from __future__ import annotations

import os
import resource
import select
import struct
import sys
import threading
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import Store

from kg.errors import KgError, Problem, QueryError
from kg.sparql.described import described_store
from server.engine.answering import respond
from server.engine.coding import SMALLEST, compressor
from server.engine.evaluation import Beside, GraphNameError, Request
from server.engine.failures import is_unsupported
from server.engine.told.warnings import dump

HEADER: Final = struct.Struct(">cI")
READY: Final = b"R"
WARNINGS: Final = b"W"
HOLD: Final = b"H"
CODING: Final = b"C"
PIECE: Final = b"D"
END: Final = b"E"
SYNTAX: Final = b"Q"
PROBLEMS: Final = b"P"
GRAPH: Final = b"G"
UNKNOWN: Final = b"U"
FAILURE: Final = b"F"

_OUT: Final = 1
_FRAME: Final = 1 << 16


def send(*frames: tuple[bytes, bytes]) -> None:
    """Write frames, whole."""
    data = memoryview(b"".join(HEADER.pack(kind, len(payload)) + payload for kind, payload in frames))
    while data:
        data = data[os.write(_OUT, data) :]


class Output:
    """What the engine writes, as frames of 64 KiB, compressed where the client takes that and it is worth it."""

    def __init__(self, codings: tuple[str, ...]) -> None:
        self._coding = compressor(codings)
        self._named = False
        self._rest = bytearray()

    def write(self, data: Any) -> int:
        """Take a piece of the answer."""
        self._rest += data
        if len(self._rest) >= _FRAME:
            send(*self._frames())
        return len(data)

    def flush(self) -> None:
        """Nothing waits but what is to be sent together with the end."""

    def finish(self) -> None:
        """Write what is left, and the end, at once: a small answer is one write."""
        if not self._named and len(self._rest) < SMALLEST:
            self._coding = None
        frames = self._frames()
        if self._coding is not None:
            frames.append((PIECE, self._coding.finish()))
        send(*frames, (END, b""))

    def _frames(self) -> list[tuple[bytes, bytes]]:
        data = bytes(self._rest)
        self._rest.clear()
        if self._coding is None:
            return [(PIECE, data)]
        named = self._named
        self._named = True
        coded = (PIECE, self._coding.add(data))
        return [coded] if named else [(CODING, self._coding.name.encode()), coded]


def answer(store: Store, request: Request, beside: Beside) -> None:
    """Answer one request: pieces and an end, or one failure."""
    output = Output(request.codings)
    try:
        respond(store, request, cast("IO[bytes]", output), _Front(), beside)
    except SyntaxError as error:
        send((SYNTAX, str(error).encode()))
    except QueryError as error:
        send((PROBLEMS, dump(error.problems)))
    except GraphNameError as error:
        send((GRAPH, str(error).encode()))
    except (KgError, OSError, RuntimeError, ValueError) as error:
        send((UNKNOWN if is_unsupported(error) else FAILURE, str(error).encode()))
    else:
        output.finish()


class _Front:
    """Who waits for the answer, as a listener."""

    def tell(self, warnings: tuple[Problem, ...]) -> None:
        send((WARNINGS, dump(warnings)))

    def wait(self) -> None:
        send((HOLD, b""))


def _end_with_the_front() -> None:
    """Wait until the front closes its end, as it also does by being killed, and end, in the middle of a query too."""
    line = select.poll()
    line.register(sys.stdin.fileno(), 0)  # nothing but that it has hung up
    line.poll()
    os._exit(0)


def main() -> None:
    """Open the store and answer until the front closes the pipe."""
    folder, memory, cpu = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stores, beside = {False: Store.read_only(folder)}, Beside.of(Path(folder))
    threading.Thread(target=_end_with_the_front, daemon=True).start()
    send((READY, b""))
    for line in sys.stdin.buffer:
        # The backstop where no thread gets its turn any more: so much processor time for each query.
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + cpu, resource.RLIM_INFINITY))
        request = Request.from_json(line)
        if request.described and request.described not in stores:
            stores[True] = Store.read_only(str(described_store(Path(folder))))
        answer(stores[request.described], request, beside)


if __name__ == "__main__":
    main()
