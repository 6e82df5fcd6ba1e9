"""Documents in XML, walked by XPath 1.0: as a stream where that is possible, held in memory otherwise.

Nothing is fetched and nothing is expanded: no DTD is loaded, no network is asked, and a document that declares
entities, or names one that it does not declare, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from kg.errors import DataError, KgError, Position
from kg.rml.mapping.model import Batch, Source
from kg.rml.mapping.xpath import has_one_value, is_downward, simple_steps
from kg.rml.sources.stream import opened, too_large, whole

if TYPE_CHECKING:
    from lxml.etree import _Element

    from kg.rml.sources.stream import Reader

ROWS: Final = 1000
_STEP: Final = re.compile(r"(?P<sign>@?)(?:(?P<prefix>(?!xml:)[^\W\d][\w.\-]*):)?(?P<name>[^\W\d][\w.\-]*)")
_DEEP: Final = "Excessive depth"
_LONG: Final = "Text node too long"
_GROWS: Final = ("amplification", "entity reference loop")
_EMPTY: Final = ("Document is empty", "no element found")
_SEVERE: Final = ("ERROR", "FATAL")
_UNKNOWN_ENTITY: Final = "UNDECLARED_ENTITY"


def batches(
    source: Source, references: tuple[str, ...], records: tuple[str, ...] = (), beneath: tuple[str, ...] = ()
) -> Iterator[Batch]:
    """The rows of a document: one value or `None` for an attribute or a function, else a list of values.

    :param records: paths to elements: lists of them as they are, in columns after those of the references
    :param beneath: what these elements will be asked for
    :raises DataError: with file and line, where the document is not what it should be
    :raises StorageError: if the system cannot read it
    """
    readers = [reader(reference, source) for reference in references]
    readers += [elements(path, source) for path in records]
    steps = _streamed(source, (*references, *records, *beneath))
    nodes = _nodes_of_stream(source, steps) if steps is not None else _nodes_of_document(source)
    first = 1
    rows = ((tuple([read(node) for read in readers]), node.sourceline or 1) for node in nodes)
    while chunk := list(islice(rows, ROWS)):
        columns = tuple(zip(*(values for values, _ in chunk), strict=True))
        lines = [line for _, line in chunk]
        yield Batch(columns, len(chunk), first, lines.__getitem__)
        first += len(chunk)


def is_streamed(source: Source, paths: tuple[str, ...]) -> bool:
    """Whether a document is read record by record when this is asked of its records."""
    return _streamed(source, paths) is not None


def _streamed(source: Source, references: tuple[str, ...]) -> tuple[str, ...] | None:
    """The tags from the root to the records, if the document can be read record by record."""
    steps = simple_steps(source.iterator or "/")
    if steps is None or not all(is_downward(reference) for reference in references):
        return None
    known = dict(source.namespaces)
    return tuple(f"{{{known[prefix]}}}{name}" if colon else prefix for prefix, colon, name in map(_split, steps))


def _split(step: str) -> tuple[str, str, str]:
    return step.partition(":")


def elements(path: str, source: Source) -> Callable[[_Element], list[_Element]]:
    """What finds the elements of a path; the source has the namespaces.

    :raises DataError: from it, if it leads to what is no element
    """
    from lxml import etree

    find = etree.XPath(path, namespaces=dict(source.namespaces) or None, regexp=False, smart_strings=False)

    def walk(node: _Element) -> list[_Element]:
        found = find(node)
        listed = found if isinstance(found, list) else [found]
        if not all(etree.iselement(one) and isinstance(one.tag, str) for one in listed):
            raise _no_element(source, node.sourceline or 1)
        return listed

    return walk


def _no_element(source: Source, line: int) -> DataError:
    hint = "end the iterator at elements, and name their attributes and texts in references"
    return DataError("the iterator finds what is no element", position=Position(source.name, line), hint=hint)


def reader(reference: str, source: Source) -> Callable[[_Element], Any]:
    """What reads the value or the values of a reference; the source has the namespaces, and what means nothing."""
    found = _finder(reference, source)
    nulls, is_single = source.nulls, has_one_value(reference)

    def read(node: _Element) -> Any:
        values = found(node)
        if nulls:
            values = [value for value in values if not (isinstance(value, str) and value in nulls)]
        return (values[0] if values else None) if is_single else values

    return read


def _finder(reference: str, source: Source) -> Callable[[_Element], list[Any]]:
    """What finds the values of a reference: a name or an attribute by direct code, all else by the library."""
    from lxml import etree

    string = etree.XPath("string()", smart_strings=False)
    step = _STEP.fullmatch(reference)
    if step is not None:
        prefix = step["prefix"]
        namespace = f"{{{dict(source.namespaces)[prefix]}}}" if prefix else ""
        name = namespace + step["name"]
        if step["sign"]:
            return lambda node: [] if (value := node.get(name)) is None else [value]
        return lambda node: [_text(child, string) for child in node.iterchildren(name)]
    find = etree.XPath(reference, namespaces=dict(source.namespaces) or None, regexp=False, smart_strings=False)

    def walk(node: _Element) -> list[Any]:
        try:
            found = find(node)
        except etree.XPathError as error:
            raise DataError(f"{reference}: {error}", position=Position(source.name, node.sourceline or 1)) from None
        return [_text(item, string) for item in found] if isinstance(found, list) else [_value(found)]

    return walk


def _value(found: str | float | bool) -> str | int | float | bool:  # noqa: FBT001 -- a value, not a switch
    """The result of a function; a number without a fraction is a whole one, as `string()` writes it."""
    return int(found) if isinstance(found, float) and found.is_integer() else found


def _text(item: Any, string: Callable[[Any], Any]) -> str:
    """The string value of a node (XPath 1.0, section 5)."""
    if isinstance(item, str):
        return item
    if isinstance(item, tuple):  # a namespace node: prefix and name
        return str(item[1])
    if not len(item) or not isinstance(item.tag, str):
        return item.text or ""
    return str(string(item))


def _nodes_of_stream(source: Source, steps: tuple[str, ...]) -> Iterator[_Element]:
    from lxml import etree

    with opened(source) as file:
        measured = _Measured(source, file)
        walk = etree.iterparse(measured, events=("end",), tag=steps[-1], **_options(source))
        above = list(steps[-2::-1])
        is_watched: bool | None = None
        try:
            for _, node in walk:
                if is_watched is None:
                    is_watched = _has_subset(source, node)
                if [inner.tag for inner in node.iterancestors()] != above:
                    continue
                if is_watched:
                    _check_known(source, walk)
                yield node
                _let_go(node)
                measured.since = 0
            if walk.root is not None and _has_subset(source, walk.root):
                _check_known(source, walk)
        except etree.XMLSyntaxError as error:
            raise _faulty(source, error, walk) from None


class _Measured:
    """A file whose reader may not go on forever without finding a record."""

    def __init__(self, source: Source, file: Reader) -> None:
        self._source, self._file = source, file
        self.since = 0
        self.total = 0

    def read(self, count: int = -1) -> bytes:
        content = self._file.read1(count)
        self.total += len(content)
        self.since += len(content)
        if self.since > self._source.limits.document:
            raise too_large(self._source)
        return content


def _let_go(node: _Element) -> None:
    """Forget a record and all that stands before it."""
    node.clear(keep_tail=False)
    above: _Element | None = node
    while above is not None:
        while (before := above.getprevious()) is not None:
            parent = above.getparent()
            if parent is None:
                return
            parent.remove(before)
        above = above.getparent()


def _nodes_of_document(source: Source) -> Iterator[_Element]:
    yield from records_in(source, whole(source))


def root_of(source: Source) -> _Element:
    """The root of a document, which is held whole.

    :raises DataError: if it is not what it should be
    """
    return _root(source, whole(source))


def _root(source: Source, content: bytes) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(**_options(source))
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _faulty(source, error, parser) from None
    except ValueError as error:  # of the encoding that the document names
        raise DataError(f"not XML: {error}", position=Position(source.name, 1)) from None
    if _has_subset(source, root):
        _check_known(source, parser)
    return root


def records_in(source: Source, content: bytes) -> Iterator[_Element]:
    """The elements of a document that the iterator of a source finds.

    :raises DataError: if it is not what it should be
    """
    from lxml import etree

    root = _root(source, content)
    iterator = source.iterator or "/"
    find = etree.XPath(iterator, namespaces=dict(source.namespaces) or None, regexp=False, smart_strings=False)
    tree = root.getroottree()
    found = [root] if iterator.strip() == "/" else find(tree)
    for node in found if isinstance(found, list) else [found]:
        if not etree.iselement(node) or not isinstance(node.tag, str):
            raise _no_element(source, 1)
        yield node


def with_prefixes(source: Source) -> Source:
    """A source with the prefixes that the root of its document declares, beside those that the mapping does.

    RML has no other way for a mapping of before `rml:namespace`, and the translators of YARRRML write none. What cannot
    be read has no prefixes; why it cannot is told where its records are read.
    """
    from lxml import etree

    try:
        with opened(source) as file:
            walk = etree.iterparse(_Measured(source, file), events=("start",), **_options(source))
            _, root = next(walk, ("", None))
            found = {} if root is None else {prefix: iri for prefix, iri in root.nsmap.items() if prefix is not None}
    except (etree.XMLSyntaxError, LookupError, KgError):
        return source
    return replace(source, namespaces=tuple(sorted({**found, **dict(source.namespaces)}.items())))


def _options(source: Source) -> Mapping[str, Any]:
    is_own = source.encoding == "utf-8"
    return {
        "resolve_entities": False,
        "load_dtd": False,
        "no_network": True,
        "dtd_validation": False,
        "attribute_defaults": False,
        "huge_tree": source.limits.allows_huge,
        "encoding": None if is_own else source.encoding,
    }


def _has_subset(source: Source, node: _Element) -> bool:
    """Whether the document has a DTD; entities are not expanded, so one that declares some would be read wrongly.

    :raises DataError: if it does
    """
    subset = node.getroottree().docinfo.internalDTD
    names = [] if subset is None else [str(entity.name) for entity in subset.iterentities()]
    if names:
        raise DataError(
            f"the document declares entities: {', '.join(names)}"[:200],
            position=Position(source.name, 1),
            hint="entities can grow without bound: expand them first, for example with xmllint --noent",
        )
    return subset is not None


def _check_known(source: Source, parser: Any) -> None:
    for entry in parser.error_log:
        if _UNKNOWN_ENTITY in entry.type_name:
            hint = "its DTD is not loaded: write the characters themselves"
            raise DataError(entry.message, position=Position(source.name, entry.line), hint=hint)


def _faulty(source: Source, error: Any, parser: Any) -> DataError:
    """What the parser refuses, in our words where it is a limit; its log tells more than what it raises."""
    first = next((entry for entry in parser.error_log if entry.level_name in _SEVERE), None)
    message = str(first.message if first else error.msg).strip().partition(", line ")[0]
    position = Position(source.name, (first.line if first else error.lineno) or 1)
    hint: str | None = None
    if _DEEP in message:
        message = "the XML is nested too deeply"
        hint = "256 levels are allowed, with --limit record=32M or more 2048"
    elif _LONG in message:
        message, hint = "a text is longer than 10 MB", "is it sound? Then allow it: --limit record=64M"
    elif any(part in message for part in _GROWS):
        message, hint = "the entities of the document grow without bound", "this is how an attack looks: do not use it"
    elif any(part in message for part in _EMPTY):
        message = "the document is empty"
    else:
        message = f"not XML: {message}"
    return DataError(message, position=position, hint=hint)
