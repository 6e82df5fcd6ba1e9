"""Mutates modules and tells which mutants their own tests let live: `make mutants`, or this file with names of modules.

Each mutant is written into a copy of the checkout, never into the checkout itself, and judged there by the tests that
`modules.toml` names for its module. `survivors.toml` holds those that are known to live, each with its reason; it is
strict: one that is killed, or whose lines the module no longer has, is told too.

The exit status is 1 if a mutant lives that is not known, if a known one does not live, or if the tests of a module fail
without any mutant.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
from mutation.mutants import Mutant, mutants  # noqa: E402 -- the line above lets a script find it

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pytest", "pyoxigraph", "rdflib", "pyshacl", "flask", "click", "yaml", "lxml.etree"])
"""Runs of pytest that begin with the libraries, which no mutant changes, already imported."""
MEMORY = 8 * 1024**3
"""Address space of one run: a mutant may allocate without end."""
MEMORY_DISK = Path("/dev/shm")
"""Where there is one: nothing waits for a disk there, and no release is worth keeping."""
OUTPUT = "mutants-output.txt"
NO_TESTS = 5


@dataclass(frozen=True, slots=True)
class Module:
    """A module and what judges it."""

    path: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A mutant that may live."""

    module: str
    was: str
    now: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mutant."""

    module: str
    mutant: Mutant
    lives: bool
    seconds: float


class CannotJudge(Exception):
    """The tests of a module tell nothing of its mutants."""


class Copy:
    """The checkout in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    def judged(self, module: Module, mutant: Mutant, seconds: float) -> bool:
        """Whether the tests of a module let a mutant live."""
        path = self.folder / module.path
        kept, stat = path.read_bytes(), path.stat()
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            compiled.unlink()
        try:
            path.write_text(mutant.text, encoding="utf-8")
            return self.status(module, seconds, fresh=True) in {0, NO_TESTS}
        finally:
            path.write_bytes(kept)
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    def status(self, module: Module, seconds: float, *, fresh: bool = False) -> int | None:
        """The status of the tests of a module, None if they take longer; with `fresh`, nothing compiled is left."""
        chosen = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--hypothesis-seed=1"]
        chosen += [f"--basetemp={self.folder / 'tmp'}", *module.tests]
        run = FORKS.Process(target=tested, args=(self.folder, chosen, fresh))
        run.start()
        run.join(seconds)
        timely = run.exitcode is not None
        with suppress(ProcessLookupError):
            os.killpg(run.pid or 0, signal.SIGKILL)
        run.join()
        return run.exitcode if timely else None


