"""`kg serve`: a release, or any RDF files, as linked data and through SPARQL."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.cli.output import Talk, common
from kg.cli.project import first_graph, open_releases, release_options
from kg.config import Config, find_project
from kg.errors import UsageError

if TYPE_CHECKING:
    from server.settings import Settings

_FILES: Final = "files"
"""What stands for the id of a release where files are served."""


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option("--host", help="Address to bind; default 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one. Default 8000.")
@click.option("--check", "checking", is_flag=True, help="Try all that serving needs and say what was found.")
@release_options
@common
def serve(
    talk: Talk,
    files: tuple[Path, ...],
    host: str | None,
    port: int | None,
    checking: bool,
    releases: Path | None,
    release_id: str | None,
) -> None:
    """Serve a release, or RDF files: /sparql, and pages. One line on stdout tells the address.

    With FILEs no project is needed: they are loaded into a store of their own, which goes when the server ends. One
    FILE may be an Oxigraph store, a folder, which is served as it is.
    """
    from kg.release import open_release

    config = first_graph() if files and find_project(Path.cwd()) is None else open_releases(releases)
    if not files:
        release = open_release(config.releases, release_id)
        # Without --release the server follows `current`, whatever it points to later.
        settings = _settings(config, config.releases, release.id if release_id else None)
        if checking:
            _check(talk, config, settings, host, port)
            return
        _run(talk, config, settings, release.id, host, port)
        return
    if release_id is not None or releases is not None:
        raise UsageError("files and a release cannot be served at once", hint="leave one of them out")
    with tempfile.TemporaryDirectory(prefix="zellige-") as folder:
        count = _load(files, Path(folder), config.project.base)
        talk.say(f"{count} statements of {len(files)} file{'s' if len(files) > 1 else ''}")
        settings = _settings(config, Path(folder), _FILES)
        if checking:
            _check(talk, config, settings, host, port)
            return
        _run(talk, config, settings, _FILES, host, port)


def _load(files: tuple[Path, ...], folder: Path, base: str) -> int:
    """Make what the server takes for a release; its title is the names of the files."""
    from kg import store

    target = folder / _FILES
    target.mkdir()
    if len(files) == 1 and store.is_store(files[0]):
        (target / "store").symlink_to(files[0].resolve())
        count = len(store.read(files[0]))
    else:
        count = store.load_files(files, target / "store")
    title = ", ".join(file.name for file in files)
    manifest = {"id": _FILES, "base": base, "title": {"en": title}, "counts": {"quads": count}}
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return count


def _settings(config: Config, releases: Path, release_id: str | None) -> Settings:
    from server.settings import Settings

    given = config.server
    return Settings(
        releases=releases,
        release=release_id,
        threads=given.threads,
        workers=given.workers,
        deadline=float(given.deadline),
        memory_bytes=given.memory_mib << 20,
        answer_bytes=given.answer_mib << 20,
        queue=given.queue,
        cache_bytes=given.cache_mib << 20,
        client_seconds=float(given.client_seconds),
        trusted_proxies=tuple(filter(None, (address.strip() for address in given.trusted_proxies.split(",")))),
        access_log=given.access_log,
        log_queries=given.log_queries,
        federation=config.federation,
    )


def _check(talk: Talk, config: Config, settings: Settings, host: str | None, port: int | None) -> None:
    from server.serving import check

    facts = check(settings, host or config.server.host, config.server.port if port is None else port)
    talk.result("\n".join(f"{name:16} {value}" for name, value in facts.items()), facts)


def _run(talk: Talk, config: Config, settings: Settings, name: str, host: str | None, port: int | None) -> None:
    from server.serving import serve as run_server

    run_server(
        settings,
        host=host or config.server.host,
        port=config.server.port if port is None else port,
        on_ready=lambda url: talk.result(url, {"url": url, "release": name}),
    )
