"""How fast the mapper is, beside peers measured in the same run on the same tables.

    python bench/mapper.py [--rows 1000000] [--rounds 3] [--peers FOLDER] [--keep FOLDER] [--no-load]

Five generated tables with a join become N-Triples: by `kg map` with one worker and with two, by a script written by
hand (csv and f-strings), by morph-kgc and by polars. The peers live in virtual environments below `--peers`, made there
when they are absent; without the option, or where they cannot be installed, they are left out with one line.

What the machine itself allows is told as well: two runs of one worker side by side, which share nothing.

Then the triples are loaded: from the finished file, and while they are mapped (`kg map --store`). Without that, a round
takes a quarter of the time.

Interleaved; medians. Python keeps its bytecode between runs, as in an installation. CPU seconds are user and system
time of the whole process tree. Memory is the largest sum of proportional set sizes of the tree, seen every 50 ms in a
run of its own: looking takes up to a seventh of a core, which would be time of whoever uses both. The outputs are
compared as sorted sets of lines by SHA-256.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from mappers import tables  # noqa: E402

MAPPERS = ROOT / "bench" / "mappers"
PEERS = {"morph-kgc": ["morph-kgc==2.10.0", "setuptools<81"], "polars": ["polars>=1,<2"]}


@dataclass(frozen=True)
class Cost:
    """What one run of a process tree took."""

    wall: float
    cpu: float
    megabytes: float


@dataclass(frozen=True)
class Engine:
    """A way to make or load the triples."""

    name: str
    command: list[str]
    output: Path | None
    store: Path | None = None


def descendants(pid: int) -> Iterator[int]:
    """A process and those below it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from descendants(int(child))


def resident(root: int) -> int:
    """Kilobytes that a tree of processes holds; shared pages are counted once."""
    total = 0
    for pid in descendants(root):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total


def environment(folder: Path) -> dict[str, str]:
    """The variables of what is measured: this checkout, and bytecode that lasts from run to run."""
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ours = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "POLARS_SKIP_CPU_CHECK": "1"}
    return given | ours


def measure(command: list[str], errors: Path, *, looks: bool = True) -> Cost:
    """Run a command to its end.

    :param looks: whether its memory is looked at meanwhile, which takes time
    """
    started = time.perf_counter()
    with errors.open("wb") as complaints:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=complaints, env=environment(errors.parent), cwd=errors.parent
        )
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            peak[0] = max(peak[0], resident(process.pid))

    watcher = threading.Thread(target=watch)
    if looks:
        watcher.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        over.set()
        if looks:
            watcher.join()
    wall = time.perf_counter() - started
    if process.returncode:
        message = errors.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{message}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(peak[0], usage.ru_maxrss) / 1024)


def beside(costs: Mapping[str, Sequence[float]], one: str, other: str) -> float:
    """What one costs for each second of another: the median over rounds, since both share a busy minute."""
    return statistics.median(mine / theirs for mine, theirs in zip(costs[one], costs[other], strict=True))


def side_by_side(command: list[str], folder: Path) -> float:
    """Seconds until both of two runs have ended, beside those of one: 1 where they do not slow each other down."""
    walls = []
    for count in (1, 2):
        started = time.perf_counter()
        runs = [
            subprocess.Popen([*command, "-q", "-o", str(folder / f"side{n}.nq")], env=environment(folder))
            for n in range(count)
        ]
        for process in runs:
            if process.wait():
                raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        walls.append(time.perf_counter() - started)
    for n in range(2):
        (folder / f"side{n}.nq").unlink()
    return walls[1] / walls[0]


def summary(path: Path) -> tuple[int, str, str]:
    """Distinct lines, a hash of their sorted set, and a hash of the bytes as they are."""
    environment = {**os.environ, "LC_ALL": "C"}
    lines, digest = 0, hashlib.sha256()
    with subprocess.Popen(["sort", "-u", "-S", "1G", path], stdout=subprocess.PIPE, env=environment) as sorted_lines:
        assert sorted_lines.stdout
        for line in sorted_lines.stdout:
            lines += 1
            digest.update(line)
    with path.open("rb") as file:
        return lines, digest.hexdigest()[:12], hashlib.file_digest(file, "sha256").hexdigest()[:12]


def peer(name: str, folder: Path | None) -> str | None:
    """The Python of a peer's environment, which is made if it is absent."""
    if folder is None:
        print(f"{name}: left out, no --peers folder was given", file=sys.stderr)
        return None
    home = folder / name
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        install = [python, "-m", "pip", "install", "-q", *PEERS[name]]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{name}: left out, it could not be installed: {done.stderr.strip()[-200:]}", file=sys.stderr)
            return None
        (home / "ready").touch()
    return str(python)


def morph_settings(folder: Path, mapping: Path, output: Path) -> Path:
    """The file by which morph-kgc runs a mapping in one process."""
    settings = folder / f"{mapping.stem}.ini"
    settings.write_text(
        "[CONFIGURATION]\noutput_format=N-TRIPLES\nnumber_of_processes=1\nlogging_level=ERROR\n"
        f"output_file={output}\n[TABLES]\nmappings={mapping}\n",
        encoding="utf-8",
    )
    return settings


