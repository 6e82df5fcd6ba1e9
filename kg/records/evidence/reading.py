"""The evidence of a claim, as its file has it: words with their offsets, words alone, or the document as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.positions import Faults, Node, Sequence, Table, Value
from kg.records.evidence.locating import Locator
from kg.records.fields import Fields, describe
from kg.records.lock import Wanted
from kg.records.model import Document, Evidence

_KEYS: Final = ("sentence", "start", "end", "exact", "prefix", "occurrence")
_WHOLE: Final = "document"
"""The word that stands for the document as a whole."""


class EvidenceReader:
    """Reads what stands below `evidence:`; words without offsets are located."""

    def __init__(self, locator: Locator, faults: Faults) -> None:
        self._locator, self._faults = locator, faults

    def read(self, node: Node | None, claim_id: str, document: Document | None) -> Iterator[Evidence]:
        """The pieces of evidence of one claim; `document` is None if it names none that is known."""
        if node is None:
            return
        for item in node.items if isinstance(node, Sequence) else (node,):
            if isinstance(item, Value) and item.text == _WHOLE:
                yield Evidence(position=item.position)
            elif isinstance(item, Value) and item.text and item.value is not None:
                words = Table({"exact": item}, {"exact": item.place}, item.name, item.place)
                yield self._quoted(words, claim_id, document)
            elif isinstance(item, Table):
                yield self._quoted(item, claim_id, document)
            else:
                hint = "write the exact words, {exact: …, occurrence: 2}, {sentence, start, end, exact}, or 'document'"
                self._faults.add("wrong-type", f"evidence cannot be {describe(item)}", item.position, hint)

    def _quoted(self, table: Table, claim_id: str, document: Document | None) -> Evidence:
        before, fields = len(self._faults), Fields(table, self._faults, f"the evidence of claim '{claim_id}'")
        fields.only(_KEYS)
        sentence, start, end = (fields.number(key) for key in ("sentence", "start", "end"))
        exact, prefix, occurrence = fields.text("exact", required=True), fields.text("prefix"), _counted(fields)
        if fields.node("start") is not None or fields.node("end") is not None:
            _check_given(fields, claim_id)
        elif exact is not None and document is not None:
            wanted = Wanted(exact, sentence, prefix, occurrence)
            start = self._locator.locate(document, wanted, claim_id, fields.place("exact"))
            end = None if start is None else start + len(exact)
        if start is not None and end is not None and exact is not None:
            sentence = _sentence(fields, (sentence, start, end, exact), document)
        if len(self._faults) > before:  # what is wrong with it is told: there is nothing to compare with the text
            return Evidence(position=fields.place("exact"))
        return Evidence(sentence, start, end, exact, fields.place("exact"))


def _counted(fields: Fields) -> int | None:
    number = fields.number("occurrence")
    if number == 0:
        fields.fault("ambiguous-quote", "occurrences are counted from 1", "occurrence", "write 1 for the first one")
        return None
    return number


def _check_given(fields: Fields, claim_id: str) -> None:
    """Offsets are given, both or none, and nothing beside them says where the words stand."""
    for key, other in (("start", "end"), ("end", "start")):
        if fields.node(key) is None:
            message = f"the evidence of claim '{claim_id}' has no '{key}'"
            fields.fault("missing-key", message, "exact", f"add '{key}:', or take out '{other}:' to have it found")
    for key in ("prefix", "occurrence"):
        if fields.node(key) is not None:
            fields.fault(
                "offsets", f"the offsets say where the words stand, and not '{key}'", key, f"take out '{key}:'"
            )


def _sentence(fields: Fields, span: tuple[int | None, int, int, str], document: Document | None) -> int | None:
    """The number of the sentence that the words stand in; offsets that lie elsewhere are a fault."""
    sentence, start, end, exact = span
    if end - start != len(exact):
        message = f"offsets {start}-{end} span {end - start} characters, the quote has {len(exact)}"
        fields.fault("offsets", message, "start", "count Unicode characters, end not included")
    sentences = document.sentences if document else ()
    if not sentences:
        return sentence
    if sentence is None:
        return _holding(fields, (start, end), sentences)
    if not 1 <= sentence <= len(sentences):
        message = f"the document has no sentence {sentence}"
        fields.fault("sentence", message, "sentence", f"it has {len(sentences)}")
    elif not (sentences[sentence - 1][0] <= start and end <= sentences[sentence - 1][1]):
        first, last = sentences[sentence - 1]
        message = f"offsets {start}-{end} lie outside sentence {sentence}"
        fields.fault("outside-sentence", message, "start", f"it spans {first}-{last}")
    return sentence


def _holding(fields: Fields, span: tuple[int, int], sentences: tuple[tuple[int, int], ...]) -> int | None:
    start, end = span
    for number, (first, last) in enumerate(sentences, 1):
        if first <= start and end <= last:
            return number
    touched = [str(number) for number, (first, last) in enumerate(sentences, 1) if first < end and start < last]
    said = (
        f"reach over sentences {touched[0]} to {touched[-1]}" if len(touched) > 1 else "lie in no sentence as a whole"
    )
    message = f"the words at {start}-{end} {said}"
    fields.fault("outside-sentence", message, "exact", "quote words of one sentence; evidence may be a list")
    return None
