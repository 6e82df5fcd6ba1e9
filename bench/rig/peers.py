"""The peers: oxigraph's own server, rdflib-endpoint and Virtuoso, on the same statements.

oxigraph and rdflib-endpoint live in virtual environments of their own below the folder of the benchmark; Virtuoso is
taken from the system (`apt-get install virtuoso-opensource-7`).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rig import servers
from rig.servers import DidNotStart, Server

PACKAGES: Final = {
    "oxigraph": ("oxigraph==0.5.13",),
    "rdflib-endpoint": ("rdflib-endpoint==0.6.3", "oxrdflib==0.5.0", "uvicorn==0.35.0"),
}
"""What pip installs for each peer."""

_RDFLIB_APP: Final = """\
import sys
import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
dataset = Dataset(store="Oxigraph", default_union=True)
dataset.open(sys.argv[1])
uvicorn.run(SparqlEndpoint(graph=dataset, path="/sparql"), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""

_VIRTUOSO_INI: Final = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
DirsAllowed = {data}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
KeepAliveTimeout = 10
MaxKeepAlives = 10
[SPARQL]
ResultSetMaxRows = 1000000
"""


def set_up(folder: Path) -> None:
    """Make the virtual environments of the peers, and say what else could be installed.

    :raises subprocess.CalledProcessError: if pip fails
    """
    for name, packages in PACKAGES.items():
        home = _home(folder, name)
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([home / "bin" / "pip", "install", "--quiet", *packages], check=True)
        print(f"{name}: {home}", file=sys.stderr)
    if shutil.which("virtuoso-t") is None:
        print("Virtuoso is absent: apt-get install --no-install-recommends virtuoso-opensource-7", file=sys.stderr)


def absent(folder: Path) -> dict[str, str]:
    """Why peers cannot be started, by their names."""
    reasons = {
        name: "no virtual environment: run with --setup"
        for name in PACKAGES
        if not (_home(folder, name) / "bin" / "python").exists()
    }
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        reasons["virtuoso"] = "not installed: apt-get install virtuoso-opensource-7"
    return reasons


def versions(folder: Path) -> Iterator[str]:
    """The versions of the peers that are there."""
    missing = absent(folder)
    for name in (name for name in PACKAGES if name not in missing):
        pip = [str(_home(folder, name) / "bin" / "pip"), "list", "--format", "freeze"]
        listed = subprocess.run(pip, capture_output=True, text=True, check=True).stdout.split()
        wanted = [package.partition("==")[0] for package in PACKAGES[name]]
        yield f"{name}: " + ", ".join(line for line in listed if line.partition("==")[0].lower() in wanted)
    if "virtuoso" not in missing:
        said = subprocess.run(["virtuoso-t", "-?"], capture_output=True, text=True, check=False)
        told = (line.strip() for line in (said.stderr + said.stdout).splitlines())
        yield "virtuoso: " + next((line for line in told if "Version" in line), "version unknown")


@contextmanager
def oxigraph(folder: Path, store: Path, work: Path) -> Iterator[Server]:
    """The native server, read-only, on the very store that ours reads, without `--timeout-s`."""
    port = servers.free_port()
    program = str(_home(folder, "oxigraph") / "bin" / "oxigraph")
    command = [program, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with servers.running("oxigraph", command, port, "/query", work) as server:
        yield server


@contextmanager
def rdflib_endpoint(folder: Path, store: Path, work: Path) -> Iterator[Server]:
    """rdflib-endpoint over oxrdflib, on a copy of the store, which it opens for writing."""
    port = servers.free_port()
    copy = work / "rdflib-endpoint-store"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(store, copy)
    script = work / "rdflib_endpoint_app.py"
    script.write_text(_RDFLIB_APP, encoding="utf-8")
    command = [str(_home(folder, "rdflib-endpoint") / "bin" / "python"), str(script), str(copy), str(port)]
    with servers.running("rdflib-endpoint", command, port, "/sparql", work) as server:
        yield server


@contextmanager
def virtuoso(store: Path, work: Path) -> Iterator[Server]:
    """Virtuoso on a database of its own, loaded once from graph.nt and kept beside it."""
    data = store.parent.parent.parent
    database = data / "virtuoso"
    port, sql = servers.free_port(), servers.free_port()
    fresh = not (database / "loaded").exists()
    if fresh:
        shutil.rmtree(database, ignore_errors=True)
        database.mkdir()
    ini = database / "virtuoso.ini"
    ini.write_text(_VIRTUOSO_INI.format(folder=database, data=data, sql=sql, port=port), encoding="utf-8")
    (database / "virtuoso.lck").unlink(missing_ok=True)
    command = ["virtuoso-t", "+foreground", "+configfile", str(ini)]
    with servers.running("virtuoso", command, port, "/sparql", work) as server:
        if fresh:
            load = f"ld_dir('{data}', 'graph.nt', 'http://bench.example/'); rdf_loader_run(); checkpoint;"
            isql = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", "VERBOSE=OFF", "ERRORS=STDOUT", f"exec={load}"]
            done = subprocess.run(isql, capture_output=True, text=True, check=False)
            if done.returncode or "Error" in done.stdout:
                raise DidNotStart(f"Virtuoso did not load graph.nt: {done.stdout} {done.stderr}")
            (database / "loaded").touch()
        yield server


def _home(folder: Path, name: str) -> Path:
    return folder / "peers" / name
