"""The rules, in their order, and for each the test by words that tells whether it can matter to a query."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from kg.sparql.repair.words import has_aggregate, has_graph, has_having, has_zero_length_path
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
        "zero-length-paths",
        "A path of length zero connects a term with itself, also one that is not in the data.",
        "SPARQL 1.1 Query, 9.3 and 18.4 (ZeroOrOnePath, ALP)",
        has_zero_length_path,
    ),
    Rule(
        "graph",
        "GRAPH ?g { P } is the union, over the named graphs, of P evaluated in each, joined with ?g as its name.",
        "SPARQL 1.1 Query, 18.6 (Evaluation of Graph)",
        has_graph,
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


def matter(text: str, without: Collection[str] = ()) -> bool:
    """Whether any rule can matter to a query, by its words and signs alone; never false by mistake.

    >>> matter("SELECT * { ?s <http://e/p> ?o }"), matter("SELECT * { ?s <http://e/p>* ?o }")
    (False, True)
    """
    return any(rule.may_matter(text) for rule in RULES if rule.name not in without)
