"""The rules, in their order, and for each the test by words that tells whether it can matter to a query."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from kg.sparql.repair.words import (
    has_aggregate,
    has_bnode,
    has_comparison,
    has_count_of_different,
    has_dataset,
    has_empty_list,
    has_graph,
    has_having,
    has_named_expression,
    has_named_key,
    has_numeric_function,
    has_order,
    has_path_alternative,
    has_replace,
    has_signed_number,
    has_sum,
    has_truth,
    has_zero_length_path,
    is_plain,
)
from kg.sparql.texts import matters


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which the engine's answer differs from the standard's, and what is done about it.

    What a rule does to a tree stands in `kg.sparql.repair.rewriting`, by its name.
    """

    name: str
    """Its name, by which it is switched off."""
    sentence: str
    """What the standard says, or what is chosen where it says nothing."""
    section: str
    """Where it says so."""
    may_matter: Callable[[str], bool]
    """The test by words: false only if the rule leaves every query that the text can be read as alone."""


UNBOUND: Final = "unbound-in-aggregates"
"""The name of the rule that is a choice, with a setting of its own."""

RULES: Final = (
    Rule(
        "having-alias",
        "HAVING may name what the projection of its SELECT names: the alias stands for its expression (as in Jena).",
        "SPARQL 1.1 Query, 11.3 (chosen: the grammar allows it, and the alias is unbound there)",
        has_having,
    ),
    Rule(
        "group-keys",
        "GROUP BY (?x AS ?key) groups by a variable under another name.",
        "SPARQL 1.1 Query, 19.8, rule 20 (GroupCondition)",
        has_named_key,
    ),
    Rule(
        "different-solutions",
        "COUNT(DISTINCT *) counts different solutions, which bind variables and no blank nodes of the pattern.",
        "SPARQL 1.1 Query, 18.5.1.2 (Count) and 5.1",
        has_count_of_different,
    ),
    Rule(
        "path-alternatives",
        "What two alternatives of a path join, and what a negated set joins by two properties, is there twice.",
        "SPARQL 1.1 Query, 18.4 (Alternative and NegatedPropertySet are multisets)",
        has_path_alternative,
    ),
    Rule(
        "default-graph",
        "A default graph of several graphs is their merge, a set: a triple of two of them is there once.",
        "SPARQL 1.1 Query, 13.2.1; RDF 1.1 Semantics, 4.1",
        has_dataset,
    ),
    Rule(
        "zero-length-paths",
        "A path of length zero connects a term with itself, also one that is not in the data, or is a literal.",
        "SPARQL 1.1 Query, 9.3 and 18.4 (ZeroOrOnePath, ALP)",
        has_zero_length_path,
    ),
    Rule(
        "signed-numbers",
        "`?x :p +7` is a triple with the number 7, not the path `:p+`: the longest token is taken.",
        "SPARQL 1.1 Query, 19.8 (the longest match is chosen; rule 149, INTEGER_POSITIVE)",
        has_signed_number,
    ),
    Rule(
        "graph",
        "GRAPH ?g { P } is the union, over the named graphs, of P evaluated in each, joined with ?g as its name.",
        "SPARQL 1.1 Query, 18.6 (Evaluation of Graph)",
        has_graph,
    ),
    Rule(
        "told-errors",
        "An expression of the projection or of BIND that is an error leaves its variable unbound; the answer tells it.",
        "SPARQL 1.1 Query, 18.2.4.4 and 18.5 (Extend; chosen: that it is told)",
        has_named_expression,
    ),
    Rule(
        "aggregates",
        "GROUP_CONCAT joins the texts (STR) of its values; COUNT counts the solutions that give its operand a value.",
        "SPARQL 1.1 Query, 18.5.1.2 (Count) and 18.5.1.7 (GroupConcat)",
        has_aggregate,
    ),
    Rule(
        UNBOUND,
        "An aggregate passes over the solutions in which an unbound variable leaves its operand without a value.",
        "SPARQL 1.1 Query, 18.5.1 (chosen where the standard says nothing, as in Virtuoso and rdflib)",
        has_aggregate,
    ),
    Rule(
        "sure-aggregates",
        "SUM and AVG are of numbers of any length, MIN and MAX by the order of ORDER BY, also of values of several "
        "kinds; an aggregate that is an error tells it.",
        "SPARQL 1.1 Query, 18.5.1.3 to 18.5.1.8",
        has_aggregate,
    ),
    Rule(
        "empty-lists",
        "`?x IN ()` is false and `?x NOT IN ()` true for every value.",
        "SPARQL 1.1 Query, 17.4.1.9 and 17.4.1.10",
        has_empty_list,
    ),
    Rule(
        "arithmetic",
        "`+`, `-`, `*` and `/` of numbers, also of more digits than the engine keeps; a date or dateTime plus or minus "
        "a yearMonthDuration is as many months away, a date plus a dayTimeDuration as many days.",
        "SPARQL 1.1 Query, 17.3; XPath 2.0 functions, 6.2 (integers of any length are allowed) and 10.8",
        has_sum,
    ),
    Rule(
        "numeric-functions",
        "ABS, CEIL, FLOOR and ROUND of numbers, and casts to numbers and booleans, also of more digits than the engine "
        "keeps.",
        "SPARQL 1.1 Query, 17.4.4 and 17.5; XPath 2.0 functions, 6.4",
        has_numeric_function,
    ),
    Rule(
        "comparisons",
        "Numbers are compared by value, and isNumeric is true of them, also if they have more digits than the engine "
        "keeps.",
        "SPARQL 1.1 Query, 17.3, 17.4.1.9 (IN) and 17.4.2.4 (isNumeric)",
        has_comparison,
    ),
    Rule(
        "truth",
        "The effective boolean value of an ill-typed number or boolean is false, that of a number true unless it is 0.",
        "SPARQL 1.1 Query, 17.2.2",
        has_truth,
    ),
    Rule(
        "replace",
        "In the replacement of REPLACE `$1` is a group, `\\$` a dollar and `\\\\` a backslash; a pattern that matches "
        "the empty text is an error.",
        "SPARQL 1.1 Query, 17.4.3.15; XPath 2.0 functions, 7.6.3",
        has_replace,
    ),
    Rule(
        "blank-nodes",
        "BNODE(text) gives one blank node for each text within a solution, and others in other solutions.",
        "SPARQL 1.1 Query, 17.4.2.9",
        has_bnode,
    ),
    Rule(
        "order",
        "ORDER BY puts unbound values first, then blank nodes, IRIs and literals, these by kind and value; `<` decides "
        "where it is defined.",
        "SPARQL 1.1 Query, 15.1 (chosen: the order of kinds, so that it is total)",
        has_order,
    ),
)
"""All rules; one sees what those before it have made."""

SEARCH: Final = Rule(
    "text-search",
    "A search in texts is what the index finds for its words, as inline data. It comes before all rules, and has no "
    "switch: without it the engine would find nothing.",
    "Apache Jena, Full Text Search (text:query); OpenLink Virtuoso, Full Text Search (bif:contains)",
    matters,
)
"""What becomes of searches (`kg.sparql.texts`), told like a rule."""


def matter(text: str, without: Collection[str] = (), *, merged: bool = False) -> bool:
    """Whether any rule can matter to a query, by its words and signs alone; never false by mistake.

    `merged` says that the protocol makes the default graph of several graphs, of which the query says nothing.

    >>> matter("SELECT * { ?s <http://e/p> ?o }"), matter("SELECT * { ?s <http://e/p>* ?o }")
    (False, True)
    """
    if merged or is_plain(text):
        return merged
    # Several rules have one test.
    return any(test(text) for test in dict.fromkeys(rule.may_matter for rule in RULES if rule.name not in without))
