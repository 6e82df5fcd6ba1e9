"""The index as what searches within queries are answered from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.search.index import made_of, noted
from kg.search.questions import read_question
from kg.search.reading import Index, Narrowed
from kg.sparql.texts.model import Matches, Sought


@dataclass(frozen=True, slots=True)
class IndexedTexts:
    """Answers `kg.sparql.texts` from an index."""

    index: Index

    def find(self, sought: Sought) -> Matches:
        """The best texts that have all the words.

        :raises TextQueryError: if there are too many words, or none
        :raises DeadlineExceeded: if it takes too long
        """
        languages = (sought.language,) if sought.language else ()
        question = read_question(sought.words, sought.language)
        narrowed = Narrowed(links=sought.links, languages=languages, graph=sought.graph)
        found = self.index.find(question, sought.limit, narrowed)
        return Matches(found.hits, found.more)

    def states(self, link: str) -> bool:
        """Whether any text is stated by a property."""
        return self.index.states(link)


def texts_at(path: Path, seconds: float) -> IndexedTexts | None:
    """The texts of the index at `path`, where a search may take so many `seconds`.

    None if there is no index, or one that another program made, whose words are not these.
    """
    known = noted(path)
    if not known or known != made_of(known.get("graph", "")):
        return None
    return IndexedTexts(Index(path, seconds))
