"""How the terms of RML are written in a document that has used other vocabularies: by which prefix."""

from __future__ import annotations

from kg.rml.legacy.document import Document, Prefix
from kg.rml.legacy.edits import Edits
from kg.rml.legacy.vocabulary import OLD, OLD_RML
from kg.rml.mapping.description import D2RQ, RML


class Names:
    """The prefix of RML, and that of databases, in one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        declared: dict[str, list[Prefix]] = {}
        for one in document.prefixes:
            declared.setdefault(one.name, []).append(one)
        # A name that stands for two things, or is declared after its first use, is left alone: IRIs are always right.
        first = min((subject.start for subject, _ in document.subjects), default=0)
        self._alone = {name: found[0] for name, found in declared.items() if len(found) == 1}
        self._alone = {name: one for name, one in self._alone.items() if one.end <= first}
        self._declared = declared
        self._place, self._prefix = self._chosen()

    def _chosen(self) -> tuple[Prefix | None, str | None]:
        """The declaration that becomes that of RML, and its prefix."""
        for name, one in self._alone.items():
            if one.iri == RML:
                return None, name
        for wanted in (OLD_RML, *OLD):
            for name, one in self._alone.items():
                if one.iri == wanted:
                    is_free = wanted != OLD_RML and "rml" not in self._declared
                    return one, "rml" if is_free else name
        return None, None

    def rml(self, name: str) -> str:
        """A term of RML."""
        return f"<{RML}{name}>" if self._prefix is None else f"{self._prefix}:{name}"

    def d2rq(self, name: str) -> str:
        """A term of the vocabulary of databases."""
        known = next((prefix for prefix, one in self._alone.items() if one.iri == D2RQ), None)
        return f"<{D2RQ}{name}>" if known is None else f"{known}:{name}"

    def declare(self, edits: Edits) -> None:
        """Let the prefix stand for RML, and take out those of what is no longer used."""
        for one in self._document.prefixes:
            if one is self._place:
                line = f"prefix {self._prefix}: <{RML}>"
                edits.replace(one.start, one.end, f"@{line} ." if one.is_old else line.replace("prefix", "PREFIX", 1))
            elif one.iri in OLD:
                blanks = len(self._document.text) - len(self._document.text[one.end :].lstrip(" \t"))
                edits.replace(one.start, blanks, "")
