"""Which project and which release a command means."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.config import FILE_NAME, Config, find_project, read_config
from kg.errors import ConfigError
from kg.paths import data_dir

RELEASES = Path("releases")

if TYPE_CHECKING:
    from kg.records import Records
    from kg.release import Release


_WHAT_TO_DO = "kg init FOLDER makes one; kg build --first-graph builds the graph that came with zellige"


def open_project(directory: Path | None, out: Path | None = None) -> Config:
    """The project in `directory`, or in the working directory or above it.

    :raises ConfigError: if there is none, or its settings are wrong
    """
    if directory is not None and directory.is_file():
        raise ConfigError(f"{directory} is a file, and a project is a folder", hint="name the folder with its kg.toml")
    if directory is not None and not directory.is_dir():
        raise ConfigError(f"no such folder: {directory}", hint=_WHAT_TO_DO)
    root = find_project(Path.cwd()) if directory is None else directory.resolve()
    if root is None:
        raise ConfigError("there is no project here: no kg.toml in this folder or above it", hint=_WHAT_TO_DO)
    if not (root / FILE_NAME).is_file():
        raise ConfigError(f"there is no project in {directory}: no {FILE_NAME}", hint=_WHAT_TO_DO)
    config = read_config(root)
    config.check_paths()
    return dataclasses.replace(config, releases_dir=out.resolve()) if out is not None else config


def first_graph(out: Path | None = None) -> Config:
    """The project that came with zellige, with its releases in the working directory and not in the installation."""
    return dataclasses.replace(read_config(data_dir()), releases_dir=(out or RELEASES).resolve())


def open_releases(releases: Path | None) -> Config:
    """The settings under which releases are used: those of the project here or above, else the ones that came along.

    Without a project the releases are those of the folder that is named, or of `releases` here, where a build without
    a project puts them.

    :raises ConfigError: if there is neither a project nor such a folder, or the settings are wrong
    """
    root = find_project(Path.cwd())
    if root is not None:
        config = read_config(root)
        return config if releases is None else dataclasses.replace(config, releases_dir=releases.resolve())
    if releases is None and not RELEASES.is_dir():
        raise ConfigError(
            "there is no project here, and no folder of releases",
            hint=f"name one with --releases; {_WHAT_TO_DO}",
        )
    return first_graph(releases)


def read_project(config: Config, texts: Path | None = None) -> tuple[Records, frozenset[str]]:
    """What people wrote, and the ids of the claims that rows of tables make; `texts` as `read_records` takes them.

    :raises DataError: with everything that is wrong with one of them
    :raises MappingError: if a mapping of tables cannot be run
    """
    from kg.ontology.own import vocabulary_of
    from kg.rdfdata import claim_ids
    from kg.records import read_records
    from kg.tables import Tables

    vocabulary = vocabulary_of(config)
    rows = Tables(config, vocabulary).claim_ids()
    return read_records(config, vocabulary, rows | claim_ids(config), texts), rows


def find_release(releases: Path | None, release_id: str | None) -> Release:
    """The release that `--releases` and `--release` name; by default the current one of the project.

    :raises ReleaseError: if there is no such release
    """
    from kg.release import open_release

    return open_release(open_releases(releases).releases, release_id)


def release_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--release ID` and `--releases DIR`."""
    function = click.option("--release", "release_id", metavar="ID", help="A release by its id; default: current.")(
        function
    )
    return click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help="The folder of releases.")(
        function
    )