def mapping(folder: Path, name: str, source: str) -> Path:
    """The mapping with its sources written as an engine wants them."""
    text = (MAPPERS / "mapping.rml.ttl").read_text(encoding="utf-8")
    for table in tables.SHARES:
        text = text.replace(f"SOURCE({table})", source.format(folder=folder, table=table))
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def engines(folder: Path, peers: Path | None, *, loads: bool = True) -> list[Engine]:
    """Everything that can be measured here."""
    relative = '[ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{table}.csv" ]'
    ours = mapping(folder, "mapping.rml.ttl", relative)
    kg = [sys.executable, "-m", "kg", "map", str(ours)]
    load = [sys.executable, str(MAPPERS / "load.py")]
    one, two, by_hand = folder / "one.nq", folder / "two.nq", folder / "hand.nt"
    store = folder / "store"
    found = [
        Engine("kg map", [*kg, "-o", str(one)], one),
        Engine("kg map --workers 2", [*kg, "--workers", "2", "-o", str(two)], two),
        Engine("by hand", [sys.executable, str(MAPPERS / "by_hand.py"), str(folder), str(by_hand)], by_hand),
    ]
    if python := peer("polars", peers):
        out = folder / "polars.nt"
        found.append(Engine("polars", [python, str(MAPPERS / "by_polars.py"), str(folder), str(out)], out))
    if python := peer("morph-kgc", peers):
        out = folder / "morph.nt"
        settings = morph_settings(folder, mapping(folder, "morph.ttl", '"{folder}/{table}.csv"'), out)
        found.append(Engine("morph-kgc", [python, "-m", "morph_kgc", str(settings)], out))
    if loads:
        found += [
            Engine("load the file", [*load, str(store), str(one)], None, store),
            Engine("kg map --store", [*kg, "--store", str(store)], None, store),
        ]
    return found


def report(
    costs: dict[str, list[Cost]],
    megabytes: dict[str, float],
    outputs: dict[str, tuple[int, str, str]],
    slowed: list[float],
) -> None:
    """Print the table and the ratios."""
    median = {
        name: Cost(
            statistics.median(run.wall for run in runs), statistics.median(run.cpu for run in runs), megabytes[name]
        )
        for name, runs in costs.items()
    }
    triples, expected, _ = outputs["kg map"]
    print(f"{'':20} {'wall s':>8} {'CPU s':>8} {'k triples/CPU s':>16} {'MB':>7} {'triples':>10}  sorted sha256")
    for name, cost in median.items():
        count, digest, _ = outputs.get(name, (triples, "", ""))
        same = "" if not digest else f"{digest} {'same' if digest == expected else 'DIFFERENT'}"
        speed = count / cost.cpu / 1000
        print(f"{name:20} {cost.wall:8.2f} {cost.cpu:8.2f} {speed:16.0f} {cost.megabytes:7.0f} {count:10}  {same}")
    for ours, theirs in (("kg map", "by hand"), ("kg map", "morph-kgc"), ("kg map", "polars")):
        if theirs in median:
            print(f"{ours} / {theirs}: {median[ours].cpu / median[theirs].cpu:.2f}x CPU")
    ratio = median["kg map"].wall / median["kg map --workers 2"].wall
    best = {name: min(run.wall for run in runs) for name, runs in costs.items()}
    best_ratio = best["kg map"] / best["kg map --workers 2"]
    same = outputs["kg map"][2] == outputs["kg map --workers 2"][2]
    print(f"two workers: {ratio:.2f}x as fast in wall time, {'the same' if same else 'OTHER'} bytes")
    print(f"by the quickest run of each, with the least of what others did on the machine: {best_ratio:.2f}x")
    print(f"two runs side by side do {2 / statistics.median(slowed):.2f}x as much as one: no sharing can do more")
    if "load the file" not in median:
        return
    both, bare = median["kg map --store"], median["load the file"]
    print(f"map and load / load alone: {both.cpu / bare.cpu:.2f}x CPU, {both.wall / bare.wall:.2f}x wall time")


def once(engine: Engine, folder: Path, *, looks: bool) -> Cost:
    """Run an engine, with nothing left of the run before: giving back the space of an old file takes a while."""
    if engine.store:
        shutil.rmtree(engine.store, ignore_errors=True)
    if engine.output:
        engine.output.unlink(missing_ok=True)
    return measure(engine.command, folder / "errors.txt", looks=looks)


def run(folder: Path, options: argparse.Namespace) -> None:
    """Generate, measure, compare, print."""
    sizes = tables.write(folder, options.rows)
    size = sum((folder / f"{table}.csv").stat().st_size for table in sizes)
    print(f"{sum(sizes.values()):,} rows in {len(sizes)} tables, {size / 1e6:.0f} MB", file=sys.stderr)
    chosen = engines(folder, options.peers, loads=not options.no_load)
    megabytes = {engine.name: once(engine, folder, looks=True).megabytes for engine in chosen}
    outputs = {engine.name: summary(engine.output) for engine in chosen if engine.output}
    print("memory and outputs", file=sys.stderr)
    costs: dict[str, list[Cost]] = {engine.name: [] for engine in chosen}
    slowed = []
    for number in range(options.rounds):
        for engine in chosen:
            costs[engine.name].append(once(engine, folder, looks=False))
        slowed.append(side_by_side([sys.executable, "-m", "kg", "map", str(folder / "mapping.rml.ttl")], folder))
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    report(costs, megabytes, outputs, slowed)


def main() -> None:
    """Read the options and measure in a temporary folder, or in one that is kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of all tables together")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, help="a folder for the environments of morph-kgc and polars")
    parser.add_argument("--keep", type=Path, help="work in this folder and keep it")
    parser.add_argument("--no-load", action="store_true", help="map only")
    options = parser.parse_args()
    options.peers = options.peers and options.peers.resolve()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        run(options.keep.resolve(), options)
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(Path(folder), options)


if __name__ == "__main__":
    main()
