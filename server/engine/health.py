"""Whether queries are answered: a probe that is asked by anybody, and asks the engine now and then."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Final

from kg.errors import EngineBusy, KgError, ReleaseError
from server.engine import Engine
from server.engine.evaluation import Request

_FRESH: Final = 2.0
"""Seconds for which the word of the engine holds: whoever asks more often costs it nothing."""
_QUESTION: Final = Request("ASK { ?s ?p ?o }", "application/sparql-results+json")
_LOG = logging.getLogger(__name__)


class Health:
    """What is known of the engine; for many threads."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._until = 0.0
        self._folder: Path | None = None
        self._failure: KgError | None = None
        self._is_well = True

    def failure(self, folder: Path, engine: Engine) -> KgError | None:
        """What stands in the way of queries over the store in `folder`, or None.

        That the store is there is seen each time, which is one call of the system. The engine is asked by one caller
        at a time; the others do not wait, but take what was found before. An engine that is busy is well: it is
        the clients' work that keeps it so, and each has an end.
        """
        found = _absent(folder) or self._asked(folder, engine)
        if self._is_well and found is not None:
            _LOG.error("queries are not answered: %s", found)
        elif not self._is_well and found is None:
            _LOG.warning("queries are answered again")
        self._is_well = found is None
        return found

    def _asked(self, folder: Path, engine: Engine) -> KgError | None:
        if (folder != self._folder or time.monotonic() >= self._until) and self._asking.acquire(blocking=False):
            try:
                self._failure = _answer(engine)
                self._folder, self._until = folder, time.monotonic() + _FRESH
            finally:
                self._asking.release()
        return self._failure


def _absent(folder: Path) -> KgError | None:
    try:
        (folder / "CURRENT").stat()  # names what the store is made of: without it nobody can open it any more
    except OSError as error:
        return ReleaseError(f"the store {folder} is not there: {error.strerror}")
    return None


def _answer(engine: Engine) -> KgError | None:
    try:
        engine.answer(_QUESTION)
    except EngineBusy:
        return None
    except KgError as error:
        return error
    return None
