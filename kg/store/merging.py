"""Stores merged into one by RocksDB itself, whose files are taken over as they are: no statement is read.

Oxigraph keeps each order of statements in a column family of RocksDB. Its merging (`Store.optimize`) writes files that
are not packed while a family has less than 512 MB, and no setting of pyoxigraph changes that. So stores are loaded
apart, which packs them and merges nothing, and rocksdict, another binding of RocksDB, hands the files of all families
to the first store and merges each family once. Of keys and values nothing is known here, but that what two stores say
of one key is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

_OWN: Final = "default"
"""The family that RocksDB always has: it holds what kind of store this is, and every store the same."""
_LEVELS: Final = 7
_FILES: Final = 256
"""Files that are kept open: systems allow a process some hundreds."""
_CONFIG: Final = "rocksdict-config.json"
"""Left in the folder by rocksdict, for itself."""
_BITS: Final = 10
"""Of a Bloom filter for each key, as Oxigraph has it."""
_BLOCK: Final = 8 << 10
"""Bytes that are packed together: twice as many as Oxigraph has, which takes 7 % less of the disk."""


def can_merge() -> bool:
    """Whether there is a rocksdict for this machine."""
    try:
        import rocksdict  # noqa: F401
    except ImportError:
        return False
    return True


def is_readable(path: Path) -> bool:
    """Whether rocksdict can open a store: an Oxigraph to come may write files that it does not know."""
    try:
        with _failures(path), closing(_opened(path, for_reading=True)):
            return True
    except RuntimeError:
        return False


def merge(path: Path, others: Sequence[Path]) -> None:
    """Merge stores that nobody has open into that at `path`; the `others` are used up, wherever it ends.

    Files are linked where the file system can do so. All entries are there before any are merged, which is counted;
    what RocksDB merges it counts itself.

    :raises RuntimeError: in the words of RocksDB, if the disk is full, or a store is damaged or of another kind
    """
    with _failures(path):
        with closing(_opened(path, for_reading=False)) as whole:
            families = [name for name in _families(path) if name != _OWN]
            expected = {name: _entries(whole, name) for name in families}
            for other in others:
                for name, entries in _hand_over(other, whole, families).items():
                    expected[name] += entries
            for name in families:
                _merge_family(path, whole, name, expected[name])
        (path / _CONFIG).unlink(missing_ok=True)


@contextmanager
def _failures(path: Path) -> Iterator[None]:
    """Name the errors of rocksdict, which are of the class that all others are of."""
    try:
        yield
    except Exception as error:
        if type(error) is Exception:
            raise RuntimeError(f"the store {path} cannot be merged: {error}") from error
        raise


def _families(path: Path) -> list[str]:
    from rocksdict import Rdict

    return sorted(Rdict.list_cf(str(path)))


def _opened(path: Path, *, for_reading: bool) -> Any:
    from rocksdict import AccessType, Rdict

    families = {name: _options(name) for name in _families(path)}
    access = AccessType.read_only() if for_reading else AccessType.read_write()
    return Rdict(str(path), _options(_OWN), column_families=families, access_type=access)


def _options(family: str) -> Any:
    """How files are written: packed at all levels, in the oldest format that Oxigraph writes itself."""
    from rocksdict import BlockBasedOptions, DataBlockIndexType, DBCompressionType, Options

    blocks = BlockBasedOptions()
    blocks.set_format_version(5)
    if family == "id2str":  # looked up by whole keys and never run through, so Oxigraph indexes it in this way
        blocks.set_bloom_filter(_BITS, block_based=False)
        blocks.set_data_block_index_type(DataBlockIndexType.binary_and_hash())
        blocks.set_data_block_hash_ratio(0.75)
    else:
        blocks.set_block_size(_BLOCK)
    options = Options(raw_mode=True)
    options.create_if_missing(create_if_missing=False)
    options.set_disable_auto_compactions(disable=True)
    options.set_compression_type(DBCompressionType.lz4())
    options.set_block_based_table_factory(blocks)
    options.set_max_open_files(_FILES)
    options.set_keep_log_file_num(1)
    # Nothing is too much for the lowest level, so that everything is merged there at once.
    options.set_max_bytes_for_level_base(1 << 50)
    return options


def _hand_over(path: Path, whole: Any, families: list[str]) -> dict[str, int]:
    """Give the files of a store to the whole one; says how many entries each family of it has."""
    from rocksdict import IngestExternalFileOptions

    moving = IngestExternalFileOptions()
    moving.set_move_files(v=True)
    with closing(_opened(path, for_reading=True)) as part:
        if _families(path) != sorted([_OWN, *families]) or list(part.items()) != list(whole.items()):
            raise RuntimeError(f"{path} is a store of another kind")
        entries = {name: _entries(part, name) for name in families}
        files = {name: _files(path, part, name) for name in families}
    for name in families:
        with closing(whole.get_column_family(name)) as family:
            for file in files[name]:
                family.ingest_external_file([file], moving)
    return entries


def _files(path: Path, store: Any, name: str) -> list[str]:
    """The files of a family; RocksDB tells of each in a line, which begins with its number and size."""
    with closing(store.get_column_family(name)) as family:
        told = family.property_value("rocksdb.sstables")
    return [str(path / f"{int(number):06}.sst") for number in re.findall(r"^ (\d+):\d+\[", told, re.MULTILINE)]


def _entries(store: Any, name: str) -> int:
    """How many entries the files of a family have, the same key in two files twice."""
    with closing(store.get_column_family(name)) as family:
        told = family.property_value("rocksdb.aggregated-table-properties")
    found = re.search(r"# entries=(\d+)", told)
    if found is None:
        raise RuntimeError(f"RocksDB does not tell how many entries {name} has: {told}")
    return int(found[1])


def _merge_family(path: Path, whole: Any, name: str, expected: int) -> None:
    """Merge what a family has been given.

    RocksDB keeps to itself why it could not, and tells it in its log.
    """
    given = _entries(whole, name)
    if given != expected:
        raise RuntimeError(f"of {expected} entries of {name}, {given} are in {path}")
    with closing(whole.get_column_family(name)) as family:
        family.compact_range(None, None)
        above = [family.property_value(f"rocksdb.num-files-at-level{level}") for level in range(_LEVELS - 1)]
    if any(number != "0" for number in above):
        raise RuntimeError(f"{name} of {path} cannot be merged: {_reason(path)}")


def _reason(path: Path) -> str:
    """The last fault in RocksDB's log; it takes a merging to be too large where it would fill the disk."""
    lines = (path / "LOG").read_text(encoding="utf-8", errors="replace").splitlines()
    faults = [line for line in lines if "ompaction" in line and "rror" in line and "Options." not in line]
    full = any("No space left" in line or "Compaction too large" in line for line in faults)
    return "No space left on device" if full else faults[-1] if faults else "RocksDB does not tell why"
