"""IRIs that the language itself means by its signs, and the functions that it knows by their keywords."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

TYPE: Final = f"{RDF}type"
FIRST: Final = f"{RDF}first"
REST: Final = f"{RDF}rest"
NIL: Final = f"{RDF}nil"
REIFIES: Final = f"{RDF}reifies"
LANG_STRING: Final = f"{RDF}langString"
DIR_LANG_STRING: Final = f"{RDF}dirLangString"

STRING: Final = f"{XSD}string"
BOOLEAN: Final = f"{XSD}boolean"
INTEGER: Final = f"{XSD}integer"
DECIMAL: Final = f"{XSD}decimal"
DOUBLE: Final = f"{XSD}double"

_ANY: Final = 1 << 30
_ONE: Final = (
    "STR", "LANG", "LANGDIR", "DATATYPE", "BOUND", "IRI", "URI", "ABS", "CEIL", "FLOOR", "ROUND", "STRLEN", "UCASE",
    "LCASE", "ENCODE_FOR_URI", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ", "MD5", "SHA1",
    "SHA256", "SHA384", "SHA512", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "HASLANG", "HASLANGDIR",
    "ISTRIPLE", "SUBJECT", "PREDICATE", "OBJECT",
)  # fmt: skip
_TWO: Final = (
    "LANGMATCHES", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLANG", "STRDT", "SAMETERM",
    "ADJUST",
)  # fmt: skip
FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        **dict.fromkeys(("RAND", "NOW", "UUID", "STRUUID"), (0, 0)),
        **dict.fromkeys(_ONE, (1, 1)),
        **dict.fromkeys(_TWO, (2, 2)),
        **dict.fromkeys(("IF", "STRLANGDIR", "TRIPLE"), (3, 3)),
        **dict.fromkeys(("CONCAT", "COALESCE"), (0, _ANY)),
        "BNODE": (0, 1),
        "REGEX": (2, 3),
        "SUBSTR": (2, 3),
        "REPLACE": (3, 4),
    }
)
"""How many arguments, at least and at most, each function takes that has a keyword (rule 121, and those of SPARQL 1.2;
ADJUST is the engine's)."""

AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
"""Rule 127."""
