"""What a request asks for: its answer, or how that comes about."""

from __future__ import annotations

from typing import IO

from pyoxigraph import Store

from server.engine.evaluation import Beside, Request, write_answer
from server.engine.told.telling import Listener


def respond(
    store: Store,
    request: Request,
    output: IO[bytes],
    listener: Listener,
    beside: Beside | None = None,
) -> None:
    """Write what a request asks for; see `write_answer`, also for what it raises."""
    if not request.explain:
        write_answer(store, request, output, listener, beside)
        return
    # It reads and writes queries, which few who ask for an answer need.
    from server.engine.explaining import explain

    explain(store, request, output, beside)
