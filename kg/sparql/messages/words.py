"""Words that SPARQL does not have, with those that may be meant, and words that it wants and does not find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from kg.sparql.language.tokens import Kind as Is
from kg.sparql.language.tokens import Token
from kg.sparql.messages.mistake import Edit, Kind, Mistake, insert, named
from kg.sparql.messages.nearness import nearest
from kg.sparql.messages.reading import Reading

KEYWORDS: Final = frozenset({
    "AS", "ASC", "ASK", "BASE", "BIND", "BY", "CONSTRUCT", "DESC", "DESCRIBE", "DISTINCT", "EXISTS", "FILTER", "FROM",
    "GRAPH", "GROUP", "HAVING", "IN", "LATERAL", "LIMIT", "MINUS", "NAMED", "NOT", "OFFSET", "OPTIONAL", "ORDER",
    "PREFIX", "REDUCED", "SELECT", "SEPARATOR", "SERVICE", "SILENT", "UNDEF", "UNION", "VALUES", "VERSION", "WHERE",
    "A", "TRUE", "FALSE",
})  # fmt: skip
"""SPARQL 1.1 and 1.2 Query, section 19.8, without functions."""
FUNCTIONS: Final = frozenset({
    "ABS", "ADJUST", "AVG", "BNODE", "BOUND", "CEIL", "COALESCE", "CONCAT", "CONTAINS", "COUNT", "DATATYPE", "DAY",
    "ENCODE_FOR_URI", "FLOOR", "GROUP_CONCAT", "HASLANG", "HASLANGDIR", "HOURS", "IF", "IRI", "ISBLANK", "ISIRI",
    "ISLITERAL", "ISNUMERIC", "ISTRIPLE", "ISURI", "LANG", "LANGDIR", "LANGMATCHES", "LCASE", "MAX", "MD5", "MIN",
    "MINUTES", "MONTH", "NOW", "OBJECT", "PREDICATE", "RAND", "REGEX", "REPLACE", "ROUND", "SAMETERM", "SAMPLE",
    "SECONDS", "SHA1", "SHA256", "SHA384", "SHA512", "STR", "STRAFTER", "STRBEFORE", "STRDT", "STRENDS", "STRLANG",
    "STRLANGDIR", "STRLEN", "STRSTARTS", "STRUUID", "SUBJECT", "SUBSTR", "SUM", "TIMEZONE", "TRIPLE", "TZ", "UCASE",
    "URI", "UUID", "YEAR",
})  # fmt: skip
"""The functions and aggregates that have a keyword."""
UPDATES: Final = frozenset({
    "ADD", "ALL", "CLEAR", "COPY", "CREATE", "DATA", "DEFAULT", "DELETE", "DROP", "INSERT", "INTO", "LOAD", "MOVE",
    "TO", "USING", "WITH",
})  # fmt: skip
"""Words of SPARQL 1.1 Update, which the guard tells."""
ELSEWHERE: Final[Mapping[str, str]] = MappingProxyType({
    "AVERAGE": "AVG", "CEILING": "CEIL", "COUNTDISTINCT": "COUNT", "ENDSWITH": "STRENDS", "ENDS_WITH": "STRENDS",
    "IFNULL": "COALESCE", "LEN": "STRLEN", "LENGTH": "STRLEN", "LOWER": "LCASE", "LOWERCASE": "LCASE", "MATCH": "REGEX",
    "MEAN": "AVG", "NULL": "UNDEF", "NVL": "COALESCE", "STARTSWITH": "STRSTARTS", "STARTS_WITH": "STRSTARTS",
    "STRING": "STR", "SUBSTRING": "SUBSTR", "TOLOWER": "LCASE", "TOUPPER": "UCASE", "UPPER": "UCASE",
    "UPPERCASE": "UCASE", "UNIQUE": "DISTINCT", "EXCEPT": "MINUS", "LIST": "GROUP_CONCAT", "STRJOIN": "GROUP_CONCAT",
    "GROUPCONCAT": "GROUP_CONCAT", "MINUTE": "MINUTES", "HOUR": "HOURS", "SECOND": "SECONDS", "MONTHS": "MONTH",
    "ISBOUND": "BOUND", "DATATYPEOF": "DATATYPE", "ISSTRING": "ISLITERAL", "SORT": "ORDER", "SKIP": "OFFSET",
    "EXIST": "EXISTS", "TOP": "LIMIT",
})  # fmt: skip
"""What other languages call a word of SPARQL."""
_KNOWN: Final = KEYWORDS | FUNCTIONS
_OPERATORS: Final[Mapping[str, str]] = MappingProxyType({"AND": "&&", "OR": "||", "LIKE": "", "IS": "="})
"""Words that are operators in other languages, which `signs` tells."""
_MOST: Final = 12
"""Words that are compared with the known ones, in one query."""


def is_known(token: Token) -> bool:
    """Whether a word is one of SPARQL's; `a` counts in this letter only."""
    upper = token.text.upper()
    return upper in _KNOWN or upper in UPDATES


