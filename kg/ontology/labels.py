"""The SHACL shapes that follow from the languages of a project: in which of them a thing must have a label.

What a vocabulary defines is exempt (`rdfs:isDefinedBy`): the words of a shared vocabulary are in the languages of those
who made it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from babel import Locale

from kg.ontology.turtle import block, document, quote, texts
from kg.terms import PREFIXES, SHAPE
from kg.vocabulary import Layer

_NAMED: Final = "[ sh:alternativePath ( rdfs:label rdfs:isDefinedBy ) ]"
_NOTICE: Final = "# Generated from the languages of the project ([project] languages of kg.toml).\n"


def label_shapes(languages: Sequence[str], layer: Layer) -> dict[str, str]:
    """The shapes of the labels that a layer asks for, as Turtle, by the name of the file in its folder of shapes."""
    return {name: _file(said["shape"], said, languages) for name, said in layer.labels.items()}


def _file(owner: str, words: Mapping[str, str], languages: Sequence[str]) -> str:
    blocks = [block(f"shape:{owner}", [("sh:property", [f"shape:{owner}-{tag}" for tag in languages])])]
    blocks.append(block(f"shape:{owner}-defined", [("a", ["sh:NodeShape"]), ("sh:nodeKind", ["sh:IRI"])]))
    blocks += [text for tag in languages for text in _of_language(owner, words, tag)]
    return document(blocks, {**PREFIXES, "shape": SHAPE}, _NOTICE)


def _of_language(owner: str, words: Mapping[str, str], tag: str) -> Iterator[str]:
    """The shape of the labels in one language; `words` tell, by language, whose labels they are."""
    named, whose = _names_of(tag), defaultdict(str, words)
    yield block(
        f"shape:{owner}-{tag}",
        [
            ("a", ["sh:PropertyShape"]),
            ("sh:path", [_NAMED]),
            (
                "rdfs:label",
                texts(
                    {
                        "en": f"label in {named['en']}",
                        "fr": f"libellé ({named['fr']})",
                        "ar": f"التسمية ({named['ar']})",
                    }
                ),
            ),
            (
                "sh:message",
                texts(
                    {
                        "en": f"Add the label in {named['en']} ({tag}){whose['en']} to entities.yaml.",
                        "fr": f"Ajoutez dans entities.yaml le libellé ({tag} : {named['fr']}){whose['fr']}.",
                        "ar": f"أضف في entities.yaml التسمية ({tag}: {named['ar']}){whose['ar']}.",
                    }
                ),
            ),
            ("sh:severity", ["sh:Violation"]),
            ("sh:qualifiedValueShape", [f"shape:{owner}-in-{tag}"]),
            ("sh:qualifiedMinCount", ["1"]),
        ],
    )
    one_of = f"( shape:{owner}-spoken-{tag} shape:{owner}-defined )"
    yield block(f"shape:{owner}-in-{tag}", [("a", ["sh:NodeShape"]), ("sh:or", [one_of])])
    in_language = [("a", ["sh:NodeShape"]), ("sh:languageIn", [f"( {quote(tag)} )"])]
    yield block(f"shape:{owner}-spoken-{tag}", in_language)


def _names_of(tag: str) -> Mapping[str, str]:
    """What a language is called in the languages of messages (Unicode CLDR); its tag where nobody has a name for it."""
    return {spoken: Locale(spoken).languages.get(tag.partition("-")[0], tag) for spoken in ("en", "fr", "ar")}
