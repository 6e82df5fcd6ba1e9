r"""Tests by words and signs: whether a rule can matter to a query, told without reading it.

A test may be true in vain, which costs the reading of one query; it is false only if no reader can find in the text
what the rule is about. The engine's reader knows no word boundaries, takes keywords in any case, and white space and
comments between any two tokens; a text with `\u` may spell anything. So words are looked for as bare letters,
whatever stands before them.
"""

from __future__ import annotations

import re
from typing import Final

GAP: Final = r"(?:\s|#[^\r\n]*+)*+"
"""What may stand between two tokens."""
_ESCAPED: Final = re.compile(r"\\[uU]")
_IRI: Final = r"<[A-Za-z][A-Za-z0-9+.\-]*+:[^<>\"{}|^`\\\x00-\x20]*+>"
_IRIS: Final = re.compile(_IRI)
_VARIABLE: Final = r"[?$]\w++"


def escaped(text: str) -> bool:
    r"""Whether a text spells characters by codepoint escapes, so that its letters tell nothing.

    >>> escaped(r"\u0053ELECT"), escaped(r'"a\nb"')
    (True, False)
    """
    return "\\" in text and _ESCAPED.search(text) is not None


def _holds(text: str, words: tuple[str, ...]) -> bool:
    """Whether any of the words, in small letters, is in the text: many times faster than an expression finds out."""
    lowered = text.lower()
    return any(word in lowered for word in words)


_SIGNS: Final = "()*+|!\\"
_WORDS: Final = ("graph", "from", "having", "order", "if", "filter", "replace", "bnode", "&&")


def is_plain(text: str) -> bool:
    """Whether a text has none of the signs and words of which each test here looks for one at least.

    Most look-ups are plain, and this takes a tenth of the time of all the tests.

    >>> is_plain("SELECT ?country { <http://e/s> <http://e/p> ?country }"), is_plain("SELECT * { ?s ?p ?o }")
    (True, False)
    """
    if any(sign in text for sign in _SIGNS) or _holds(text, _WORDS):
        return False
    return _OPTIONAL_STEP.search(text) is None


# --- HAVING


def has_having(text: str) -> bool:
    """Whether there may be a HAVING."""
    return _holds(text, ("having",)) or escaped(text)


# --- aggregates

_AGGREGATES: Final = ("sum", "avg", "min", "max", "count", "sample", "group_concat")
# COUNT of a variable or of everything is right in the engine.
_AGGREGATE: Final = re.compile(
    rf"(?:sum|avg|min|max|sample|group_concat){GAP}\("
    rf"|count{GAP}\((?!{GAP}(?:distinct{GAP})?(?:\*|{_VARIABLE}){GAP}\))",
    re.IGNORECASE,
)


def has_aggregate(text: str) -> bool:
    """Whether there may be an aggregate, but for COUNT of a variable or of everything.

    >>> has_aggregate("SELECT (Sum # of all\\n (?x) AS ?s) {}"), has_aggregate("SELECT (COUNT(*) AS ?n) {}")
    (True, False)
    """
    return (_holds(text, _AGGREGATES) and _AGGREGATE.search(text) is not None) or escaped(text)


# --- ORDER BY


def has_order(text: str) -> bool:
    """Whether there may be an ORDER BY."""
    return _holds(text, ("order",)) or escaped(text)


# --- expressions

_COMPARISON: Final = re.compile(rf"[=<>]|in{GAP}\(|isnumeric", re.IGNORECASE)
_SUM: Final = re.compile(r"[+\-*/]")
_TRUTHS: Final = ("!", "||", "&&", "if", "filter", "having")


def _bracketed(text: str, signs: re.Pattern[str]) -> bool:
    """Whether there are signs outside of IRIs, and a bracket: an operator stands nowhere without one around it."""
    return ("(" in text and signs.search(_IRIS.sub("", text)) is not None) or escaped(text)


def has_comparison(text: str) -> bool:
    """Whether there may be a comparison, an IN or an isNumeric.

    >>> has_comparison("SELECT * { ?s <http://e/p> ?o }"), has_comparison("ASK { FILTER(1=2) }")
    (False, True)
    """
    return _bracketed(text, _COMPARISON)


def has_sum(text: str) -> bool:
    """Whether there may be arithmetic."""
    return _bracketed(text, _SUM)


_NUMERIC: Final = ("abs", "ceil", "floor", "round")
_CALL: Final = re.compile(rf"(?::[^\s(){{}}\"'<>]*|>){GAP}\(")


def has_numeric_function(text: str) -> bool:
    """Whether there may be a function that rounds, or a call of one that an IRI names: a cast.

    >>> [has_numeric_function(text) for text in ("FILTER(ROUND(?x) > 1)", "(xsd:integer(?x) AS ?y)", "{ ?s :p ?x }")]
    [True, True, False]
    """
    return ("(" in text and (_holds(text, _NUMERIC) or _CALL.search(text) is not None)) or escaped(text)


def has_truth(text: str) -> bool:
    """Whether there may be a truth that is asked for."""
    return _holds(text, _TRUTHS) or escaped(text)


def has_replace(text: str) -> bool:
    """Whether there may be a REPLACE."""
    return _holds(text, ("replace",)) or escaped(text)


def has_bnode(text: str) -> bool:
    """Whether there may be a BNODE."""
    return _holds(text, ("bnode",)) or escaped(text)


_NAMED_KEY: Final = re.compile(rf"by.*?\({GAP}[?$][^\s()#]++{GAP}as", re.IGNORECASE | re.DOTALL)


def has_named_key(text: str) -> bool:
    """Whether there may be a GROUP BY (?variable AS ?key)."""
    return (_holds(text, ("group",)) and _NAMED_KEY.search(text) is not None) or escaped(text)