def unknown_words(reading: Reading, _place: int) -> Iterator[Mistake]:
    """Words that are none of SPARQL's, each with the one that may be meant."""
    seen = 0
    for number, token in enumerate(reading.tokens):
        if token.kind is not Is.WORD or is_known(token) or _is_of_iri(reading, token):
            continue
        upper = token.text.upper()
        if upper in _OPERATORS or seen >= _MOST or _is_named(reading, number):
            continue
        seen += 1
        for near in _meant(upper, reading.token(number + 1)):
            told = named(word=reading.shown(token), near=near)
            edits = (Edit(token.start, token.end, near),)
            yield Mistake(Kind.WORD_UNKNOWN, "word-near", token.start, token.end, told, edits, certain=True)
        yield _unknown(reading, token)


def _meant(upper: str, after: Token) -> tuple[str, ...]:
    """What an unknown word may be meant for; a bracket behind it makes a function likelier."""
    if upper in ELSEWHERE:
        return (ELSEWHERE[upper],)
    for cut in range(2, len(upper) - 1):
        if upper[:cut] in _KNOWN and upper[cut:] in _KNOWN:
            return (f"{upper[:cut]} {upper[cut:]}",)
    first, second = (FUNCTIONS, KEYWORDS) if after.is_mark("(") else (KEYWORDS, FUNCTIONS)
    near = (*nearest(upper, first, 3), *nearest(upper, second, 2))
    return tuple(word.lower() if word == "A" else word for word in near)


def _unknown(reading: Reading, token: Token) -> Mistake:
    told = named(word=reading.shown(token), variable=f"?{reading.shown(token)}", text=f'"{reading.shown(token)}"')
    return Mistake(Kind.WORD_UNKNOWN, "word-unknown", token.start, token.end, told, certain=True)


def _is_of_iri(reading: Reading, token: Token) -> bool:
    """Whether a word may be a part of an IRI without angle brackets, as in `http://example.org/a`."""
    start, end = token.start, token.end
    return (
        reading.text[start - 1 : start] in {"/", "#", "."}
        or reading.text[end : end + 1] in {"/", "#", "."}
        or (reading.text[end : end + 1] == "-" and reading.text[end + 1 : end + 2].isalnum())
    )


def _is_named(reading: Reading, number: int) -> bool:
    """Whether a word is the name in a declaration that lacks its colon."""
    return reading.token(number - 1).is_word("PREFIX")


def missing_words(reading: Reading, place: int) -> Iterator[Mistake]:
    """BY after ORDER and GROUP, EXISTS after NOT, and AS before the variable that an expression is given to."""
    for number, token in enumerate(reading.tokens):
        after = reading.token(number + 1)
        for word, missing in (("ORDER", "BY"), ("GROUP", "BY")):
            if token.is_word(word) and not after.is_word(missing):
                yield _missing(reading, token, missing, certain=True)
        if token.is_word("NOT") and after.is_mark("{"):
            yield _missing(reading, token, "EXISTS", certain=True)
    number = reading.index(place)
    token, before = reading.token(number), reading.token(number - 1)
    if token.kind is Is.VARIABLE and number:
        yield _missing(reading, before, "AS", certain=False)
    if token.is_mark(")"):
        edits = insert(token.start, " AS ?value")
        told = named(cure="AS ?value", word=reading.shown(before))
        yield Mistake(Kind.WORD_MISSING, "expression-unnamed", token.start, token.end, told, edits)


def _missing(reading: Reading, token: Token, word: str, *, certain: bool) -> Mistake:
    told = named(word=reading.shown(token), missing=word, cure=f"{reading.shown(token)} {word}")
    edits = insert(token.end, f" {word} ")
    return Mistake(Kind.WORD_MISSING, "word-missing", token.start, token.end, told, edits, certain)


_SIGNS: Final[Mapping[str, str]] = MappingProxyType({"==": "=", "<>": "!=", "=>": ">=", "=<": "<=", "===": "="})


def signs(reading: Reading, place: int) -> Iterator[Mistake]:
    """Operators of other languages: `==`, `<>`, AND, OR, NOT."""
    number = reading.index(place)
    for at in (number - 2, number - 1, number, number + 1):
        token, after = reading.token(at), reading.token(at + 1)
        together = token.text + after.text if token.end == after.start else ""
        if together in _SIGNS:
            yield _sign(token.start, after.end, together, _SIGNS[together])
        elif token.kind is Is.IRI and token.text == "<>":
            yield _sign(token.start, token.end, token.text, "!=")
        elif token.is_word("AND", "OR", "IS"):
            yield _sign(token.start, token.end, token.text, _OPERATORS[token.text.upper()])
        elif token.is_word("NOT") and not after.is_word("IN", "EXISTS"):
            yield _sign(token.start, token.end, token.text, "!")


def _sign(start: int, end: int, sign: str, meant: str) -> Mistake:
    return Mistake(Kind.SIGN_UNKNOWN, "sign", start, end, named(sign=sign, cure=meant), (Edit(start, end, meant),))
