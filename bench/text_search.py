"""Search among many things: how fast a question is answered, how large the index is, what making it costs.

    python bench/text_search.py [--things 100000] [--questions 400] [--tantivy FOLDER]

The things are those of `bench/reconcile.py`: three names each, in Arabic, French and English, of words as unequal in
frequency as those of a language; every second thing also has a description of twelve words. Questions are one word,
several words of a name, a word half typed, an Arabic word with clitics, and several words or none of which any will do.
Each is asked once by a process that has just opened the index; CPU time is user and system. `--tantivy` names a folder
in which that package is installed (`pip install --target FOLDER 'tantivy<0.30'`): the same words are asked of it.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from reconcile import COMMON, make_names, resident

from kg.errors import KgError
from kg.search import Index, Narrowed, make, read_question
from kg.search.asking import IndexedTexts
from kg.search.index import columns_of
from kg.search.questions import Question
from kg.sparql.texts import searched

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
NOTE = "http://www.w3.org/2004/02/skos/core#note"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LANGUAGES = tuple(COMMON)
CLITICS = ("ال", "وال", "بال", "لل", "")
BLOCK = 3_000
KINDS = 7
BARS = {0.5: 20.0, 0.99: 60.0}
Names = list[tuple[int, str]]
Ask = Callable[[Question], object]


def lines(names: Names) -> Iterator[list[bytes]]:
    """The names as sorted N-Quads, in blocks; made anew each time, so that nothing of them stays in memory."""
    held: list[bytes] = []
    for number, (thing, text) in enumerate(names):
        subject, language = f"<http://example.org/{thing:09}>", LANGUAGES[number % 3]
        if number % 3 == 0:
            held.append(f"{subject} <{TYPE}> <http://example.org/kind/{thing % KINDS}> .\n".encode())
        held.append(f'{subject} <{LABEL}> "{text}"@{language} .\n'.encode())
        if number % 6 == 5:  # noqa: PLR2004 -- the last name of every second thing
            others = (number - 1, number * 7 % len(names), number * 11 % len(names))
            words = " ".join(names[other][1] for other in others)
            held.append(f'{subject} <{NOTE}> "{" ".join(words.split()[:12])}"@{language} .\n'.encode())
        if len(held) >= BLOCK:
            yield held
            held = []
    yield held


def questions(names: Names, number: int) -> dict[str, list[str]]:
    """Questions of several kinds, from the words of names."""
    pick = random.Random(4)
    chosen = [pick.choice(names)[1].split() for _ in range(number)]
    arabic = [text.split() for _, text in pick.sample(names[::3], number)]
    return {
        "one word": [pick.choice(words) for words in chosen],
        "several words": [" ".join(words[:3]) for words in chosen],
        "a word half typed": [f"{pick.choice(words)[:3]}*" for words in chosen],
        "with Arabic clitics": [pick.choice(CLITICS) + pick.choice(words).removeprefix("ال") for words in arabic],
        "any of three words": [" OR ".join(words[:3]) for words in chosen],
    }


def cpu() -> float:
    """User and system time of this process, in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def quantile(spans: Iterable[float], share: float) -> float:
    """The time in milliseconds below which so large a share of the times lies."""
    ordered = sorted(spans)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed(asked: Iterable[str], ask: Ask) -> list[float]:
    """The CPU time of each question, in seconds; reading the question is part of it."""
    spans = []
    for text in asked:
        begun = cpu()
        try:
            ask(read_question(text))
        except KgError as error:
            print(f"refused: {text!r}: {error}")
        spans.append(cpu() - begun)
    return spans


def told(name: str, spans: list[float]) -> bool:
    """Print the quantiles of one kind of question; gives whether they are below the bars."""
    found = {share: quantile(spans, share) for share in BARS}
    print(f"{name:34} " + "   ".join(f"p{100 * share:g} {value:7.2f} ms" for share, value in found.items()))
    return all(value < BARS[share] for share, value in found.items())


