"""What a server holds: processes, threads, open files; the same after a storm as before, or something leaks."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from rig import procfs
from rig.servers import Server

_SETTLED: Final = 15.0
"""How long what was used may take to be given back, in seconds."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a server holds."""

    processes: int
    threads: int
    files: int
    """Open file descriptors of all processes but the engine's."""
    ended: int
    """Processes that nobody has waited for."""
    lost: int
    """Processes of the server outside of its tree."""

    def grown(self, before: Holdings) -> list[str]:
        """What there is more of than before."""
        pairs = (
            ("processes", self.processes, before.processes),
            ("threads", self.threads, before.threads),
            ("file descriptors", self.files, before.files),
            ("processes that nobody waited for", self.ended, 0),
            ("processes that lost their parent", self.lost, 0),
        )
        return [f"{now} {what}, {then} before" for what, now, then in pairs if now > then]


def holdings(server: Server) -> Holdings:
    """What the server holds now."""
    family, fronts = procfs.tree(server.pid), server.fronts()
    pids = {process.pid for process in family}
    return Holdings(
        processes=len(family),
        threads=sum(procfs.threads(pid) for pid in fronts),
        files=sum(procfs.open_files(pid) for pid in fronts),
        ended=sum(process.state == "Z" for process in family),
        lost=len(set(procfs.marked(server.mark)) - pids) if server.mark else 0,
    )


def settled(server: Server, before: Holdings | None) -> Holdings:
    """What the server holds when its clients have gone, as soon as that is no more than before."""
    end = time.monotonic() + _SETTLED
    found = holdings(server)
    while time.monotonic() < end and (before is None or found.grown(before)):
        time.sleep(0.5)
        found = holdings(server)
        if before is None and found.files == holdings(server).files and time.monotonic() > end - _SETTLED + 3:
            break
    return found
