"""`kg serve`: a release as linked data and through SPARQL."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project, release_options


@click.command()
@click.option("--host", help="Address to bind; default 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one. Default 8000.")
@release_options
@common
def serve(talk: Talk, host: str | None, port: int | None, releases: Path | None, release_id: str | None) -> None:
    """Serve a release: /sparql, and a page for every thing. One line on stdout tells the address."""
    from kg.release import open_release
    from server.serving import serve as run_server
    from server.settings import Settings

    config = open_project(None, releases)
    release = open_release(config.releases, release_id)
    talk.detail(f"release {release.id}")
    run_server(
        Settings(
            releases=config.releases,
            release=release.id if release_id else None,
            workers=config.server.workers,
            deadline=float(config.server.deadline),
            memory_bytes=config.server.memory_mib << 20,
        ),
        host=host or config.server.host,
        port=config.server.port if port is None else port,
        threads=config.server.threads,
        on_ready=lambda url: talk.result(url, {"url": url, "release": release.id}),
    )
