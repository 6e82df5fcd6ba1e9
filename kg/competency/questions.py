"""The questions of a project: each is asked, and its answer held against the one that is expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg.competency.asking import Asker
from kg.competency.comparing import Comparison
from kg.competency.expected import SUFFIXES, file_name, read_expected
from kg.competency.findings import Trial
from kg.config import Config
from kg.description import Example, read_examples
from kg.errors import DataError, KgError, Position, Problem, nearest
from kg.files import replaced
from kg.sparql.language import parse

_CODE = "question"


class Questions:
    """The questions of a project, each with the file of its expected answer."""

    def __init__(self, config: Config) -> None:
        """Read the questions.

        :raises DataError: if one is none, two share a file, or a file of an answer belongs to none
        """
        self._config, self._folder = config, config.locate("queries")
        found = read_examples(config)
        self._files = [(example, self._folder / file_name(example.name, example.form)) for example in found]
        problems = [*self._shared(), *self._lost()]
        if problems:
            raise DataError(problems=problems)

    def _shared(self) -> Iterator[Problem]:
        times = Counter(path for _, path in self._files)
        for example, path in self._files:
            if times[path] > 1:
                told = f"another question has its answer in {path.name} too: {example.name}"
                yield Problem(_CODE, told, example.position, hint="end their IRIs in different words")

    def _lost(self) -> Iterator[Problem]:
        """What lies beside the questions and nobody reads."""
        known = {path for _, path in self._files}
        names = {path.name for path in known}
        for path in sorted(self._folder.glob("*")) if self._folder.is_dir() else []:
            if path in known or path.name.startswith((".", "README")) or path.suffix == ".ttl":
                continue
            told = "no question has this name" if path.suffix in SUFFIXES.values() else "is not read"
            hint = nearest(path.name, names) or "questions are in *.ttl, and their answers in NAME.tsv, .srj or .nt"
            yield Problem(_CODE, told, Position(self._config.name_of(path), 1), hint=hint)

    def ask(self, asker: Asker) -> Iterator[Trial]:
        """Ask each, and hold what is found against what is expected."""
        for example, path in self._files:
            yield self._asked(example, path, asker)

    def accept(self, asker: Asker) -> Iterator[Path]:
        """Write what is found as what is expected, and give the files that changed.

        :raises QueryError: if one of them cannot be answered; nothing is written then
        :raises OSError: if a file cannot be written
        """
        answers = {path: asker.ask(example.text)[1] for example, path in self._files if not _is_foreign(example)}
        for path, content in answers.items():
            if not path.is_file() or path.read_bytes() != content:
                with replaced(path) as file:
                    file.write(content)
                yield path

    def _asked(self, example: Example, path: Path, asker: Asker) -> Trial:
        place = example.position or Position(self._config.name_of(path), 1)
        name, file = path.stem, self._config.name_of(path)
        if not path.is_file():
            why = f"no answer is expected: there is no {file} (kg test --accept writes what is found)"
            return Trial("question", name, place, unchecked=why)
        try:
            expected = read_expected(path, self._config)
            found, _ = asker.ask(example.text)
        except KgError as error:
            problems = (Problem(p.code, p.message, p.position or place, hint=p.hint) for p in error.problems)
            return Trial("question", name, place, "no answer", tuple(problems))
        is_ordered = bool(parse(example.text).body.modifiers.order)
        comparison = Comparison(expected, file, is_ordered, self._config.project.base)
        different = tuple(comparison.differences(found))
        told = f"{found}, as expected" if not different else f"{found}, not as expected ({expected})"
        return Trial("question", name, place, told, different)


def _is_foreign(example: Example) -> bool:
    from kg.sparql.guard import draft

    return draft(example.text).has_service