_NAMED_EXPRESSION: Final = re.compile(rf"as{GAP}{_VARIABLE}{GAP}\)", re.IGNORECASE)
_NAMED_COUNT: Final = re.compile(
    rf"\({GAP}count{GAP}\({GAP}(?:distinct{GAP})?(?:\*|{_VARIABLE}){GAP}\){GAP}as{GAP}{_VARIABLE}{GAP}\)", re.IGNORECASE
)


def has_named_expression(text: str) -> bool:
    """Whether there may be an expression with AS, but for COUNT of a variable or of everything.

    >>> has_named_expression("SELECT (COUNT(*) AS ?n) {}"), has_named_expression("SELECT (?x + 1 AS ?n) {}")
    (False, True)
    """
    if _NAMED_EXPRESSION.search(text) is None:
        return escaped(text)
    return "#" in text or _NAMED_EXPRESSION.search(_NAMED_COUNT.sub("", text)) is not None or escaped(text)


_COUNT_OF_DIFFERENT: Final = re.compile(rf"count{GAP}\({GAP}distinct{GAP}\*", re.IGNORECASE)


def has_count_of_different(text: str) -> bool:
    """Whether there may be a COUNT(DISTINCT *)."""
    return (_holds(text, ("count",)) and _COUNT_OF_DIFFERENT.search(text) is not None) or escaped(text)


def has_dataset(text: str) -> bool:
    """Whether there may be two FROM."""
    return text.lower().count("from") > 1 or escaped(text)


_EMPTY_LIST: Final = re.compile(rf"in{GAP}\({GAP}\)", re.IGNORECASE)


def has_empty_list(text: str) -> bool:
    """Whether there may be an IN ()."""
    return _EMPTY_LIST.search(text) is not None or escaped(text)


# --- paths

_STARS: Final = re.compile(r"(?:(?<![^\s>{}(])(?:select|distinct|reduced|describe)|\()\s*+\*", re.IGNORECASE)
_OPTIONAL_STEP: Final = re.compile(r"\?(?!\w)")


def has_zero_length_path(text: str) -> bool:
    """Whether there may be a path that is gone no time or more: `p*` or `p?`.

    >>> [has_zero_length_path(f"SELECT * {{ {path} ?x }}") for path in (":a :p*/:q", ":a (:p?)", "?s ?p", "?s $p")]
    [True, True, False, False]
    """
    if _OPTIONAL_STEP.search(text) is not None or escaped(text):
        return True
    stars = text.count("*")
    if not stars:
        return False
    # The `*` of a projection or of COUNT is none. In a comment its words may stand before the sign of a path.
    if "#" in text and "#" in _IRIS.sub("", text):
        return True
    return stars != len(_STARS.findall(text))


_ALTERNATIVE: Final = re.compile(r"(?<!\|)\|(?!\|)")
_NEGATED_SET: Final = re.compile(rf"!{GAP}(?:[(<^]|a\b|[^\s{{}}()<>?$\"'#=!:]*+:)", re.IGNORECASE)


def has_path_alternative(text: str) -> bool:
    """Whether there may be an alternative in a path, or a negated set of properties.

    >>> [has_path_alternative(f"SELECT * {{ ?x {path} ?y }}") for path in (":p|:q", "(:p|:q)/:r", "!:p", "! (:p|^:q)")]
    [True, True, True, True]
    >>> has_path_alternative("SELECT * { ?x :p ?y FILTER(?x || !?y || ?x != ?y || !bound(?x)) }")
    False
    """
    bars = "|" in text and _ALTERNATIVE.search(text) is not None
    return bars or ("!" in text and _NEGATED_SET.search(text) is not None) or escaped(text)


# --- numbers

_SIGNED: Final = re.compile(r"\+\.?[0-9]")


def has_signed_number(text: str) -> bool:
    """Whether there may be a number with a plus: the sign touches it.

    >>> has_signed_number("ASK { ?s :p +7 }"), has_signed_number("ASK { ?s :p + 7 }")
    (True, False)
    """
    return ("+" in text and _SIGNED.search(text) is not None) or escaped(text)


# --- GRAPH

_PREFIX: Final = r"[^\s{}()<>?$\"'#:]*+:"
_GRAPH: Final = re.compile(rf"graph{GAP}(?:[?$<]|{_PREFIX})", re.IGNORECASE)
# A group that holds nothing but triples, spelt so that no reader can see anything else in it: no comment, and no quote
# of an IRI or number sign of a string that may be the beginning of something else where the match began in a string.
_PLAIN_IRI: Final = r"<[A-Za-z][A-Za-z0-9+.\-]*+:[^<>\"'{}|^`\\\x00-\x20]*+>"
_PLAIN: Final = re.compile(
    rf"graph\s*+(?:{_VARIABLE}|{_PLAIN_IRI}|{_PREFIX}[^\s{{}}()<>?$\"'#]*+)\s*+"
    rf"\{{(?:[^{{}}()#\"'<>\\]|{_PLAIN_IRI}|\"[^\"\\\r\n{{}}#]*+\"|'[^'\\\r\n{{}}#]*+')*+\}}",
    re.IGNORECASE,
)


def has_graph(text: str) -> bool:
    """Whether there may be a GRAPH whose group holds anything but triples.

    >>> has_graph("SELECT * { GRAPH ?g { ?s ?p 1 } }"), has_graph("SELECT * { GRAPH :g { VALUES ?x { 1 } } }")
    (False, True)
    """
    return (_holds(text, ("graph",)) and _GRAPH.search(_PLAIN.sub(" ", text)) is not None) or escaped(text)
