"""What a function of a mapping is, and a set of functions that can be found by IRI or name (RML-FNML, FnO).

Functions are plain Python functions of single values. What they take and give is known before a row is read, so that
a mapping is checked whole: an unknown parameter, or a text where a number is wanted, is told with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

FN: Final = "https://w3id.org/zellige/fn#"
"""The namespace of the functions that come with the mapper, and of those of a project."""
GREL: Final = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"
IDLAB: Final = "https://w3id.org/imec/idlab/function#"
OLD_IDLAB: Final = "http://example.com/idlab/function/"
"""Where YARRRML's translators once put the functions of IDLab."""
MORPH: Final = "https://github.com/morph-kgc/morph-kgc/function/built-in.ttl#"
"""What morph-kgc has beside those of GREL."""
PREFIXES: Final[Mapping[str, str]] = MappingProxyType({"fn": FN, "grel": GREL, "idlab-fn": IDLAB, "morph-kgc": MORPH})
LONGEST: Final = 1 << 20
"""Characters of a text that a function may give."""
MOST: Final = 10_000
"""Values that a function may give for one row."""


class Refused(ValueError):
    """A function can make nothing of its values: why, what to do, and which value it is about."""

    def __init__(self, message: str, hint: str | None = None, value: str | None = None) -> None:
        super().__init__(message)
        self.hint, self.value = hint, value


class Kind(StrEnum):
    """What a parameter takes, or a function gives."""

    TEXT = "a text"
    INTEGER = "a whole number"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    DATE = "a date"
    ANY = "any value"
    TEXTS = "texts"
    """All values of a row at once."""
    TABLE = "a file with a table"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a function takes."""

    name: str
    kind: Kind
    iris: tuple[str, ...] = ()
    """What others call it, beside its name in our namespace."""
    is_required: bool = True
    default: Any = None
    takes_absent: bool = False
    """Whether the function is asked even if there is no value; else there is no result then."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function, by what is known of it without calling it."""

    name: str
    summary: str = field(compare=False)
    parameters: tuple[Parameter, ...] = field(compare=False)
    returns: Kind = field(compare=False)
    run: Callable[..., Any] = field(compare=False)
    gives_many: bool = field(default=False, compare=False)
    """Whether it gives several values for a row, each of what it returns."""
    grows: bool = field(default=False, compare=False)
    """Whether the text that it gives may be longer than those that it takes."""
    iris: tuple[str, ...] = field(default=(), compare=False)
    """What others call it, beside its name in our namespace."""
    outputs: tuple[str, ...] = field(default=(), compare=False)
    """What others call its result, beside those of its kind."""
    check: Callable[[Mapping[str, Any]], None] | None = field(default=None, compare=False)
    """What looks at the values that are the same for every row, by parameter, when the mapping is read."""
    column: Callable[..., list[Any]] | None = field(default=None, compare=False)
    """What gives the results of a whole column of texts, its first parameter, where all others are the same in every
    row; it may fail where a row would."""
    version: str = ""
    """What tells two functions of one name apart: of a function of a project, the hash of its file."""

    def parameter(self, iri: str, given: Collection[str] = ()) -> Parameter | None:
        """The parameter of an IRI, of a name in our namespace, or of a number there, from 1.

        :param given: names of parameters that have a value: where several have one IRI, the next one is meant
        """
        iri = iri.replace(OLD_IDLAB, IDLAB, 1)
        local = local_name(iri)
        if iri.startswith(FN) and local.isdecimal() and local.isascii():
            return self.parameters[int(local) - 1] if 1 <= int(local) <= len(self.parameters) else None
        is_ours = iri.startswith(FN)
        meant = [
            one
            for one in self.parameters
            if iri in one.iris or (is_ours and local in {one.name, *map(local_name, one.iris)})
        ]
        free = (one for one in meant if one.name not in given)
        return next(free, meant[0] if meant else None)

    def gives(self, iri: str) -> bool:
        """Whether an IRI is one of the names of its result."""
        kinds = {self.returns} if self.returns is not Kind.ANY else set(OUTPUTS)
        known = {FN + "result", *self.outputs, *(iri for kind in kinds for iri in OUTPUTS[kind])}
        return iri in known or (self.gives_many and iri in OUTPUTS[Kind.TEXTS])


def _named(*names: str) -> tuple[str, ...]:
    return tuple(expand(name) for name in names)


def expand(name: str) -> str:
    """The IRI of a prefixed name of a function.

    >>> expand("fn:trim")
    'https://w3id.org/zellige/fn#trim'
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def compress(iri: str) -> str:
    """The name of a function as a person writes it; an IRI of another namespace as it is.

    >>> compress(GREL + "toUpperCase"), compress("http://e/f")
    ('grel:toUpperCase', 'http://e/f')
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def local_name(iri: str) -> str:
    """What stands behind the last `#`, `/` or `:` of an IRI."""
    return iri.rpartition("#")[2].rpartition("/")[2].rpartition(":")[2]


_TEXT: Final = _named("grel:stringOut", "grel:stringOutput", "grel:output_string", "idlab-fn:_stringOut")
_NUMBER: Final = _named(
    "grel:output_number", "grel:numberOut", "grel:intOut", "idlab-fn:_numberOut", "idlab-fn:_intOut"
)
OUTPUTS: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        Kind.TEXT: _TEXT,
        Kind.INTEGER: _NUMBER,
        Kind.NUMBER: _NUMBER,
        Kind.BOOLEAN: _named("grel:output_bool", "grel:boolOut", "idlab-fn:_boolOut"),
        Kind.DATE: _named("grel:output_datetime", "grel:dateOut", "idlab-fn:_dateOut", "idlab-fn:_stringOut"),
        Kind.TEXTS: _named("grel:output_array", "grel:arrayOut", "idlab-fn:_listOut"),
    }
)
"""What results are called, by what they are: FnO gives outputs names of their own."""


class Functions:
    """Functions that a mapping may use."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self.all = tuple(functions)

    @cached_property
    def _by_iri(self) -> Mapping[str, Function]:
        found: dict[str, Function] = {}
        for function in self.all:
            for iri in (FN + function.name, *function.iris):
                found.setdefault(iri, function)
        for function in self.all:
            for iri in function.iris:  # names without a prefix, as YARRRML writes them, are looked up in our namespace
                found.setdefault(FN + local_name(iri), function)
        return MappingProxyType(found)

    def find(self, iri: str) -> Function | None:
        """The function of an IRI."""
        if iri.startswith(OLD_IDLAB):
            iri = IDLAB + iri[len(OLD_IDLAB) :]
        return self._by_iri.get(iri)

    def iris(self) -> tuple[str, ...]:
        """All IRIs that are known."""
        return tuple(self._by_iri)
