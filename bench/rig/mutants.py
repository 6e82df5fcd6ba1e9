"""Mutants of queries: bytes, characters, tokens and groups are changed until something may break."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

from rig.corpus import Corpus
from rig.fragments import BROKEN, CALLS, ESCAPES, LITERALS, MARKS, NUMBERS, ODD, WORDS

_TOKEN: Final = re.compile(r"\s+|<[^<>\s]*>|\"[^\"\n]*\"|'[^'\n]*'|[?$]?\w+|[^\w\s]")
_MOSTLY: Final = 8
"""Of ten."""
_NUMBER: Final = re.compile(r"(?<![\w?$])\d+(?:\.\d+)?")


class Mutator:
    """Makes mutants; each is a function of its chance and nothing else."""

    def __init__(self, corpus: Corpus, trap: str) -> None:
        """`trap` is an address that nobody may ask; it takes the place of IRIs."""
        self._corpus, self._trap = corpus, trap
        # Those after which a query may still be one come twice.
        gentle = (
            _token_twice,
            _tokens_swapped,
            _number_replaced,
            _call_put,
            _group_lost,
            _group_twice,
            _groups_swapped,
            _group_nested,
            _case_changed,
            _iri_replaced,
            self._group_taken,
            self._trap_named,
        )
        rough = (
            _cut,
            _cut_short,
            _repeated,
            _swapped,
            _token_lost,
            _token_replaced,
            _word_put,
            _odd_put,
            _escape_put,
            _long_put,
            self._spliced,
            self._trap_put,
        )
        self._changes: tuple[Callable[[str, random.Random], str], ...] = (*gentle, *gentle, *rough)

    def mutant(self, chance: random.Random) -> bytes:
        """One mutant, changed one to four times."""
        text = self._corpus.choose(chance)
        for _ in range(chance.choice((1, 1, 1, 1, 2, 2, 3))):
            text = chance.choice(self._changes)(text, chance)
        raw = text.encode("utf-8", "surrogateescape")
        return raw if chance.randrange(20) else _bytes_changed(raw, chance)

    def _spliced(self, text: str, chance: random.Random) -> str:
        """The beginning of one query and the end of another."""
        other = self._corpus.choose(chance)
        return text[: _place(text, chance)] + other[_place(other, chance) :]

    def _group_taken(self, text: str, chance: random.Random) -> str:
        """A group of another query in the place of one of this."""
        mine, theirs = _groups(text), _groups(other := self._corpus.choose(chance))
        if not mine or not theirs:
            return self._spliced(text, chance)
        start, end = chance.choice(mine)
        first, last = chance.choice(theirs)
        return text[:start] + other[first:last] + text[end:]

    def _trap_put(self, text: str, chance: random.Random) -> str:
        """A clause that asks, or fetches from, the trap, somewhere."""
        clause = chance.choice(
            (
                f" SERVICE <{self._trap}> {{ ?s ?p ?o }} ",
                f" SERVICE SILENT <{self._trap}> {{}} ",
                f" FROM <{self._trap}> ",
                f" FROM NAMED <{self._trap}> ",
                f" LOAD <{self._trap}> ; ",
                f" GRAPH <{self._trap}> {{ ?s ?p ?o }} ",
                f" VALUES ?e {{ <{self._trap}> }} SERVICE ?e {{ ?s ?p ?o }} ",
                f" s\\u0065rvice<{self._trap}>{{}} ",
                f" trueSERVICE <{self._trap}> {{ ?s ?p ?o }} ",
                f" LOAD SILENT <{self._trap}> INTO GRAPH <urn:g> ",
                f" SERVICE:a {{ ?s ?p ?o }} PREFIX : <{self._trap}> ",
                f" INSERT {{}} USING <{self._trap}> WHERE {{}} ",
            )
        )
        place = _place(text, chance)
        groups = _groups(text)
        if groups and chance.randrange(10) < _MOSTLY:
            place = chance.choice(groups)[0] + 1
        return text[:place] + clause + text[place:]

    def _trap_named(self, text: str, chance: random.Random) -> str:
        """The address of the trap for an IRI, or as the base or a prefix of all of them."""
        if not chance.randrange(3):
            return f"BASE <{self._trap}> PREFIX : <{self._trap}> PREFIX service: <{self._trap}> {text}"
        return re.sub(r"<https?:[^<>\s]*>", lambda found: chance.choice((found[0], f"<{self._trap}>")), text)


def _place(text: str, chance: random.Random) -> int:
    return chance.randint(0, len(text))


def _span(text: str, chance: random.Random, longest: int = 60) -> tuple[int, int]:
    start = _place(text, chance)
    return start, min(len(text), start + chance.randint(1, longest))


def _groups(text: str) -> list[tuple[int, int]]:
    """The spans of what stands in braces and brackets, as far as they match."""
    open_: list[int] = []
    found = []
    for place, mark in enumerate(text):
        if mark in "{([":
            open_.append(place)
        elif mark in "})]" and open_:
            found.append((open_.pop(), place + 1))
    return found


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text) or [text]


def _cut(text: str, chance: random.Random) -> str:
    start, end = _span(text, chance)
    return text[:start] + text[end:]


def _cut_short(text: str, chance: random.Random) -> str:
    return text[: _place(text, chance)]


def _repeated(text: str, chance: random.Random) -> str:
    start, end = _span(text, chance)
    return text[:end] + text[start:end] * chance.choice((1, 1, 2, 10, 300)) + text[end:]


def _swapped(text: str, chance: random.Random) -> str:
    (a, b), (c, d) = sorted((_span(text, chance), _span(text, chance)))
    return text if b > c else text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def _token_lost(text: str, chance: random.Random) -> str:
    tokens = _tokens(text)
    del tokens[chance.randrange(len(tokens))]
    return "".join(tokens)


def _token_twice(text: str, chance: random.Random) -> str:
    tokens = _tokens(text)
    place = chance.randrange(len(tokens))
    tokens.insert(place, tokens[place])
    return "".join(tokens)


def _tokens_swapped(text: str, chance: random.Random) -> str:
    tokens = _tokens(text)
    a, b = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    tokens[a], tokens[b] = tokens[b], tokens[a]
    return "".join(tokens)


def _token_replaced(text: str, chance: random.Random) -> str:
    tokens = _tokens(text)
    tokens[chance.randrange(len(tokens))] = chance.choice((*WORDS, *MARKS, *LITERALS, *NUMBERS))
    return "".join(tokens)


def _word_put(text: str, chance: random.Random) -> str:
    place = _place(text, chance)
    blank = chance.choice((" ", "", "\n", "#\n", "\t"))
    return text[:place] + blank + chance.choice((*WORDS, *MARKS, *LITERALS)) + blank + text[place:]


def _odd_put(text: str, chance: random.Random) -> str:
    place = _place(text, chance)
    return text[:place] + chance.choice(ODD) * chance.choice((1, 1, 3)) + text[place:]


def _escape_put(text: str, chance: random.Random) -> str:
    place = _place(text, chance)
    if text[place:] and chance.randrange(2):
        # The character itself, written as an escape.
        return text[:place] + f"\\u{min(ord(text[place]), 0xFFFF):04X}" + text[place + 1 :]
    return text[:place] + chance.choice(ESCAPES) + text[place:]


def _number_replaced(text: str, chance: random.Random) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return _word_put(text, chance)
    number = chance.choice(found)
    return text[: number.start()] + chance.choice(NUMBERS) + text[number.end() :]


def _long_put(text: str, chance: random.Random) -> str:
    size = chance.choice((1_000, 5_000, 20_000))
    place = _place(text, chance)
    made = chance.choice(
        (
            "?" + "v" * size,
            "<http://e/" + "i" * size + ">",
            "'" + "s" * size + "'",
            "p" * size + ":x",
            " " * size,
            "#" + "c" * size + "\n",
            "(" * (size // 10),
            "{" * (size // 10),
            "!" * (size // 10) + "1",
            "_:" + "b" * size,
            "?s ?p ?o . " * (size // 20),
            "/".join(["<urn:p>"] * (size // 20)),
            "||".join(["?s"] * (size // 20)),
            "'x'@" + "en-" * (size // 10) + "x",
            "\u0301" * (size // 4),
            "[" * (size // 20) + "]" * (size // 20),
        )
    )
    return text[:place] + " " + made + " " + text[place:]


def _call_put(text: str, chance: random.Random) -> str:
    call = chance.choice(CALLS)
    clause = chance.choice((f" FILTER({call}) ", f" BIND({call} AS ?new) ", f" FILTER(!({call})) ", f" {call} "))
    groups = [span for span in _groups(text) if text[span[0]] == "{"]
    if groups and chance.randrange(10) < _MOSTLY:
        place = chance.choice(groups)[1] - 1
        return text[:place] + clause + text[place:]
    return re.sub(r"(?i)\bselect\b", f"SELECT ({call} AS ?new)", text, count=1)


def _group_lost(text: str, chance: random.Random) -> str:
    groups = _groups(text)
    if not groups:
        return _cut(text, chance)
    start, end = chance.choice(groups)
    return text[:start] + chance.choice(("", "{}", "()")) + text[end:]


def _group_twice(text: str, chance: random.Random) -> str:
    groups = _groups(text)
    if not groups:
        return _repeated(text, chance)
    start, end = chance.choice(groups)
    between = chance.choice((" ", " UNION ", " . ", " MINUS ", " OPTIONAL "))
    return text[:end] + (between + text[start:end]) * chance.choice((1, 1, 1, 2, 20)) + text[end:]


def _groups_swapped(text: str, chance: random.Random) -> str:
    groups = _groups(text)
    if not groups[1:]:
        return _swapped(text, chance)
    (a, b), (c, d) = sorted(chance.sample(groups, 2))
    return text if b > c else text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def _group_nested(text: str, chance: random.Random) -> str:
    groups = [span for span in _groups(text) if text[span[0]] == "{"]
    if not groups:
        return f"ASK {{ {text} }}"
    start, end = chance.choice(groups)
    inner = text[start:end]
    for _ in range(chance.choice((1, 1, 2, 5, 50, 200))):
        before, after = chance.choice(
            (
                ("{ ", " }"),
                ("{ OPTIONAL ", " }"),
                ("{ {} UNION ", " }"),
                ("{ GRAPH ?g ", " }"),
                ("{ ?s ?p ?o MINUS ", " }"),
                ("{ FILTER EXISTS ", " }"),
                ("{ FILTER NOT EXISTS ", " }"),
                ("{ SELECT * WHERE ", " }"),
                ("{ SELECT DISTINCT ?s WHERE ", " LIMIT 5 }"),
                ("{ BIND(EXISTS ", " AS ?e) }"),
                ("{ LATERAL ", " }"),
                ("{ SELECT (COUNT(*) AS ?c) WHERE ", " GROUP BY ?s }"),
                ("{ VALUES ?s { UNDEF 1 } ", " }"),
            )
        )
        inner = before + inner + after
    return text[:start] + inner + text[end:]


def _iri_replaced(text: str, chance: random.Random) -> str:
    iri = chance.choice(
        (
            "<>",
            "<#>",
            "<//>",
            "<a b>",
            "<http://[::1>",
            "<http://a:99999999/>",
            "<urn:x>",
            "<\\u0020>",
            "<%zz>",
            "<?>",
            "<x:>",
            "<http://\u202e/>",
            "<file:///etc/passwd>",
            "<data:,x>",
            "<http://e/" + "../" * 50 + ">",
            "<:>",
            "<http://é/>",
        )
    )
    return re.sub(r"<[^<>\s]*>", lambda found: chance.choice((found[0], iri)), text)


def _case_changed(text: str, chance: random.Random) -> str:
    start, end = _span(text, chance)
    return text[:start] + text[start:end].swapcase() + text[end:]


def _bytes_changed(raw: bytes, chance: random.Random) -> bytes:
    data = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 8))):
        place = chance.randint(0, len(data))
        match chance.randrange(4):
            case 0 if data:
                data[place % len(data)] ^= 1 << chance.randrange(8)
            case 1:
                del data[place : place + chance.randint(1, 20)]
            case 2:
                data[place:place] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
            case _:
                data[place:place] = chance.choice(BROKEN)
    return bytes(data)
