"""The names of our functions and aggregates in a query, with what each takes and gives.

They are of the engine's side alone: a query from outside that names one is refused (`is_reserved`), and none is put
into a SERVICE clause. A scheme of its own, with `://`, is spelt in one way only, also after the guard.

A function gives nothing (an error of SPARQL, hence unbound) where an argument is unbound or an error: the engine does
not call it then. An aggregate would make its whole group unbound for one such value; what it takes is therefore written
as `COALESCE(expression, <NIL>)`, and `NIL` means "no value here". A `DISTINCT` before the argument of an aggregate of
this kind does not parse: there are names of their own for that.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote

NAMESPACE: Final = "x-zellige://engine/"
"""What all reserved names begin with."""

NIL: Final = NAMESPACE + "nil"
"""An IRI that stands for an unbound value among the values of an aggregate; it is never a result."""

ERROR: Final = NAMESPACE + "error"
"""An IRI that stands for an error among the values of an aggregate, which has no value then, and tells it."""

# --- notes

AGAIN: Final = NAMESPACE + "again"
"""`AGAIN()`: an error; the query is to be evaluated once more, with our aggregates in place of the engine's."""

NOTED: Final = NAMESPACE + "noted/"
"""`NOTED/x;1.8(value, ...)`: an error, which is told: with these values the expression of `?x` is one (`noted`)."""

# --- order

ORDER: Final = NAMESPACE + "order"
"""`ORDER(term)`: a string; strings by code points are in the total order of terms (`order.py`). Never an error."""

COLLATION: Final = NAMESPACE + "collation/"
"""`COLLATION/ar(term)`: like ORDER, but text stands as readers of the language sort it (`collated("ar")`)."""

# --- values; each may be put behind the engine's own as `COALESCE(?a < ?b, <LESS>(?a, ?b))`

EQUAL: Final = NAMESPACE + "equal"
"""`EQUAL(left, right)`: `=` for numbers of any length; an error for all else."""

LESS: Final = NAMESPACE + "less"
"""`LESS(left, right)`: `<` for numbers of any length; an error for all else."""

ADD: Final = NAMESPACE + "add"
"""`ADD(left, right)`: `+` for numbers of any length, and for a dateTime or date with a yearMonthDuration."""

SUBTRACT: Final = NAMESPACE + "subtract"
"""`SUBTRACT(left, right)`: `-`, as ADD."""

MULTIPLY: Final = NAMESPACE + "multiply"
"""`MULTIPLY(left, right)`: `*` for numbers of any length."""

DIVIDE: Final = NAMESPACE + "divide"
"""`DIVIDE(left, right)`: `/` for numbers of any length; of two integers the quotient is a decimal."""

NEGATE: Final = NAMESPACE + "negate"
"""`NEGATE(number)`: unary minus for numbers of any length."""

IS_NUMERIC: Final = NAMESPACE + "is-numeric"
"""`IS_NUMERIC(term)`: a boolean, true for well-formed numbers of any length. Never an error."""

TRUTH: Final = NAMESPACE + "truth"
"""`TRUTH(term)`: the effective boolean value (SPARQL 1.1, 17.2.2), false for ill-typed numbers and booleans."""

NUMERIC: Final = NAMESPACE + "numeric/"
"""`NUMERIC/ABS(number)`: ABS, CEIL, FLOOR or ROUND (SPARQL 1.1, 17.4.4) of an integer or decimal of any length."""

CAST: Final = NAMESPACE + "cast/"
"""`CAST/integer(term)`: a number of any length, or a text of one, in another type (17.5)."""

ITSELF: Final = NAMESPACE + "itself"
"""`ITSELF(term)`: the term, of which the engine takes nothing for granted."""

REPLACEMENT: Final = NAMESPACE + "replacement"
"""`REPLACEMENT(text, pattern)`: a replacement as fn:replace reads it, in the spelling that the engine's REPLACE reads;
an error where fn:replace raises FORX0004."""

LABELLED: Final = NAMESPACE + "labelled"
"""`LABELLED(seed, text)`: the blank node of BNODE(text) in the solution that `seed`, a string, stands for."""

# --- aggregates; NIL is passed over by each

MINIMUM: Final = NAMESPACE + "minimum"
"""The least value in the total order of ORDER (SPARQL 1.1, 18.5.1.5); unbound if there is none."""

MAXIMUM: Final = NAMESPACE + "maximum"
"""The greatest value in the total order of ORDER (18.5.1.6); unbound if there is none."""

SAMPLE: Final = NAMESPACE + "sample"
"""The first value that is one (18.5.1.8); unbound if there is none."""

SUM: Final = NAMESPACE + "sum"
"""The sum (18.5.1.3), of numbers of any length; 0 of nothing; an error if a value is no well-formed number."""

SUM_DISTINCT: Final = NAMESPACE + "sum-distinct"
"""SUM of the values that are different terms."""

AVERAGE: Final = NAMESPACE + "average"
"""The average (18.5.1.4), of numbers of any length; 0 of nothing; an error if a value is no well-formed number."""

AVERAGE_DISTINCT: Final = NAMESPACE + "average-distinct"
"""AVERAGE of the values that are different terms."""

GROUP_CONCAT: Final = NAMESPACE + "group-concat/"
"""The text (STR) of literals and IRIs, joined (18.5.1.7): take the name from `group_concat`. An error for blank nodes
and triple terms, which have no text; the empty string of nothing."""

GROUP_CONCAT_DISTINCT: Final = NAMESPACE + "group-concat-distinct/"
"""GROUP_CONCAT of the values that are different terms."""


def group_concat(separator: str | None = None, *, distinct: bool = False) -> str:
    """The name of the aggregate GROUP_CONCAT with a separator, a space if None; its last part is percent-encoded.

    >>> group_concat(", ")
    'x-zellige://engine/group-concat/%2C%20'
    """
    return (GROUP_CONCAT_DISTINCT if distinct else GROUP_CONCAT) + quote(" " if separator is None else separator, "")


def placed(name: str, place: str) -> str:
    """The name of an aggregate that stands at a line and column of the query, such as "1.8"; "" is nowhere.

    >>> placed(SUM, "1.8")
    'x-zellige://engine/sum;1.8'
    """
    return f"{name};{place}"


def noted(variable: str, place: str) -> str:
    """The name of the function that tells of the expression of a variable."""
    return placed(NOTED + quote(variable, ""), place)


def collated(language: str) -> str:
    """The name of the function that gives the key of a term, text sorted as in `language`.

    >>> collated("ar")
    'x-zellige://engine/collation/ar'
    """
    return COLLATION + quote(language, "")


def parameter(name: str) -> str:
    """What `group_concat` or `collated` put into a name.

    >>> parameter(group_concat(", "))
    ', '
    """
    return unquote(name.rpartition("/")[2])


def is_reserved(iri: str) -> bool:
    """Whether an IRI is one of ours, which no query from outside may name.

    >>> is_reserved(ORDER), is_reserved("http://example.org/order")
    (True, False)
    """
    return iri.startswith(NAMESPACE)
