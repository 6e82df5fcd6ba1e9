"""Mappings in Turtle, as statements that know where they stand."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, RdfFormat, Triple, parse

from kg.errors import MappingError, Position, StorageError
from kg.rdf.turtle_positions import Places
from kg.rml.mapping.statements import Statement

DOCUMENT: Final = "http://mapping.invalid/"
"""What relative IRIs of a mapping stand behind: they are names in it and nowhere else."""


def read_turtle(path: Path) -> tuple[Statement, ...]:
    """The statements of a mapping in Turtle.

    :raises MappingError: if there is no such file, or it is not Turtle
    :raises StorageError: if the system cannot read it
    """
    return statements_of(content_of(path), path)


def content_of(path: Path) -> bytes:
    """The bytes of a mapping, without the byte order mark that editors put before them.

    :raises MappingError: if there is no such file
    :raises StorageError: if the system cannot read it
    """
    try:
        return path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except FileNotFoundError:
        raise MappingError(f"there is no mapping {path}") from None
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from None


def statements_of(content: bytes, path: Path) -> tuple[Statement, ...]:
    """The statements of a document in Turtle.

    :param path: what errors call it
    :raises MappingError: if it is not Turtle
    """
    name = str(path)
    places = Places(content.decode("utf-8", errors="replace"), DOCUMENT)
    statements = []
    # In the order of writing: a parser gives them other labels in every run, and a plan must be the same in all.
    labels: dict[BlankNode, BlankNode] = {}
    try:
        for quad in parse(content, RdfFormat.TURTLE, base_iri=DOCUMENT):
            term = quad.object
            if isinstance(quad.subject, Triple) or isinstance(term, Triple) or quad.graph_name != DefaultGraph():
                raise MappingError("a mapping has no triples about triples", position=Position(name, 1))
            line = places.line_of(quad.predicate, term) or 1
            subject = quad.subject
            if isinstance(subject, BlankNode):
                subject = labels.setdefault(subject, BlankNode(f"b{len(labels) + 1}"))
            if isinstance(term, BlankNode):
                term = labels.setdefault(term, BlankNode(f"b{len(labels) + 1}"))
            statements.append(Statement(subject, quad.predicate, term, Position(name, line)))
    except SyntaxError as error:
        raise MappingError(f"not Turtle: {error.msg}", position=Position(name, error.lineno or 1)) from None
    return tuple(statements)
