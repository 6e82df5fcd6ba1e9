"""A worker process: one store, one query at a time, read from standard input and answered on standard output.

Run as `python -m server.engine.worker STORE MEMORY_BYTES CPU_SECONDS`. A request is a line of JSON; the answer is
frames of one letter, four bytes of length and a payload: `R` ready, `D` a piece of the answer, `E` its end, and `Q`,
`G` or `F` in its place for a query that does not parse, a graph that is no IRI, and any other failure.
"""

from __future__ import annotations

import io
import os
import resource
import struct
import sys
from typing import Any, Final

from pyoxigraph import Store

from server.engine.evaluation import GraphNameError, Request, write_answer

HEADER: Final = struct.Struct(">cI")
READY: Final = b"R"
PIECE: Final = b"D"
END: Final = b"E"
SYNTAX: Final = b"Q"
GRAPH: Final = b"G"
FAILURE: Final = b"F"

_OUT: Final = 1


def send(kind: bytes, payload: bytes = b"") -> None:
    """Write one frame, whole."""
    frame = memoryview(HEADER.pack(kind, len(payload)) + payload)
    while frame:
        frame = frame[os.write(_OUT, frame) :]


class Frames(io.RawIOBase):
    """What the engine writes, as frames."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        send(PIECE, bytes(data))
        return len(data)


def answer(store: Store, request: Request) -> None:
    """Answer one request: pieces and an end, or one failure."""
    try:
        with io.BufferedWriter(Frames(), 1 << 16) as output:
            write_answer(store, request, output)
    except SyntaxError as error:
        send(SYNTAX, str(error).encode())
    except GraphNameError as error:
        send(GRAPH, str(error).encode())
    except (OSError, RuntimeError, ValueError) as error:
        send(FAILURE, str(error).encode())
    else:
        send(END)


def main() -> None:
    """Open the store and answer until the front closes the pipe."""
    folder, memory, cpu = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    store = Store.read_only(folder)
    send(READY)
    for line in sys.stdin.buffer:
        # The backstop for a front that was killed and can no longer kill: so much processor time for each query.
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + cpu, resource.RLIM_INFINITY))
        answer(store, Request.from_json(line))


if __name__ == "__main__":
    main()
