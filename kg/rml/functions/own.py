"""Functions of a project's own: those of one Python file, which its `kg.toml` names."""

from __future__ import annotations

import ast
import hashlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, get_type_hints

from kg.errors import MappingError, Position, nearest
from kg.rdf.grammar import is_iri
from kg.rml.functions.registry import BUILT_IN
from kg.rml.functions.signatures import described
from kg.rml.mapping.functions import FN, Function, Functions, Kind, Refused, local_name
from kg.rml.mapping.values import Typed

NAMES: Final = "NAMES"
"""What a file calls the dictionary of the IRIs that mappings of others have for its functions."""
_GIVEN: Final = MappingProxyType(
    {
        Kind.TEXT: (str,),
        Kind.INTEGER: (int,),
        Kind.NUMBER: (int, float, Decimal),
        Kind.BOOLEAN: (bool,),
        Kind.DATE: (date, datetime, Typed),
        Kind.ANY: (str, int, float, Decimal, bool, date, datetime, Typed),
    }
)
"""What a result may be, by what it is said to be."""


@dataclass(frozen=True, slots=True)
class Own:
    """A function of a file, by the text of the file: so it can be sent to other machines."""

    file: str
    source: str
    name: str
    kind: Kind
    gives_many: bool
    floats: frozenset[int] = frozenset()
    """Parameters that take what Python calls a float."""

    def __call__(self, *values: Any) -> Any:
        """Call it; what goes wrong within is told as a fault of the value.

        :raises Refused: if it raises anything, or gives what it does not say
        """
        if self.floats:
            given = enumerate(values)
            values = tuple(float(v) if n in self.floats and v is not None else v for n, v in given)
        try:
            made = _namespace(self.file, self.source)[self.name](*values)
        except Refused:
            raise
        except Exception as error:  # noqa: BLE001 -- the project's code, which may raise anything
            told = f"{type(error).__name__}: {error}"[:300]
            raise Refused(told, f"see {self.file}", str(values[0])[:200] if values else None) from None
        if not self.gives_many:
            return self._checked(made)
        if not isinstance(made, list | tuple):
            raise Refused(f"it gave {made!r:.60}, not a list", f"see {self.file}")
        return [self._checked(one) for one in made]

    def _checked(self, made: Any) -> Any:
        is_sound = isinstance(made, _GIVEN[self.kind]) and (type(made) is not bool or bool in _GIVEN[self.kind])
        if made is not None and not is_sound:
            raise Refused(f"it gave {made!r:.60}, which is not {self.kind}", f"see {self.file}")
        return made


@lru_cache(8)
def _namespace(file: str, source: str) -> dict[str, Any]:
    """What the file defines."""
    space: dict[str, Any] = {"__name__": "functions", "__file__": file}
    exec(compile(source, file, "exec"), space)  # noqa: S102 -- the file that the project names as its code
    return space


def read_own(path: Path, name: str) -> tuple[Function, ...]:
    """The functions of a file: those that it defines at its top level, whose names begin with no underscore.

    :param name: what errors call the file
    :raises MappingError: if it is not Python, cannot be run, or has a function that no mapping could call
    """
    try:
        content = path.read_bytes()
        source = content.decode("utf-8")
        tree = ast.parse(source)
        space = _namespace(name, source)
    except OSError as error:
        raise MappingError(
            f"cannot read the functions of {name}: {error.strerror}", position=Position(name, 1)
        ) from None
    except SyntaxError as error:
        raise MappingError(f"not Python: {error.msg}", position=Position(name, error.lineno or 1)) from None
    except Exception as error:  # noqa: BLE001 -- the project's code, which may raise anything
        what = f"{type(error).__name__}: {error}"[:300]
        raise MappingError(
            f"the functions cannot be read: {what}", position=Position(name, _line(error, name))
        ) from None
    digest = hashlib.sha256(content).hexdigest()
    nodes = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    names = _names_elsewhere(space, tree, name)
    made = tuple(_function(space[node.name], node, _File(name, source, digest), names) for node in nodes)
    known = {key for one in made for key in (one.name, *(f"{one.name}.{its.name}" for its in one.parameters))}
    for unknown in names.keys() - known:
        hint = nearest(unknown, known) or "the name of a function, or that of one with a dot and a parameter"
        raise MappingError(f"{NAMES} names '{unknown}', which is not there", position=_at(tree, name), hint=hint)
    return made


