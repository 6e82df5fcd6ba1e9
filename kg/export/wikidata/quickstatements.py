"""QuickStatements: commands for a person to look through and run, in its two forms, V1 and CSV.

V1 has one command a line, its columns parted by tabs. CSV has one item a row; there `S854` begins a reference and
`s813` goes on with it. The rules are those that the parsers of QuickStatements 2 and 3 follow.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from kg.errors import UsageError
from kg.export.wikidata.model import Item, ItemValue, Quantity, Reference, Statement, Time, Value
from kg.export.wikidata.properties import REFERENCE_URL, RETRIEVED
from kg.terms import LANGUAGES, in_order

_URL: Final = f"S{REFERENCE_URL[1:]}"
_DAY: Final = f"S{RETRIEVED[1:]}"


def to_v1(items: Sequence[Item]) -> str:
    """Commands of form V1; what to do before an item is created stands as the comment of its first label.

    :raises UsageError: if a text holds the sign `|`, at which V1 parts commands
    """
    return "".join(f"{line}\n" for item in items for line in _v1(item))


def _v1(item: Item) -> Iterator[str]:
    name = item.qid or "LAST"
    if item.qid is None:
        yield "CREATE"
        comment = f" /* {item.duplicate_warning} */".replace("|", "/")
        for letter, texts in (("L", item.labels), ("D", item.descriptions)):
            for language, text in texts.items():
                yield f"{name}\t{letter}{language}\t{_quoted(text)}{comment}"
                comment = ""
        for language, aliases in item.aliases.items():
            yield from (f"{name}\tA{language}\t{_quoted(alias)}" for alias in aliases)
    for statement in item.statements:
        columns = [name, statement.property, _value(statement.value)]
        for number, reference in enumerate(statement.references):
            columns += [f"!{_URL}" if number else _URL, _quoted(_address(reference)), _DAY, _retrieved(reference)]
        yield "\t".join(columns)


def _quoted(text: str) -> str:
    if "|" in text:
        raise UsageError(f"V1 cannot carry the sign '|' of {text!r}", hint="use --form csv")
    return f'"{" ".join(text.split())}"'


def _address(reference: Reference) -> str:
    return reference.url.replace("|", "%7C").replace('"', "%22")


def _retrieved(reference: Reference) -> str:
    return _value(Time.of_day(reference.retrieved))


def _value(value: Value) -> str:
    """A value as both forms write it.

    >>> _value(Quantity(Decimal("10.5"), Decimal(10), Decimal(11), "Q4917"))
    '10.5[10,11]U4917'
    """
    match value:
        case ItemValue():
            return value.qid
        case Time():
            return f"{value.text}/{value.precision}"
        case Quantity():
            bounds = "" if value.lower is None else f"[{_plain(value.lower)},{_plain(value.upper)}]"
            return f"{_plain(value.amount)}{bounds}" + (f"U{value.unit[1:]}" if value.unit else "")
    raise ValueError(value)


def _plain(number: Decimal | None) -> str:
    return f"{number:f}"


def to_csv(items: Sequence[Item]) -> str:
    """Commands of form CSV (RFC 4180); an item without an identifier is created.

    What to do before that stands in the column `#`, which QuickStatements takes for the summary of the edit.
    """
    header = _header(items)
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(_csv(item, header) for item in items)
    return output.getvalue()


def _header(items: Sequence[Item]) -> list[str]:
    """Enough columns for the item that has most of each kind."""
    columns = ["qid"]
    said = (texts for item in items for texts in (item.labels, item.descriptions, item.aliases))
    languages = in_order({*LANGUAGES, *(tag for texts in said for tag in texts)})
    if any(item.qid is None for item in items):
        columns += [f"L{language}" for language in languages]
        columns += ["#", *(f"D{language}" for language in languages)]
    for language in languages:
        columns += [f"A{language}"] * max((len(item.aliases.get(language, ())) for item in items), default=0)
    most: Counter[str] = Counter()
    references: Counter[str] = Counter()
    for item in items:
        most |= Counter(statement.property for statement in item.statements)
        for statement in item.statements:
            references[statement.property] = max(references[statement.property], len(statement.references))
    for name in sorted(most, key=lambda name: int(name[1:])):
        columns += [name, *[_URL, _DAY.lower()] * references[name]] * most[name]
    return columns


def _csv(item: Item, header: Sequence[str]) -> list[str]:
    texts: dict[str, list[str]] = {"qid": [item.qid or ""], "#": [item.duplicate_warning or ""]}
    texts |= {f"L{language}": [text] for language, text in item.labels.items()}
    texts |= {f"D{language}": [text] for language, text in item.descriptions.items()}
    texts |= {f"A{language}": list(aliases) for language, aliases in item.aliases.items()}
    waiting: dict[str, list[Statement]] = {}
    for statement in item.statements:
        waiting.setdefault(statement.property, []).append(statement)
    row: list[str] = []
    references: Iterator[Reference] = iter(())
    reference: Reference | None = None
    for column in header:
        if column.startswith("P"):
            found = waiting[column].pop(0) if waiting.get(column) else None
            row.append(_value(found.value) if found else "")
            references = iter(found.references if found else ())
        elif column == _URL:
            reference = next(references, None)
            row.append(f'"{_address(reference)}"' if reference else "")
        elif column == _DAY.lower():
            row.append(_retrieved(reference) if reference else "")
        else:
            row.append(texts[column].pop(0) if texts.get(column) else "")
    return row
