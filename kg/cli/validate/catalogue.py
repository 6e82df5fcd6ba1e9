"""The files that stand for IRIs: what `owl:imports` and `sh:shapesGraph` name is read from them, never from afar.

`--import IRI=FILE` names one, `--catalog FILE` all those of an OASIS XML catalog, as Protégé and ROBOT write it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from kg.cli.validate.options import grouped
from kg.errors import Position, StorageError, UsageError

_SPACE: Final = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """From IRIs, without a `#` at their end, to files."""

    files: Mapping[str, Path]
    named: tuple[str, ...]
    """The IRIs that were named one by one: somebody means each of them to be imported."""


def catalogue(imports: tuple[str, ...], catalogs: tuple[Path, ...]) -> Catalogue:
    """The files that stand for IRIs; an `--import` goes before a catalog, the first before others.

    :raises UsageError: if an `--import` is no IRI with a file, a file is not there, or a catalog is none
    """
    found: dict[str, Path] = {}
    for text in imports:
        iri, equals, file = text.rpartition("=")
        if not equals or ":" not in iri or not file:
            raise UsageError(f"--import {text} is no IRI=FILE", hint="as in --import http://example.org/core=core.ttl")
        if not Path(file).is_file():
            raise UsageError(f"--import {iri}: no such file: {file}")
        found.setdefault(iri.removesuffix("#"), Path(file))
    named = tuple(found)
    for catalog in catalogs:
        for iri, path in _listed(catalog).items():
            found.setdefault(iri, path)
    return Catalogue(found, named)


def _listed(catalog: Path) -> dict[str, Path]:
    """The `uri` entries of a catalog (OASIS XML Catalogs 1.1, section 6.5.9); files that are not there are left out."""
    from lxml import etree

    try:
        root = etree.fromstring(catalog.read_bytes(), etree.XMLParser(no_network=True, load_dtd=False))
    except (FileNotFoundError, IsADirectoryError):
        raise UsageError(f"no such file: {catalog}") from None
    except OSError as error:
        raise StorageError(f"cannot read {catalog}: {error.strerror}") from None
    except etree.XMLSyntaxError as error:
        raise UsageError(f"not XML: {error.msg}", position=Position(str(catalog), error.lineno or 1)) from None
    if root.tag != f"{_SPACE}catalog":
        raise UsageError(f"{catalog} is no XML catalog", hint=f'its first element is <catalog xmlns="{_SPACE[1:-1]}">')
    found: dict[str, Path] = {}
    for entry in root.iter(f"{_SPACE}uri"):
        name, file = entry.get("name"), entry.get("uri")
        if name is None or file is None:
            place = Position(str(catalog), entry.sourceline or 1)
            raise UsageError("an entry of a catalog needs name and uri", position=place)
        path = _local(catalog, file)
        if path is not None and path.is_file():
            found.setdefault(name.removesuffix("#"), path)
    return found


def _local(catalog: Path, uri: str) -> Path | None:
    from urllib.parse import unquote, urljoin, urlsplit
    from urllib.request import url2pathname

    parts = urlsplit(urljoin(catalog.resolve().as_uri(), uri))
    return Path(url2pathname(unquote(parts.path))) if parts.scheme == "file" else None


import_options: Final = grouped(
    "catalogue",
    catalogue,
    click.option(
        "--import", "imports", multiple=True, metavar="IRI=FILE", help="The file that is read where IRI is imported."
    ),
    click.option(
        "--catalog", "catalogs", multiple=True, type=click.Path(path_type=Path), help="An XML catalog of such files."
    ),
)
