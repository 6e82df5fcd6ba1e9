"""What a build reads before the claims and the rows, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kg import description, ontology, rdfdata, shacl, store
from kg.config import Config
from kg.errors import Gathering, StorageError, VocabularyError
from kg.inputs import RULE_FILE, hashed_inputs, shape_files, text_of
from kg.ontology.own import check_version, own_of
from kg.records.lock import Locking
from kg.tables import Tables
from kg.vocabulary import Vocabulary, read_vocabulary

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a build reads before the claims and the rows."""

    vocabulary: Vocabulary
    tables: Tables
    inputs: Mapping[str, str]
    """SHA-256 by path, as `hashed_inputs` gives them."""
    levels: shacl.Levels
    """The shapes, as the inputs have them."""
    rule: store.Rule
    """The rule that derives the default graph."""
    presented: description.Presented
    """What the project says of its dataset."""
    display: bytes
    """In which order things are shown."""
    locking: Locking = Locking.LEFT
    """What becomes of the lock file when the claims are read."""

    def check(self, config: Config) -> None:
        """Look whether the files are what they were.

        :raises StorageError: if one of them is not
        """
        if hashed_inputs(config, self.tables) != self.inputs:
            raise StorageError("files of the project changed while they were read", hint="build again")


def prepare(config: Config, tell: Tell) -> Prepared:
    """Read and check all that can be before the first claim or row is read.

    :raises VocabularyError: if the vocabulary is not what it should be
    :raises RecordError: if the register of tables is not
    :raises MappingError: if a mapping of tables cannot be run
    :raises ShapesError: if the shapes are malformed
    """
    config.check_paths()
    folder = config.locate("ontology")
    tell("reading the vocabulary")
    check_version(config)
    vocabulary = read_vocabulary(folder, own_of(config), config.vocabulary.extends)
    gathering, read = Gathering(), list[Tables]()
    with gathering:
        shapes = shape_files(config, vocabulary)
        levels = read_shapes(config, vocabulary, shapes)
    with gathering:
        presented = description.Presented.by(config)
    with gathering:
        read.append(Tables(config, vocabulary))
    gathering.raise_any()
    (tables,) = read
    inputs = hashed_inputs(config, tables)
    rule = rule_of(vocabulary)
    shown = description.display(shapes, shapes.made, tables.columns)
    return Prepared(vocabulary, tables, inputs, levels, rule, presented, shown)


def rule_of(vocabulary: Vocabulary) -> store.Rule:
    """The rule that derives the default graph, with what the vocabulary says is pending."""
    core = vocabulary.layers[0].folder
    return store.parse_rule(store.filled(text_of(core / RULE_FILE), vocabulary.pending))


def read_shapes(config: Config, vocabulary: Vocabulary, shapes: shacl.ShapeFiles) -> shacl.Levels:
    """The shapes that prove a project.

    :raises VocabularyError: if files made from the vocabulary are stale
    :raises ShapesError: if the shapes are malformed
    """
    if stale := ontology.stale(config.locate("ontology"), [layer.name for layer in vocabulary.layers]):
        raise VocabularyError(f"generated files are stale: {', '.join(stale)}", hint="run kg ontology")
    own = tuple(one.file.path for one in rdfdata.ontology_files(config))
    return shacl.read_levels(shapes, config.name_of, own)
