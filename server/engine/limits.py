"""What one query may cost, and how many may wait."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a pool of workers."""

    workers: int = 0
    """Processes; 0 means one for each core, and two at least."""
    deadline: float = 10.0
    """Wall time of one query, in seconds."""
    memory_bytes: int = 1 << 30
    """Address space of one worker."""
    answer_bytes: int = 1 << 27
    """Size of one answer, as it is sent."""
    queue: int = 64
    """Queries that may wait for a worker; one more is refused."""

    @property
    def processes(self) -> int:
        """How many workers there are at most."""
        return self.workers or max(2, os.cpu_count() or 1)