def built(names: Names, path: Path) -> None:
    """Make the index, and print what it costs in this process."""
    before, begun = resident(), cpu()
    make(lines(names), path, "0" * 64)
    spent, grown = cpu() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    print(f"index made in {spent:.1f} CPU s, {path.stat().st_size / 2**20:.0f} MiB; peak memory +{grown:.0f} MiB")


def served(path: Path, asked: dict[str, list[str]]) -> bool:
    """Ask every question, and print the times and the memory of this process."""
    before = resident()
    index = Index(path)
    fine = [told(f"{name}, 20 best", timed(texts, lambda q: index.find(q, 20))) for name, texts in asked.items()]
    kind = Narrowed(types=("http://example.org/kind/3",), languages=("fr",))
    fine.append(told("one word, of a type and language", timed(asked["one word"], lambda q: index.find(q, 20, kind))))
    fine.append(told("one word, as a page: 1,000 best", timed(asked["one word"], lambda q: index.find(q, 1_000))))
    texts = IndexedTexts(index)
    ask = 'PREFIX text: <http://jena.apache.org/text#> SELECT ?s {{ ?s text:query ("{}" 100) }}'
    spans = []
    for text in asked["several words"]:
        begun = cpu()
        searched(ask.format(text), None, texts)
        spans.append(cpu() - begun)
    fine.append(told("several words, within SPARQL", spans))
    print(f"memory of the process +{resident() - before:.0f} MiB after all of them")
    return all(fine)


def tantivy(folder: str, names: Names, asked: dict[str, list[str]], place: Path) -> None:
    """The same words in an index of tantivy."""
    sys.path.insert(0, folder)
    import tantivy as peer  # type: ignore[import-not-found]

    schema = peer.SchemaBuilder()
    for column in ("form", "stem"):
        schema.add_text_field(column, stored=False, tokenizer_name="whitespace")
    schema.add_text_field("value", stored=True, tokenizer_name="raw", index_option="basic")
    index = peer.Index(schema.build(), path=str(place))
    begun = cpu()
    writer = index.writer(50_000_000, 1)
    for number, (_, text) in enumerate(names):
        form, stem = columns_of(text, LANGUAGES[number % 3])
        writer.add_document(peer.Document(form=form, stem=stem, value=text))
    writer.commit()
    writer.wait_merging_threads()
    size = sum(path.stat().st_size for path in place.iterdir()) / 2**20
    print(f"tantivy, names only: made in {cpu() - begun:.1f} CPU s, {size:.0f} MiB")
    index.reload()
    searcher = index.searcher()

    def ask(question: Question) -> list[object]:
        parts = []
        for choice in question.wanted:
            stems = {stem for part in choice for word in part.words for stem in (word.form, *word.stems)}
            parts.append("(" + " OR ".join(f'{column}:"{stem}"' for stem in stems for column in ("form", "stem")) + ")")
        found = searcher.search(index.parse_query(" AND ".join(parts), ["form"]), 20)
        return [searcher.doc(address)["value"] for _, address in found.hits]

    for name in ("one word", "several words"):
        told(f"tantivy: {name}, 20 best", timed(asked[name], ask))


def main() -> None:
    """Make, ask, print; ends with 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--things", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--tantivy", metavar="FOLDER", default="")
    given = parser.parse_args()
    names = make_names(given.things)
    asked = questions(names, given.questions)
    print(f"{given.things} things, {len(names) + given.things // 2} texts, {given.questions} questions of each kind")
    with tempfile.TemporaryDirectory(prefix="bench-search-") as folder:
        path = Path(folder) / "texts.db"
        maker = os.fork()
        if maker == 0:
            built(names, path)
            os._exit(0)
        os.waitpid(maker, 0)
        fine = served(path, asked)
        if given.tantivy:
            place = Path(folder) / "tantivy"
            place.mkdir()
            tantivy(given.tantivy, names, asked, place)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