@dataclass(frozen=True, slots=True)
class _File:
    """The file that functions stand in: what errors call it, its text, its hash."""

    name: str
    source: str
    digest: str


def _names_elsewhere(space: Mapping[str, Any], tree: ast.Module, name: str) -> dict[str, str]:
    """What others call the functions of a file and their parameters, by their names here.

    :raises MappingError: if the file says something else than IRIs, or an IRI that a function has already
    """
    said = space.get(NAMES, {})
    hint = f'{NAMES} = {{"arrondissement": "https://example.org/function/district"}}'
    if not isinstance(said, dict) or not all(isinstance(one, str) for pair in said.items() for one in pair):
        raise MappingError(f"{NAMES} is no dictionary of texts", position=_at(tree, name), hint=hint)
    for key, iri in said.items():
        if not is_iri(iri):
            raise MappingError(f"'{iri[:200]}' is not an IRI", position=_at(tree, name), hint=hint)
        if "." not in key and BUILT_IN.find(iri) is not None:
            what = f"there is a function {iri} already"
            raise MappingError(what, position=_at(tree, name), hint="take it out")
    return said


def _at(tree: ast.Module, name: str) -> Position:
    """Where the file says what others call its functions."""
    targets = ((node, target) for node in tree.body for target in _targets(node))
    return Position(name, next((node.lineno for node, target in targets if target == NAMES), 1))


def _targets(node: ast.stmt) -> list[str]:
    found = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [one.id for one in found if isinstance(one, ast.Name)]


def _line(error: BaseException, name: str) -> int:
    found, trace = 1, error.__traceback__
    while trace is not None:
        found = trace.tb_lineno if trace.tb_frame.f_code.co_filename == name else found
        trace = trace.tb_next
    return found


def _function(run: Callable[..., Any], node: ast.FunctionDef, file: _File, names: Mapping[str, str]) -> Function:
    position = Position(file.name, node.lineno)
    if BUILT_IN.find(FN + node.name) is not None:
        hint = "give it another name"
        raise MappingError(f"there is a function '{node.name}' already", position=position, hint=hint)
    try:
        made = described(run, node.name, version=file.digest, grows=True, **_called(node, names))
    except (TypeError, NameError) as error:
        hint = f"def {node.name}(text: str) -> str: ..."
        raise MappingError(f"the function '{node.name}': {error}", position=position, hint=hint) from None
    if not inspect.isfunction(run):
        raise MappingError(f"'{node.name}' is no function any more", position=position)
    hints = get_type_hints(run)
    floats = frozenset(n for n, one in enumerate(made.parameters) if hints[one.name] in {float, float | None})
    return replace(made, run=Own(file.name, file.source, node.name, made.returns, made.gives_many, floats))


def _called(node: ast.FunctionDef, names: Mapping[str, str]) -> dict[str, Any]:
    """What others call a function and its parameters: those of its own namespace need not be named."""
    iri = names.get(node.name)
    space = "" if iri is None else iri.removesuffix(local_name(iri))
    called = {}
    for one in node.args.args:
        given = (names.get(f"{node.name}.{one.arg}"), None if iri is None else space + one.arg)
        called[one.arg] = tuple(filter(None, given))
    return {"iris": () if iri is None else (iri,), "called": called}


def with_own(path: Path | None, name: str = "") -> Functions:
    """The functions that come with the mapper, and those of a project.

    :raises MappingError: if the file is not what it should be
    """
    return BUILT_IN if path is None else Functions((*BUILT_IN.all, *read_own(path, name or str(path))))
