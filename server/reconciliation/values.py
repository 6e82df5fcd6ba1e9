"""How far the values of a property agree with those that a query gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from kg.folding import fold
from server.lookup import Term
from server.reconciliation.catalogue import Catalogue, vocable_iri
from server.reconciliation.protocol import Condition, Given
from server.reconciliation.similarity import Spelling, compare


def agreement(condition: Condition, terms: Sequence[Term], catalogue: Catalogue) -> float:
    """How far a condition is met by the values of the property: 0 to 1."""
    degrees = [max((_agree(given, term, catalogue) for term in terms), default=0.0) for given in condition.values]
    match condition.quantifier:
        case "any":
            return max(degrees)
        case "all":
            return min(degrees)
        case "none":
            return 1.0 - max(degrees)
    raise ValueError(condition.quantifier)


def _agree(given: Given, term: Term, catalogue: Catalogue) -> float:
    if term.kind == "iri":
        return _agree_thing(given, term.value, catalogue)
    return max(_agree_text(given.text, term.value), _agree_number(given.text, term.value))


def _agree_thing(given: Given, iri: str, catalogue: Catalogue) -> float:
    number = catalogue.numbers.get(iri)
    if given.identifier is not None:
        named = catalogue.find(given.identifier)
        return float(
            (named is not None and named == number) or iri in {given.identifier, vocable_iri(given.identifier)}
        )
    if given.text.strip() in {iri, catalogue.identifier(iri)} or vocable_iri(given.text.strip()) == iri:
        return 1.0
    if number is not None:
        thing = catalogue.things[number]
        return _best(given.text, (label.text for label in (*thing.labels, *thing.others)))
    kind = catalogue.vocables.get(iri)
    return 0.0 if kind is None else _best(given.text, (label.text for label in kind.labels))


def _best(text: str, names: Iterable[str]) -> float:
    asked = Spelling.of(text)
    return max((compare(asked, Spelling.of(name), _count).score / 100 for name in names), default=0.0)


def _count(grams: Iterable[str]) -> float:
    return float(sum(1 for _ in grams))


def _agree_text(given: str, value: str) -> float:
    """Dates agree as far as the coarser one goes; other texts by their spelling."""
    shorter, longer = sorted((given.strip(), value.strip()), key=len)
    if _is_date(shorter) and _is_date(longer[:10]) and longer.startswith(shorter):
        return 1.0
    return _best(given, (value,))


def _is_date(text: str) -> bool:
    parts = text[:10].split("-")
    return len(parts) <= len("ymd") and len(parts[0]) == len("2030") and all(part.isdecimal() for part in parts)


def _agree_number(given: str, value: str) -> float:
    try:
        return float(Decimal(fold(given) if not given.isascii() else given.strip()) == Decimal(value.strip()))
    except InvalidOperation:
        return 0.0