def tested(folder: Path, chosen: list[str], fresh: bool) -> None:
    """Run pytest in a copy of the checkout, in a process of its own, and end with its status."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with (folder / OUTPUT).open("wb") as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
    os.chdir(folder)
    os.environ |= {"PYTHONPATH": str(folder), "KG_SHARED": os.environ.get("KG_SHARED", str(ROOT.parent / "shared"))}
    sys.dont_write_bytecode = fresh
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1" if fresh else ""
    sys.path[:] = [str(folder), *(path for path in sys.path if path not in {str(ROOT), str(HERE.parent), str(HERE)})]
    import pytest

    code = pytest.main(chosen)
    sys.stdout.flush()
    os._exit(code)


def read_modules() -> dict[str, Module]:
    """The modules of `modules.toml`; the doctests of a module judge it first."""
    given = tomllib.loads((HERE / "modules.toml").read_text(encoding="utf-8"))
    return {path: Module(path, (path, *entry["tests"])) for path, entry in given.items()}


def read_survivors() -> list[Known]:
    """The mutants that are known to live."""
    given = tomllib.loads((HERE / "survivors.toml").read_text(encoding="utf-8"))
    return [
        Known(module, entry["was"].strip("\n"), entry["now"].strip("\n"), entry["reason"])
        for module, entries in given.items()
        for entry in entries
    ]


def chosen(module: str, text: str, arguments: argparse.Namespace) -> list[Mutant]:
    """The sample of a module: the same for the same seed and the same text."""
    found = mutants(text)
    if not arguments.all:
        chance = random.Random(f"{arguments.seed} {module}")
        found = sorted(chance.sample(found, min(arguments.sample, len(found))), key=lambda one: one.line)
    if arguments.line:
        found = [one for one in found if one.line in arguments.line]
    return found


def judge(module: Module, arguments: argparse.Namespace, copies: SimpleQueue[Copy]) -> Iterator[Verdict]:
    """What becomes of the mutants of a module, in the order of the text."""
    sample = chosen(module.path, (ROOT / module.path).read_text(encoding="utf-8"), arguments)
    started = time.monotonic()
    for _ in range(arguments.workers):
        copy = copies.get()
        status = copy.status(module, 600)
        copies.put(copy)
        if status != 0:
            print((copy.folder / OUTPUT).read_text(encoding="utf-8", errors="replace"), file=sys.stderr)
            raise CannotJudge(f"{module.path}: its tests fail without any mutant: {' '.join(module.tests)}")
    limit = 15 + 4 * (time.monotonic() - started) / arguments.workers

    def one(mutant: Mutant) -> Verdict:
        copy, started = copies.get(), time.monotonic()
        try:
            return Verdict(module.path, mutant, copy.judged(module, mutant, limit), time.monotonic() - started)
        finally:
            copies.put(copy)

    pool = ThreadPoolExecutor(arguments.workers)
    try:
        yield from pool.map(one, sample)
    finally:
        pool.shutdown(cancel_futures=True)


def told(verdict: Verdict, reason: str | None) -> str:
    """A mutant that lives, as lines of a difference."""
    mutant = verdict.mutant
    lines = [f"{verdict.module}:{mutant.line} {mutant.scope}: {mutant.what}"]
    lines += [f"  - {line}" for line in mutant.was.splitlines()]
    lines += [f"  + {line}" for line in mutant.now.splitlines()]
    return "\n".join([*lines, f"  known: {reason}" if reason else "  NOT KNOWN"])


def wrong_survivors(known: Sequence[Known], verdicts: Sequence[Verdict], modules: dict[str, Module]) -> list[str]:
    """The known survivors that do not live, or whose lines are gone."""
    killed = {(one.module, one.mutant.was, one.mutant.now) for one in verdicts if not one.lives}
    wrong = [f"{one.module}: known to live, but killed: {one.now}" for one in known if key(one) in killed]
    for module in {one.module for one in known} & modules.keys():
        all_of = {(one.was, one.now) for one in mutants((ROOT / module).read_text(encoding="utf-8"))}
        wrong += [
            f"{module}: known to live, but the module has no such line: {one.was}"
            for one in known
            if one.module == module and (one.was, one.now) not in all_of
        ]
    return wrong


def key(known: Known) -> tuple[str, str, str]:
    """What tells a mutant from others, wherever its line has moved."""
    return known.module, known.was, known.now


def main() -> int:
    """Run the mutants that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", help="paths as in modules.toml (all of them if none is given)")
    parser.add_argument("--sample", type=int, default=30, help="mutants of each module (30)")
    parser.add_argument("--seed", default="zellige", help="chooses the sample")
    parser.add_argument("--all", action="store_true", help="every mutant instead of a sample")
    parser.add_argument("--line", type=int, nargs="*", help="only those of these lines")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument("--list", action="store_true", help="show the mutants and run nothing")
    arguments = parser.parse_args()
    modules = read_modules()
    if unknown := [name for name in arguments.modules if name not in modules]:
        parser.error(f"modules.toml does not name {', '.join(unknown)} (it names {', '.join(modules)})")
    modules = {name: modules[name] for name in arguments.modules or modules}
    if arguments.list:
        for name in modules:
            for mutant in chosen(name, (ROOT / name).read_text(encoding="utf-8"), arguments):
                print(told(Verdict(name, mutant, lives=True, seconds=0), "not run"))
        return 0
    os.nice(10)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    return run(modules, arguments)


def run(modules: dict[str, Module], arguments: argparse.Namespace) -> int:
    """Judge, and print what lives and a table at the end."""
    known = read_survivors()
    reasons = {key(one): one.reason for one in known}
    verdicts: list[Verdict] = []
    unjudged: list[str] = []
    table = [f"{'module':42} mutants killed  known unknown seconds"]
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=MEMORY_DISK if MEMORY_DISK.is_dir() else None) as folder:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(arguments.workers):
            copies.put(Copy(Path(folder) / str(number)))
        for name, module in modules.items():
            started, own = time.monotonic(), []
            try:
                for verdict in judge(module, arguments, copies):
                    own.append(verdict)
                    if verdict.lives:
                        print(told(verdict, reasons.get((name, verdict.mutant.was, verdict.mutant.now))), flush=True)
            except CannotJudge as error:
                unjudged.append(str(error))
            table.append(row(name, own, reasons, time.monotonic() - started))
            print(table[-1], file=sys.stderr, flush=True)
            verdicts += own
    table.append(row("all", verdicts, reasons, sum(one.seconds for one in verdicts)))
    print("\n".join(table))
    wrong = unjudged + wrong_survivors(known, verdicts, modules)
    print("".join(f"{line}\n" for line in wrong), end="")
    new = any(one.lives and (one.module, one.mutant.was, one.mutant.now) not in reasons for one in verdicts)
    return int(bool(wrong) or new)


def row(name: str, verdicts: Sequence[Verdict], reasons: dict[tuple[str, str, str], str], seconds: float) -> str:
    """The figures of a module."""
    living = [(one.module, one.mutant.was, one.mutant.now) for one in verdicts if one.lives]
    explained = sum(one in reasons for one in living)
    killed = len(verdicts) - len(living)
    return f"{name:42} {len(verdicts):7} {killed:6} {explained:6} {len(living) - explained:7} {seconds:7.0f}"


if __name__ == "__main__":
    sys.exit(main())
