"""Reading the keys of a YAML mapping as typed values, every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from kg.errors import Position, nearest
from kg.positions import Faults, Node, Sequence, Table, Value, cures
from kg.quoting import IN_BRACES
from kg.terms import is_language

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.ASCII)
OWN_TERMS: Final = "kg terms finds those that there are; vocabulary/ is the place for your own"
"""What to do where no term has a name like the one that is written."""
SAME_IN: Final = "same-in"
"""The key of a text by language that names the languages in which it is the same."""
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")


class Fields:
    """One YAML mapping, read key by key; what is wrong goes to `faults` and reads as None."""

    def __init__(self, table: Table, faults: Faults, what: str) -> None:
        self._table, self._faults, self._what = table, faults, what

    @property
    def position(self) -> Position:
        """Where the mapping stands."""
        return self._table.position

    def only(self, known: Collection[str]) -> None:
        """Report every key that is none of `known`."""
        for key in self._table.entries:
            if key not in known:
                hint = nearest(key, sorted(known)) or (IN_BRACES if self._table.in_braces else None)
                self._faults.add("unknown-key", f"unknown key '{key}' in {self._what}", self._table.keys[key], hint)

    def place(self, key: str) -> Position:
        """Where `key` stands, or the mapping itself if it is absent."""
        return self._table.keys[key] if key in self._table.entries else self.position

    def node(self, key: str) -> Node | None:
        return self._table.get(key)

    def fault(self, code: str, message: str, key: str, hint: str | None = None) -> None:
        """Report what is wrong with `key`, at its place."""
        self._faults.add(code, message, self.place(key), hint)

    def text(self, key: str, *, required: bool = False) -> str | None:
        """The text of `key`, as the file writes it: a number or a year stays as typed."""
        node = self._table.get(key)
        if node is None or (isinstance(node, Value) and node.value is None):
            if required:
                self._faults.add("missing-key", f"{self._what} has no '{key}'", self.position, f"add '{key}:'")
            return None
        if isinstance(node, Value):
            return node.text
        self._wrong(key, node, "text")
        return None

    def number(self, key: str) -> int | None:
        """A whole number of at least 0."""
        node = self._table.get(key)
        if node is None:
            return None
        if isinstance(node, Value) and type(node.value) is int and node.value >= 0:
            return node.value
        self._wrong(key, node, "a whole number, 0 or more")
        return None

    def flag(self, key: str) -> bool | None:
        node = self._table.get(key)
        if node is None:
            return None
        if isinstance(node, Value) and isinstance(node.value, bool):
            return node.value
        self._wrong(key, node, "true or false")
        return None

    def address(self, key: str) -> str | None:
        """An http(s) address (RFC 3986, without the characters that IRIs exclude)."""
        text = self.text(key)
        if text is not None and not _is_address(text):
            self._faults.add("wrong-type", f"'{key}' is no web address: {text!r}", self.place(key), "write it in full")
            return None
        return text

    def languages(self, key: str, *, required: Iterable[str] = ()) -> Mapping[str, str]:
        """Text by language; `required` languages must be there.

        A text that is the same in several languages is written in one of them, and `same-in` names them all.
        """
        node = self._table.get(key)
        if node is None:
            if tuple(required):
                self._faults.add("missing-key", f"{self._what} has no '{key}'", self.position, f"add '{key}:'")
            return {}
        shared, plain = _shared(node, key, self._faults)
        found = {language: texts[0] for language, texts in language_map(plain, key, self._faults).items()}
        self._remark_copies(found, key)
        found |= _spread(found, shared, self._faults, self.place(key))
        missing = [language for language in required if language not in found]
        if missing:
            hint = "add it" + (
                f", or say that it is the same: {SAME_IN}: [{next(iter(found))}, {missing[0]}]" if found else ""
            )
            self._faults.add("missing-language", f"'{key}' lacks {', '.join(missing)}", self.place(key), hint)
        return found

    def _remark_copies(self, found: Mapping[str, str], key: str) -> None:
        """Tell of a text that was copied from one language into another: either it is the same, or it is not said."""
        by_text: dict[str, list[str]] = {}
        for language, text in found.items():
            by_text.setdefault(text, []).append(language)
        for text, languages in by_text.items():
            if len(languages) > 1:
                what = f"'{key}' of {self._what} has the text '{text}' in {' and '.join(languages)}"
                hint = f"if it is the same in both, write it once, and {SAME_IN}: [{', '.join(languages)}]"
                self._faults.remark(what, self.place(key), hint)

    def _wrong(self, key: str, node: Node, wanted: str) -> None:
        self._faults.add("wrong-type", f"'{key}' must be {wanted}, not {describe(node)}", self.place(key))


def _shared(node: Node, key: str, faults: Faults) -> tuple[list[list[str]], Node]:
    """The groups of languages that share a text, and the texts without them."""
    said = node.get(SAME_IN) if isinstance(node, Table) else None
    if not isinstance(node, Table) or said is None:
        return [], node
    entries = {name: entry for name, entry in node if name != SAME_IN}
    plain = Table(entries, node.places, node.name, node.place, node.in_braces)
    items = said.items if isinstance(said, Sequence) else ()
    groups: list[Node] = [item for item in items if isinstance(item, Sequence)] or [said]
    found: list[list[str]] = []
    for group in groups:
        tags = [item.text for item in group.items if isinstance(item, Value)] if isinstance(group, Sequence) else []
        if len(tags) > 1 and all(_LANGUAGE.fullmatch(tag) and is_language(tag) for tag in tags):
            found.append(tags)
        else:
            hint = f"write {SAME_IN}: [en, fr]"
            faults.add("same-in", f"'{SAME_IN}' of '{key}' must list two languages at least", group.position, hint)
    return found, plain


def _spread(found: Mapping[str, str], groups: list[list[str]], faults: Faults, place: Position) -> Mapping[str, str]:
    """The texts of the languages that share one with another."""
    further: dict[str, str] = {}
    for tags in groups:
        written = [tag for tag in tags if tag in found]
        if len(written) == 1:
            further |= {tag: found[written[0]] for tag in tags if tag not in found}
        elif written:
            what = f"'{SAME_IN}' says that {' and '.join(written)} are the same, and each has a text"
            faults.add("same-in", what, place, f"write one of them alone, or take '{SAME_IN}' out")
        else:
            what = f"'{SAME_IN}' says that {' and '.join(tags)} are the same, and none has a text"
            faults.add("same-in", what, place, f"write the text in {tags[0]}")
    return further


def _is_address(text: str) -> bool:
    """Whether a text is an http(s) IRI that stays one: what is none, JSON-LD leaves out without a word."""
    try:
        return _ADDRESS.fullmatch(text) is not None and bool(ox.NamedNode(text))
    except ValueError:
        return False


def is_language_tag(text: str) -> bool:
    """Whether a text is a language tag in the case in which they are written here."""
    return _LANGUAGE.fullmatch(text) is not None and is_language(text)


def language_map(node: Node, key: str, faults: Faults) -> dict[str, tuple[str, ...]]:
    """Texts by language tag, from `{ar: ..., fr: [..., ...]}`; faults are reported, not raised."""
    if not isinstance(node, Table):
        hint = f"write {key}: {{ar: …}}"
        faults.add("wrong-type", f"'{key}' must give text by language, not {describe(node)}", node.position, hint)
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for language, entry in node:
        items = entry.items if isinstance(entry, Sequence) else (entry,)
        texts = tuple([item.text for item in items if isinstance(item, Value) and item.text and item.value is not None])
        if not is_language_tag(language):
            hint = IN_BRACES if node.in_braces and " " in language else "use a tag such as ar, fr or en, in lower case"
            faults.add("language-tag", f"'{language}' is no language tag", node.keys[language], hint)
        elif not texts or len(texts) != len(items):
            said = describe(next((item for item in items if not isinstance(item, Value) or item.value is None), entry))
            faults.add("wrong-type", f"'{key}' in '{language}' must be text, not {said}", node.keys[language])
        elif (shorter := cures.language(language)) is not None:
            message = f"'{language}' is no language tag: the one of two letters counts"
            faults.add("language-tag", message, node.keys[language], f"write {shorter}")
        else:
            found[language] = texts
    if (pair := cures.swapped({language: texts[0] for language, texts in found.items()})) is not None:
        message = f"the texts of '{pair[0]}' and '{pair[1]}' stand in one another's place"
        faults.add("languages-swapped", message, node.keys[pair[0]], "swap them")
    return found


def is_nothing(node: Node | None) -> bool:
    """Whether a key has nothing behind its colon, as a list that is yet to be written."""
    return isinstance(node, Value) and node.value is None


def describe(node: Node) -> str:
    """What a node is, in the words of an error."""
    if isinstance(node, Table):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Value):
        nothing = f"nothing (put {node.text!r} in quotes if it is the word)" if node.text else "nothing"
        return nothing if node.value is None else f"{node.text[:40]!r}"
    raise TypeError(f"unexpected node: {node!r}")
