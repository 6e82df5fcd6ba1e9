"""CPU time, memory and open files of a process and all that descend from it, as Linux tells them (proc(5))."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICK: Final = 1.0 / os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_GONE: Final = (FileNotFoundError, ProcessLookupError, PermissionError)
_ZOMBIE: Final = "Z"
_RESET_PEAK: Final = "5"


@dataclass(frozen=True, slots=True)
class Process:
    """One reading of one process."""

    pid: int
    parent: int
    state: str
    cpu: float
    """Seconds in user and system mode, of itself and of the children that it has waited for."""
    memory: int
    """Resident memory in bytes; pages that processes share count for each of them."""


def parse_stat(text: str) -> Process:
    """Read a line of /proc/PID/stat; a name may hold blanks and brackets.

    >>> parse_stat("7 (a (b) c) S 1 7 7 0 -1 0 0 0 0 0 100 50 25 25 20 0 1 0 9 4096 2 0").cpu
    2.0
    """
    head, _, tail = text.rpartition(")")
    fields = tail.split()
    ticks = sum(int(field) for field in fields[11:15])
    return Process(int(head.split(" ", 1)[0]), int(fields[1]), fields[0], ticks * _TICK, int(fields[21]) * _PAGE)


def processes() -> dict[int, Process]:
    """Every process of this machine, by its id."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(*_GONE):
                process = parse_stat((entry / "stat").read_text(encoding="utf-8", errors="replace"))
                found[process.pid] = process
    return found


def descendants(root: int, known: Mapping[int, Process]) -> list[Process]:
    """The process `root` and all that descend from it, parents first.

    >>> family = {n: Process(n, parent, "S", 0.0, 0) for n, parent in ((1, 0), (5, 1), (6, 5), (7, 1), (8, 4))}
    >>> [process.pid for process in descendants(5, family)]
    [5, 6]
    """
    children: dict[int, list[int]] = {}
    for process in known.values():
        children.setdefault(process.parent, []).append(process.pid)
    found, open_ = [], [root]
    while open_:
        pid = open_.pop(0)
        if pid in known:
            found.append(known[pid])
            open_.extend(sorted(children.get(pid, ())))
    return found


def tree(root: int) -> list[Process]:
    """The process `root` and all that descend from it, as they are now."""
    return descendants(root, processes())


def cpu_seconds(root: int) -> float:
    """CPU time of a tree of processes, those that have ended and were waited for included."""
    return sum(process.cpu for process in tree(root))


def command_of(pid: int) -> str:
    """The command line of a process; empty if it is gone."""
    with suppress(*_GONE):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
    return ""


def open_files(pid: int) -> int:
    """How many file descriptors a process has open; 0 if it is gone."""
    with suppress(*_GONE):
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    return 0


def threads(pid: int) -> int:
    """How many threads a process has; 0 if it is gone."""
    with suppress(*_GONE):
        return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())
    return 0


def marked(mark: str) -> list[int]:
    """The living processes in whose environment `mark` stands, whoever their parent is by now."""
    found = []
    for pid, process in processes().items():
        with suppress(*_GONE):
            if process.state != _ZOMBIE and mark.encode() in Path(f"/proc/{pid}/environ").read_bytes():
                found.append(pid)
    return found


def peak_memory(pid: int) -> int:
    """The largest resident memory of a process since its start or since `reset_peak`, in bytes; 0 if it is gone."""
    with suppress(*_GONE):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def reset_peak(pid: int) -> None:
    """Let `peak_memory` of a process begin again from what it holds now."""
    Path(f"/proc/{pid}/clear_refs").write_text(_RESET_PEAK, encoding="ascii")


@dataclass(slots=True)
class Peak:
    """The largest memory of a tree that was seen, in bytes."""

    memory: int = 0


@contextmanager
def watching(root: int, every: float = 0.05) -> Iterator[Peak]:
    """Read the memory of a tree again and again, at intervals of `every` seconds, until the block ends."""
    peak = Peak()

    def look() -> None:
        peak.memory = max(peak.memory, sum(process.memory for process in tree(root)))

    with repeating(look, every):
        yield peak


@contextmanager
def repeating(look: Callable[[], None], every: float) -> Iterator[None]:
    """Call `look` in a thread of its own at intervals of `every` seconds, and once more at the end."""
    ended = threading.Event()

    def loop() -> None:
        while not ended.wait(every):
            look()

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        look()


def mebibytes(count: float) -> str:
    """Bytes as whole MiB.

    >>> mebibytes(3 << 20)
    '3 MiB'
    """
    return f"{count / (1 << 20):.0f} MiB"


def machine() -> Iterable[str]:
    """What decides the figures of a machine, a fact a line."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    memory = os.sysconf("SC_PHYS_PAGES") * _PAGE
    cores, system = len(os.sched_getaffinity(0)), os.uname()
    yield f"{model}, {cores} cores, {memory / (1 << 30):.0f} GiB, {system.sysname} {system.release}"
    yield "load average at the start: " + ", ".join(f"{load:.1f}" for load in os.getloadavg())
