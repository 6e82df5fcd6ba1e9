"""`kg serve`: a release, or any RDF files, as linked data and through SPARQL."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.cli.output import Talk, common
from kg.cli.project import first_graph, open_project, open_releases, release_options
from kg.cli.signals import outlive_the_terminal
from kg.config import FILE_NAME, PUBLIC_URL_HINT, Config, find_project
from kg.config.addresses import is_public_url
from kg.errors import StorageError, UsageError

if TYPE_CHECKING:
    from kg.release import Release
    from server.settings import Settings, Started

_FILES: Final = "files"
"""What stands for the id of a release where files are served."""
_DESCRIBED: Final = 1_000_000
"""Statements that are looked through when files are served, for what describes them and for what tells how a column is
to be sorted: that takes as long as loading them."""
_LONG: Final = 200_000
"""Statements whose texts take some seconds to be indexed, and of which that is said."""
_HERE: Final = ("localhost", "::1")


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option("--host", help="Address to bind; default 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one. Default 8000.")
@click.option("--public-url", metavar="URL", help="Where clients reach the server, as in https://data.example.org.")
@click.option(
    "--search/--no-search", "searching", default=None, help="Index the texts where they are not indexed; see the docs."
)
@click.option("--check", "checking", is_flag=True, help="Try all that serving needs and say what was found.")
@release_options
@common
def serve(
    talk: Talk,
    files: tuple[Path, ...],
    host: str | None,
    port: int | None,
    public_url: str | None,
    searching: bool | None,
    checking: bool,
    releases: Path | None,
    release_id: str | None,
) -> None:
    """Serve a release, or RDF files: /sparql, and pages. One line on stdout tells the address.

    With FILEs no project is needed: they are loaded into a store of their own, which goes when the server ends, and
    their texts are indexed for the search. A folder stands for the RDF files in it and below it; the folder of a
    project, alone, for its release. One FILE may be an Oxigraph store, a folder, which is served as it is; its texts
    are indexed only with --search.
    """
    from kg.release import open_release

    outlive_the_terminal()
    if files and (release_id is not None or releases is not None):
        raise UsageError("files and a release cannot be served at once", hint="leave one of them out")

    project = files[0] if len(files) == 1 and (files[0] / FILE_NAME).is_file() else None
    files = files if project is None else ()

    def configured() -> Config:
        if project is not None:
            known = open_project(project)
        else:
            known = first_graph() if files and find_project(Path.cwd()) is None else open_releases(releases)
        return _reached(known, host, port, public_url)

    config = configured()
    if files:
        with tempfile.TemporaryDirectory(prefix="zellige-") as folder:
            for line in _load(files, Path(folder), config.project.base, searching=searching):
                talk.say(line)
            read = partial(_started, configured, Path(folder), _FILES)
            _serve(talk, read, config.project.base, _FILES, checking=checking)
        return
    release = open_release(config.releases, release_id)
    if searching is not False:
        _index(talk, release)
    # Without --release the server follows `current`, whatever it points to later.
    read = partial(_started, configured, None, release.id if release_id else None)
    _serve(talk, read, release.base, release.id, checking=checking)


def _reached(config: Config, host: str | None, port: int | None, public_url: str | None) -> Config:
    """The settings with the addresses that the command line gives."""
    if public_url is not None and not is_public_url(public_url):
        raise UsageError(
            f"--public-url must be the http(s) address of a host, not {public_url!r}", hint=PUBLIC_URL_HINT
        )
    here = config.server
    chosen = replace(
        here,
        host=host or here.host,
        port=here.port if port is None else port,
        public_url=here.public_url if public_url is None else public_url,
    )
    return replace(config, server=chosen)


def _warn(talk: Talk, started: Started, base: str) -> None:
    """Tell an operator who serves others where they will be sent."""
    host = started.host
    if not started.settings.public_url and host not in _HERE and not host.startswith("127."):
        talk.say(f"descriptions of this server name {base} as its address: set public_url to where clients reach it")


def _index(talk: Talk, release: Release) -> None:
    """Index the texts of a release that was built without; where that cannot be, only the search is missing."""
    from kg.release import index

    try:
        if index(release):
            talk.say("the texts of the release were not indexed, and are now")
    except StorageError as error:
        talk.say(f"there is no search: {error}")


def _load(files: tuple[Path, ...], folder: Path, base: str, *, searching: bool | None) -> Iterator[str]:
    """Make what the server takes for a release, whose title is the names of the files.

    Says what it holds, which literals are not kept as they are written, and what takes a while, before it does.
    """
    from kg import store
    from kg.rdf import Forms, RdfFile, rdf_files, syntax_of
    from kg.rdfdata.jsonld import lost_in
    from kg.runs.beside import beside_store

    target = folder / _FILES
    target.mkdir()
    counts: dict[str, int] = {}
    described = False
    is_store = len(files) == 1 and store.is_store(files[0])
    if is_store:
        # As it is: only counting would take the longer the more it holds.
        (target / "store").symlink_to(files[0].resolve())
        yield f"the store {files[0]}"
    else:
        forms = Forms(store.kept_forms)
        found = [path for file in files for path in rdf_files(file)]
        counts["quads"] = store.load_files(found, target / "store", forms)
        yield f"{counts['quads']:,} statements of {len(found)} file{'s' if len(found) > 1 else ''}"
        yield from forms.told()
        yield from (f"warning: {text}" for file in found for text in lost_in(RdfFile(file, syntax_of(file))))
        described = counts["quads"] <= _DESCRIBED
        if described:
            _describe(target, base, files, counts["quads"])
        else:
            yield f"what they hold is not described to programs: that is done up to {_DESCRIBED:,} statements"
    title = ", ".join(file.resolve().name for file in files)
    indexed = searching or (searching is None and not is_store)
    if indexed and counts.get("quads", _LONG) >= _LONG:
        yield "the texts are being indexed for the search (--no-search serves at once, without it)"
    kinds = beside_store(target, indexed=indexed, described=described)
    manifest = {"id": _FILES, "base": base, "title": {"en": title}, "counts": counts}
    if described:
        manifest["kinds"] = kinds
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _describe(target: Path, base: str, files: tuple[Path, ...], quads: int) -> None:
    """Describe what was loaded, for programs that ask the endpoint what it holds."""
    from kg.config import Project
    from kg.description import About, Presented, describe, general
    from kg.description.beside import set_beside
    from kg.runs.figures import counts_of

    project = Project(_FILES, base, licence="", title={"en": ", ".join(file.resolve().name for file in files)})
    about = About(project, _FILES, presented=Presented(examples=general()))
    content = describe(counts_of(target / "store", base, quads), about, None).encode()
    (target / "void.ttl").write_bytes(content)
    set_beside(target / "store", content)


def _started(configured: Callable[[], Config], folder: Path | None, release_id: str | None) -> Started:
    """What the server is started with, and reads again later; `folder` holds what stands for releases."""
    from server.settings import Started

    config = configured()
    return Started(_settings(config, folder or config.releases, release_id), config.server.host, config.server.port)


def _settings(config: Config, releases: Path, release_id: str | None) -> Settings:
    from server.settings import Settings

    given = config.server
    return Settings(
        releases=releases,
        release=release_id,
        locale=_words(config),
        public_url=given.public_url,
        fill_prefixes=given.fill_prefixes,
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
        skip_unbound=given.skip_unbound,
        federation=config.federation,
    )


def _words(config: Config) -> str:
    """The folder of the project's catalogues of words; only one with its usual name may be absent."""
    folder = config.locate("locale")
    is_usual = config.paths.locale == type(config.paths)().locale
    return "" if is_usual and not folder.exists() else str(folder)


def _serve(talk: Talk, read: Callable[[], Started], base: str, name: str, *, checking: bool) -> None:
    from server.serving import check
    from server.serving import serve as run_server

    started = read()
    _warn(talk, started, base)
    if checking:
        facts = check(started.settings, started.host, started.port)
        talk.result("\n".join(f"{name:16} {value}" for name, value in facts.items()), facts)
        return
    run_server(
        started.settings,
        host=started.host,
        port=started.port,
        on_ready=lambda url: talk.result(url, {"url": url, "release": name}),
        read=read,
    )
