"""The server behind `kg dev`, which ends with it however it ends: `python -m kg.cli.dev.behind serve ...`.

Whoever starts it holds the other end of its standard input and never writes there. That end is closed when the process
is gone, killed too, since the system closes what a process held; so nobody has to be told, and no number of a process
can be that of another one by now.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from kg.cli.main import run


def _end_with_input() -> None:
    """Wait until the other end is closed, then end as if asked to."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_input, daemon=True).start()
    run()
