"""Candidates as rows of the SSSOM file: put after what stands there, never in its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from kg.errors import RecordError
from kg.linking.model import Candidate, Signature, Wanted
from kg.records.matches import COLUMNS, UNVERIFIED, Sheet
from kg.records.model import Match, Records
from kg.terms import PREFIXES, Minter, choose_language

_REJECTED: Final = "rejected"
_NEW_FILE: Final = """\
#mapping_set_id: {base}mappings/wikidata
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  id: {base}id/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: {skos}
#  sssom: https://w3id.org/sssom/
#  wd: {wd}
#extension_definitions:
#  - slot_name: evidence
#    property: http://www.w3.org/ns/prov#wasDerivedFrom
#    type_hint: http://www.w3.org/2001/XMLSchema#string
#  - slot_name: status
#    property: http://www.w3.org/ns/adms#status
#    type_hint: http://www.w3.org/2001/XMLSchema#string
{columns}
"""


def wanted(records: Records, base: str, slugs: Collection[str] = ()) -> tuple[Wanted, ...]:
    """The things of the register that have a label and no item, verified or not; only those of `slugs`, if any.

    A row that records a search without result counts for nothing, and neither does a rejected one, except that its
    item is not proposed again.
    """
    mint = Minter(base)
    rejected: dict[str, set[str]] = defaultdict(set)
    matched: set[str] = set()
    for match in records.matches:
        if match.item is not None and match.status == _REJECTED:
            rejected[match.subject].add(match.item)
        elif match.item is not None:
            matched.add(match.subject)
    return tuple(
        Wanted(iri, entity.labels, frozenset(rejected.get(iri, ())))
        for slug, entity in sorted(records.entities.items())
        if (iri := mint.entity(slug)) not in matched and entity.labels and (not slugs or slug in slugs)
    )


def proposals(
    candidates: Iterable[Candidate],
    signature: Signature,
    labels: Mapping[str, Mapping[str, str]],
    known: Iterable[Match],
    sheet: Sheet,
) -> list[str]:
    """One line for each candidate that has no row yet, in the columns of the sheet.

    :raises RecordError: if the file has no prefix for a thing
    """
    pairs = {(match.subject, match.item) for match in known}
    lines = []
    for candidate in candidates:
        if (candidate.subject, candidate.qid) not in pairs:
            pairs.add((candidate.subject, candidate.qid))
            names = labels.get(candidate.subject, {})
            label = names.get(choose_language(names, ("en", "fr", "ar")) or "", "")
            lines.append(_line(candidate, signature, label, sheet))
    return lines


def _line(candidate: Candidate, signature: Signature, label: str, sheet: Sheet) -> str:
    cells = {
        "subject_id": _curie(candidate.subject, sheet),
        "subject_label": label,
        "predicate_id": "skos:exactMatch",
        "object_id": f"wd:{candidate.qid}",
        "object_label": candidate.label,
        "mapping_justification": "semapv:LexicalMatching",
        "confidence": f"{candidate.confidence:g}",
        "mapping_date": signature.day.isoformat(),
        "author_label": signature.author,
        "evidence": candidate.evidence,
        "status": UNVERIFIED,
    }
    return "\t".join(" ".join(cells.get(column, "").split()) for column in sheet.columns)


def _curie(iri: str, sheet: Sheet) -> str:
    fitting = [(prefix, space) for prefix, space in sheet.prefixes.items() if iri.startswith(space) and iri != space]
    if not fitting:
        raise RecordError(f"the file of matches has no prefix for {iri}", hint="add one to its curie_map")
    prefix, space = max(fitting, key=lambda entry: len(entry[1]))
    return f"{prefix}:{iri.removeprefix(space)}"


def new_file(base: str) -> str:
    """The head of a file of matches that does not exist yet."""
    return _NEW_FILE.format(base=base, skos=PREFIXES["skos"], wd=PREFIXES["wd"], columns="\t".join(COLUMNS))


def appended(content: bytes, lines: Sequence[str]) -> bytes:
    """A file with lines added at its end; every byte that was there stays.

    >>> appended(b"a\\r\\nb", ["c"])
    b'a\\r\\nb\\r\\nc\\r\\n'
    """
    end = b"\r\n" if b"\r\n" in content else b"\n"
    start = b"" if not content or content.endswith(b"\n") else end
    return content + start + b"".join(line.encode() + end for line in lines)
