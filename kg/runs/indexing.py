"""The index of the texts of a release, or of a store that is none: made in its folder, and made anew if need be.

It follows from the statements and has no part in the id of a release.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from kg import search, store
from kg.rml.run.distinct import Sorter
from kg.runs.sealing import Seal


def index(folder: Path, graph: str, blocks: Callable[[], Iterable[Iterable[bytes]]]) -> bool:
    """Make the index in the folder of a release, unless it is there as this program makes it; gives whether it did.

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


def index_store(folder: Path) -> None:
    """Make the index of `store/` in a folder that is no release, as `kg serve FILE` makes one.

    :raises StorageError: if the disk is full, read-only or not permitted
    :raises ReleaseError: if the store cannot be read
    """
    try:
        (folder / search.FOLDER).mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="runs-", dir=folder) as runs:
            sorter = Sorter(Path(runs))
            for block in store.dump(folder / "store"):
                sorter.write(b"".join(line for line in block.splitlines(keepends=True) if search.matters(line)))
            search.make(sorter.blocks(), folder / search.INDEX, "")
    except OSError as error:
        raise store.storage_error(error, folder) from error
