"""All names of a release, found by spelling: postings of trigrams, read only as far as they can change the answer.

The answer is exact: it is the one that comparing the question with every name would give. Trigrams are read from the
rarest on. What a name that was not met so far could still score is bounded by the weight of the trigrams left; when
that falls below the score of the last candidate wanted, the common trigrams, whose postings are long, are not read.
"""

from __future__ import annotations

import heapq
import math
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kg.folding import acronym_of_folded, fold, key, key_of_folded
from server.reconciliation.similarity import FUZZY, Similarity, Spelling, bag, compare, trigrams, weight_of

MINIMUM: Final = 40.0
"""The score below which a name is no candidate."""
RELATIVE: Final = 0.5
"""The part of the best score below which another name is no candidate."""
_SLACK: Final = 1e-6
"""Sums in another order differ by less; without it a tie could be lost to rounding."""
_FIRST_CHECK: Final = 128
_ARTICLE: Final = "ال"
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Hit:
    """The best name of one owner for a question."""

    owner: int
    name: int
    """The number of the name in the index."""
    score: float
    """That of the comparison, times the owner's factor."""
    similarity: Similarity


def _whole(owner: int) -> float:
    del owner
    return 1.0


class NameIndex:
    """Names with their owners, built once and only read afterwards, by any number of threads."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        """Index the names, each with the number of its owner; an owner may have many."""
        self.texts: list[str] = []
        self.owners = array("I")
        self._keys: list[str] = []
        words: dict[str, array[int]] = {}
        initials: list[int] = []
        counts: Counter[str] = Counter()
        for number, (owner, text) in enumerate(names):
            folded = fold(text)
            known = key_of_folded(folded)
            self.texts.append(text)
            self.owners.append(owner)
            self._keys.append(known)
            counts.update(trigrams(known))
            _post(words, set(known.split(" ")), number)
            if acronym_of_folded(folded):
                initials.append(number)
        self._words = _Words(words)
        self._by_bag = array("I", sorted(range(len(self._keys)), key=self._bag))
        self._by_acronym = array("I", sorted(initials, key=self._acronym))
        self._weights = {gram: weight_of(count, len(self._keys)) for gram, count in counts.items()}
        whole = math.fsum(weight * counts[gram] for gram, weight in self._weights.items())
        self._unknown = whole / counts.total() if counts else 1.0
        self.sizes = array("d", (self.weigh(trigrams(folded)) for folded in self._keys))
        self._postings = self._listed()

    def _listed(self) -> dict[str, array[int]]:
        """For each trigram, the names that have it, from the lightest on."""
        postings: dict[str, array[int]] = {}
        for name in sorted(range(len(self._keys)), key=self.sizes.__getitem__):
            _post(postings, trigrams(self._keys[name]), name)
        return postings

    def __len__(self) -> int:
        """The number of names."""
        return len(self.texts)

    def weigh(self, grams: Iterable[str]) -> float:
        """The weight of a set of trigrams; one that no name has counts like an average one."""
        weights, unknown = self._weights, self._unknown
        return math.fsum([weights.get(gram, unknown) for gram in grams])

    def weights(self, grams: Iterable[str]) -> Mapping[str, float]:
        """The weight of each trigram, by trigram."""
        return {gram: self._weights.get(gram, self._unknown) for gram in grams}

    def compare(self, asked: Spelling, name: int) -> Similarity:
        """Compare a question with one name."""
        return self.compare_spellings(asked, Spelling.of(self.texts[name]))

    def compare_spellings(self, asked: Spelling, known: Spelling) -> Similarity:
        """Compare two spellings with the weights of this index."""
        return compare(asked, known, self.weigh)

    def search(self, question: str, limit: int, factor: Callable[[int], float] = _whole) -> list[Hit]:
        """The best name of each of the `limit` best owners, the best first; owners of one score by their number.

        A score below half of the best one is left out: beside a good candidate it is noise.
        `factor`, between 0 and 1, lowers the scores of an owner; 0 leaves it out.
        """
        asked = Spelling.of(question)
        best = _Best(self, asked, limit, factor)
        for name in self._equals(asked):
            best.offer(name, self.compare(asked, name).score)
        self._offer_similar(best)
        return best.ranked()

    def _equals(self, asked: Spelling) -> Iterator[int]:
        """Names with the same words, and names that are an acronym or have one."""
        yield from self._in_bag(bag(asked.key))
        if asked.initials:
            yield from self._in_bag(asked.initials)
        short = asked.key.replace(" ", "")
        for at in range(bisect_left(self._by_acronym, short, key=self._acronym), len(self._by_acronym)):
            name = self._by_acronym[at]
            if self._acronym(name) != short:
                return
            yield name

    def _in_bag(self, words: str) -> Iterator[int]:
        for at in range(bisect_left(self._by_bag, words, key=self._bag), len(self._by_bag)):
            name = self._by_bag[at]
            if self._bag(name) != words:
                return
            yield name

    def _bag(self, name: int) -> str:
        return bag(self._keys[name])

    def _acronym(self, name: int) -> str:
        # Names with Arabic letters have none, and of all others the key is the folded text.
        return acronym_of_folded(self._keys[name])

    def _offer_similar(self, best: _Best) -> None:
        listed = sorted((gram for gram in best.grams if gram in self._postings), key=lambda g: (self.count(g), g))
        remaining = math.fsum(self._weights[gram] for gram in listed)
        shared: dict[int, float] = {}
        check = _FIRST_CHECK
        for place, gram in enumerate(listed):
            # A name without any of the trigrams read so far shares at most what remains, and weighs at least as much.
            if FUZZY * 2 * remaining / (best.whole + remaining) < best.floor - _SLACK:
                best.offer_within(shared, [(left, self._weights[left]) for left in listed[place:]])
                return
            if len(shared) > check:
                best.offer_most(shared)
                check = 4 * len(shared)
            weight, known = self._weights[gram], shared.get
            for name in self._within(gram, best):
                shared[name] = known(name, 0.0) + weight
            remaining -= weight
        best.offer_within(shared, [])

    def _within(self, gram: str, best: _Best) -> array[int]:
        """The names with a trigram that are neither too light nor too heavy to reach the floor.

        Two sets share at most the lighter of them, so a name that is much lighter than the question, or much heavier,
        stays below, whatever they share.
        """
        posting, size = self._postings[gram], self.sizes.__getitem__
        share = (best.floor - _SLACK) / FUZZY
        lightest, heaviest = (best.whole * ratio for ratio in (share / (2 - share), (2 - share) / share))
        first = bisect_left(posting, lightest - _SLACK, key=size)
        return posting[first : bisect_right(posting, heaviest + _SLACK, lo=first, key=size)]

    def count(self, gram: str) -> int:
        """The number of names that have a trigram."""
        return len(self._postings.get(gram, ()))

    def common(self, name: int, grams: Iterable[tuple[str, float]]) -> float:
        """The weight of the trigrams that a name has of those given with their weights."""
        padded = f" {self._keys[name]} "
        return math.fsum([weight for gram, weight in grams if gram in padded])

    def complete(self, prefix: str, limit: int) -> list[int]:
        """Owners of names in which every word of `prefix` begins a word, the best first.

        Names that begin with the whole of it come first, then shorter before longer ones, then by owner.
        """
        folded = key(prefix)
        asked = [_openings(word) for word in folded.split(" ")]
        if not prefix.strip():
            return list(range(min(limit, max(self.owners, default=-1) + 1)))
        shortest = min(([self._words.opened(one) for one in openings] for openings in asked), key=_total)
        found: dict[int, tuple[bool, int]] = {}
        for name in {name for part in shortest for name in part}:
            known = self._keys[name]
            words = known.split(" ")
            # A single word was found in the vocabulary already.
            if len(asked) == 1 or all(any(word.startswith(openings) for word in words) for openings in asked):
                rank = (not known.startswith(folded), len(known))
                owner = self.owners[name]
                found[owner] = min(found.get(owner, rank), rank)
        return heapq.nsmallest(limit, found, key=lambda owner: (found[owner], owner))


class _Words:
    """The words of names in their order, and the names that have each: those of words with one opening are a run."""

    def __init__(self, postings: Mapping[str, array[int]]) -> None:
        self._words = sorted(postings)
        self._names = array("I")
        self._ends = array("Q", [0])
        for word in self._words:
            self._names.extend(postings[word])
            self._ends.append(len(self._names))

    def opened(self, opening: str) -> array[int]:
        """The names with a word that begins so; one with several such words comes as often."""
        first = bisect_left(self._words, opening)
        last = bisect_left(self._words, opening + _LAST, lo=first)
        return self._names[self._ends[first] : self._ends[last]]


def _total(parts: Iterable[array[int]]) -> int:
    return sum(map(len, parts))


def _post(postings: dict[str, array[int]], terms: Iterable[str], number: int) -> None:
    for term in terms:
        listed = postings.get(term)
        if listed is None:
            listed = postings[term] = array("I")
        listed.append(number)


def _openings(word: str) -> tuple[str, ...]:
    """What a word may begin with in a key, where a word half typed may still show its article."""
    return (word, word.removeprefix(_ARTICLE)) if word.startswith(_ARTICLE) else (word,)


class _Best:
    """The best names met so far, one for each owner."""

    def __init__(self, index: NameIndex, asked: Spelling, limit: int, factor: Callable[[int], float]) -> None:
        self._index, self._asked, self._limit, self._factor = index, asked, limit, factor
        self._found: dict[int, tuple[float, int]] = {}
        self._met: set[int] = set()
        self.grams = index.weights(trigrams(asked.key))
        self.whole = math.fsum(self.grams.values())
        self.floor = MINIMUM
        """What a hit must reach to change the answer."""

    def offer(self, name: int, score: float | None = None) -> None:
        """Keep a name if it is its owner's best; without a `score`, the one that its trigrams give."""
        if name in self._met:
            return
        self._met.add(name)
        owner = self._index.owners[name]
        factor = self._factor(owner)
        if factor <= 0:
            return
        if score is None:
            share = 2 * self._index.common(name, self.grams.items()) / (self.whole + self._index.sizes[name])
            score = FUZZY * min(share, 1.0)
        score *= factor
        known = self._found.get(owner)
        if score >= self.floor and (known is None or (-score, name) < (-known[0], known[1])):
            self._found[owner] = (score, name)
            self.floor = max(self.floor, RELATIVE * score)
            if len(self._found) >= self._limit:
                last = heapq.nlargest(self._limit, (score for score, _ in self._found.values()))[-1]
                self.floor = max(self.floor, last)

    def offer_most(self, shared: dict[int, float]) -> None:
        """Compare the names that share most, so that the floor rises early."""
        for name in heapq.nlargest(self._limit, shared, key=shared.__getitem__):
            self.offer(name)

    def offer_within(self, shared: dict[int, float], unread: list[tuple[str, float]]) -> None:
        """Compare every name whose bound reaches the floor, the highest bound first; `unread` may be shared too."""
        sizes, owners, whole = self._index.sizes, self._index.owners, self.whole
        remaining = math.fsum(weight for _, weight in unread)
        half = max(self.floor - _SLACK, 0.0) / FUZZY / 2
        least = half * whole - remaining - _SLACK
        # The bound is twice what may be common, by the sum of both; solved for what is known of each name.
        within = [(name, weight) for name, weight in shared.items() if weight - half * sizes[name] >= least]
        bounds = [(-2 * (weight + remaining) / (whole + sizes[name]), name, weight) for name, weight in within]
        heapq.heapify(bounds)
        while bounds:
            bound, name, weight = heapq.heappop(bounds)
            if FUZZY * -bound < self.floor - _SLACK:
                return
            common = weight + self._index.common(name, unread)
            if FUZZY * 2 * common / (whole + sizes[name]) * self._factor(owners[name]) >= self.floor - _SLACK:
                self.offer(name)

    def ranked(self) -> list[Hit]:
        """The hits in their order."""
        ranked = sorted((-score, owner, name) for owner, (score, name) in self._found.items())[: self._limit]
        least = -RELATIVE * ranked[0][0] if ranked else 0.0
        return [
            Hit(owner, name, -score, self._index.compare(self._asked, name))
            for score, owner, name in ranked
            if -score >= least
        ]
