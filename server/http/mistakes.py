"""Queries of strangers: checked before they are asked, and told in the words of people when they are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.errors import KgError, QueryError
from kg.sparql.guard import Query, check
from kg.sparql.messages import may_be_foreign
from server.engine.inprocess import InProcessEngine

EVERYWHERE: Final = "everywhere"
PAGE: Final = "page"


def checked(text: str, base: str, engine: InProcessEngine) -> Query:
    """Prove that a query reads the store and nothing else, and means here what it says.

    :raises QueryRefused: see `kg.sparql.guard.check`; or if it uses a name of another product, which no data here use
    :raises QueryError: see `kg.sparql.guard.check`
    """
    query = check(text, base)
    if may_be_foreign(text):
        # What reads a whole query is loaded when there is cause.
        from kg.sparql.messages.told import refuse_foreign

        refuse_foreign(text, base, engine.mentions)
    return query


def explained(error: KgError, text: str, base: str) -> KgError:
    """The same error in the words of people, where the text of the query is the cause."""
    if not isinstance(error, QueryError):
        return error
    from kg.sparql.messages.told import explained as told

    return told(error, text, base)


@dataclass(frozen=True, slots=True)
class Filled:
    """A query with the well-known prefixes that it did not declare."""

    text: str
    prefixes: tuple[tuple[str, str], ...]
    """Those that were added."""

    @property
    def header(self) -> str:
        """The prefixes as the value of a header: a list of RFC 8941.

        >>> Filled("", (("foaf", "http://xmlns.com/foaf/0.1/"),)).header
        '"foaf";iri="http://xmlns.com/foaf/0.1/"'
        """
        return ", ".join(f'"{prefix}";iri="{iri}"' for prefix, iri in self.prefixes)

    @property
    def declarations(self) -> tuple[str, ...]:
        """The prefixes as they were declared, for a page."""
        return tuple(f"PREFIX {prefix}: <{iri}>" for prefix, iri in self.prefixes)


def filled(error: KgError, text: str, own: Mapping[str, str] = MappingProxyType({})) -> Filled | None:
    """A query that was refused, with the known prefixes that it lacks; None if it lacks none.

    Known are the well-known ones, and those of the data that are asked, `own`.

    >>> filled(QueryError("no"), "ASK { ?s foaf:name ?o }").prefixes
    (('foaf', 'http://xmlns.com/foaf/0.1/'),)
    """
    if not isinstance(error, QueryError):
        return None
    from kg.sparql.messages.prefixes import fill
    from kg.sparql.messages.reading import resolved
    from kg.sparql.messages.told import is_of_text

    if not is_of_text(error):
        return None

    again, prefixes = fill(resolved(text).text, own)
    return Filled(again, prefixes) if prefixes else None


def still_wrong(error: KgError, text: str, base: str) -> KgError:
    """What is wrong with a query though its prefixes were filled in; those are not told."""
    from kg.sparql.messages.told import at_lines_written, without_filled

    found = explained(error, text, base)
    return at_lines_written(without_filled(found)) if isinstance(found, QueryError) else found
