"""Which project and which release a command means."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.config import Config, find_project, read_config
from kg.errors import ConfigError
from kg.paths import data_dir

if TYPE_CHECKING:
    from kg.records import Records
    from kg.release import Release


def open_project(directory: Path | None, out: Path | None = None) -> Config:
    """The project in `directory`, in the working directory or above it; else the graph that zellige brings along.

    :raises ConfigError: if `directory` holds no project, or its settings are wrong
    """
    if directory is not None:
        root: Path | None = directory.resolve()
        if not directory.is_dir():
            raise ConfigError(f"no such folder: {directory}")
    else:
        root = find_project(Path.cwd())
    if root is None:
        # Outside of any project: the packaged graph, with its releases here and not inside the installation.
        return dataclasses.replace(read_config(data_dir()), releases_dir=(out or Path("releases")).resolve())
    config = read_config(root)
    return dataclasses.replace(config, releases_dir=out.resolve()) if out is not None else config


def read_project(config: Config) -> tuple[Records, frozenset[str]]:
    """What people wrote, and the ids of the claims that rows of tables make.

    :raises DataError: with everything that is wrong with one of them
    :raises MappingError: if a mapping of tables cannot be run
    """
    from kg.records import read_records
    from kg.tables import Tables
    from kg.vocabulary import read_vocabulary

    vocabulary = read_vocabulary(config.locate("ontology"))
    rows = Tables(config, vocabulary).claim_ids()
    return read_records(config, vocabulary, rows), rows


def find_release(releases: Path | None, release_id: str | None) -> Release:
    """The release that `--releases` and `--release` name; by default the current one of the project.

    :raises ReleaseError: if there is no such release
    """
    from kg.release import open_release

    return open_release((open_project(None, releases)).releases, release_id)


def release_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--release ID` and `--releases DIR`."""
    function = click.option("--release", "release_id", metavar="ID", help="A release by its id; default: current.")(
        function
    )
    return click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help="The folder of releases.")(
        function
    )
