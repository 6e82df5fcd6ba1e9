"""What lies beside the store of a release: the index of its texts, and the store that has the description as well.

Both follow from the statements and have no part in the id of a release; both are made in its folder, and made anew
where they are not there as they are to be.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from kg import search, store
from kg.description import beside
from kg.paths import program_digest
from kg.rml.run.distinct import Sorter
from kg.runs.contents import STORE, VOID
from kg.runs.kinds import Kinds, with_description
from kg.runs.sealing import Seal, digest_of, made


def index(folder: Path, graph: str, blocks: Callable[[], Iterable[Iterable[bytes]]]) -> bool:
    """Make the index in the folder of a release, unless it is there as this program makes it; gives whether it did.

    Its words decide, not the whole program: so a server reads what an older one has made.

    :param graph: the SHA-256 of the lines
    :param blocks: gives the sorted lines, if they are needed
    :raises StorageError: if the disk is full, read-only or not permitted
    """
    place = folder / search.FOLDER
    if search.is_current(folder / search.INDEX, graph) and Seal.of(place).holds(graph):
        return False
    try:
        place.mkdir(exist_ok=True)
        search.make(blocks(), folder / search.INDEX, graph)
        Seal(place, graph).write()
    except OSError as error:
        raise store.storage_error(error, place) from error
    return True


def describe(folder: Path) -> bool:
    """Make the store that has the description too, of the store of a release and its `void.ttl`, likewise.

    :raises OSError: if it cannot be written
    """
    description = folder / VOID
    return made(
        folder / beside.FOLDER,
        # It names the id of the release, which follows from the statements.
        digest_of(description),
        program_digest(),
        lambda: beside.set_beside(folder / STORE, description.read_bytes()),
        linked=folder / STORE,
    )


def beside_store(folder: Path, *, indexed: bool, described: bool) -> dict[str, list[str]]:
    """Index the texts of `store/` in a folder that is no release, as `kg serve FILE` makes one, if asked.

    Gives the kinds of the values of each property, of its statements and of those in its description; nothing where it
    is not described.

    :raises StorageError: if the disk is full, read-only or not permitted
    :raises ReleaseError: if the store cannot be read
    """
    kinds = Kinds()
    try:
        if indexed:
            _index_store(folder, kinds if described else None)
        elif described:
            for block in store.dump(folder / STORE):
                kinds.take_block(block)
        return with_description(kinds.of_properties(), (folder / VOID).read_bytes()) if described else {}
    except OSError as error:
        raise store.storage_error(error, folder) from error


def _index_store(folder: Path, kinds: Kinds | None) -> None:
    """Index the texts of a store; its lines pass once, for their `kinds` too."""
    (folder / search.FOLDER).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="runs-", dir=folder) as runs:
        sorter = Sorter(Path(runs))
        for block in store.dump(folder / STORE):
            if kinds is not None:
                kinds.take_block(block)
            sorter.write(b"".join(line for line in block.splitlines(keepends=True) if search.matters(line)))
        search.make(sorter.blocks(), folder / search.INDEX, "")
