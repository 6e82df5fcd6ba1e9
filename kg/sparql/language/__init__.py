"""The language of queries: tokens, syntax, and text again (SPARQL 1.1 and 1.2 Query Language).

`parse` reads a query into the values of `syntax`; `write` makes of them a text that means the same. What reads and
writes is loaded when it is first asked: a process that looks things up has no use for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.sparql.language.syntax import Query


def parse(text: str, base: str | None = None) -> Query:
    """Read a query; `base` resolves its relative IRIs where it declares no BASE.

    :raises QueryError: naming line and column of what cannot be read

    >>> parse("SELECT * { ?s a ?class }").body.where.elements[0].patterns[0].object.name
    'class'
    >>> parse("SELECT * { ?s ex:name ?name }")
    Traceback (most recent call last):
    ...
    kg.errors.QueryError: query:1: the prefix ex: is not declared (declare it: PREFIX ex: <...>)
    """
    from kg.sparql.language.query import parse as read

    return read(text, base)


def write(query: Query) -> str:
    r"""The text of a query, which means the same and is read as the same tree, but for where things stood.

    :raises ValueError: if the tree is none that a text could mean, as with an IRI that holds a bracket

    >>> print(write(parse("PREFIX : <http://example.org/> ASK { ?s :p [ a ?c ] FILTER((?s)) }")))
    PREFIX : <http://example.org/>
    ASK
    WHERE {
      ?s <http://example.org/p> _:b0 .
      _:b0 a ?c .
      FILTER (?s)
    }
    """
    from kg.sparql.language.writing import write as written

    return written(query)
