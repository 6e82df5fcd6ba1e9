"""Lines that are loaded into a store while more of them are made."""

from __future__ import annotations

import io
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from kg.errors import DataError, UsageError
from kg.rdf import Forms, RdfFile
from kg.store import create, storage_error

_LEAST: Final = 32 << 20
"""Bytes that are worth a load of their own."""


@contextmanager
def loading(path: Path, least: int = _LEAST, forms: Forms | None = None) -> Iterator[IO[bytes]]:
    """A file to write N-Quads to, whole lines at a time: they end in a new Oxigraph store at `path`.

    The store is made aside and appears when it is whole; after a failure there is none. What has been written since
    the loader was last free is loaded at once, in its own thread: few large loads cost less than many small ones,
    and making the lines costs no time of its own as long as it is the faster of the two. Until they are loaded, the
    lines lie on disk beside the store. `forms` counts the literals that the store keeps in another form.

    :raises UsageError: if something is at `path` already
    :raises DataError: if a line is not N-Quads
    :raises StorageError: if the disk is full, read-only or not permitted
    """
    if path.is_symlink() or (path.exists() and not (path.is_dir() and not any(path.iterdir()))):
        raise UsageError(f"{path} is there already", hint="a store is made in a new folder: name another, or remove it")
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        aside.mkdir()
        loader = _Loader(aside, least, forms)
        try:
            yield cast("IO[bytes]", loader)
            loader.finish()
        finally:
            loader.end()
        (aside / "store").replace(path)
    except (OSError, RuntimeError) as error:
        raise storage_error(error, path) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


class _Loader(io.RawIOBase):
    """Takes lines, and loads those of a file into a store while the next file is written."""

    def __init__(self, folder: Path, least: int, forms: Forms | None) -> None:
        self._folder, self._least, self._forms = folder, least, forms
        self._store = create(folder / "store")
        self._thread = ThreadPoolExecutor(1, "loading")
        self._running: Future[None] | None = None
        self._made = self._size = 0
        self._has_blank_nodes = False
        self._open()

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Take some lines."""
        self._file.write(content)
        self._size += len(content)
        # A store renames the blank nodes of each load: lines that may share one are loaded at once, at the end.
        self._has_blank_nodes = self._has_blank_nodes or b"_:" in content
        is_free = self._running is None or self._running.done()
        if self._size >= self._least and is_free and not self._has_blank_nodes:
            self._hand_over()
        return len(content)

    def finish(self) -> None:
        """Load what is left, and make the store ready to be read."""
        self._hand_over()
        self._wait()
        self._store.flush()

    def end(self) -> None:
        """Let go of the store; it is closed when nobody loads into it."""
        self._thread.shutdown(cancel_futures=True)
        self._file.close()
        del self._store

    def _open(self) -> None:
        self._path = self._folder / f"{self._made}.nq"
        self._made += 1
        self._file = self._path.open("wb")
        self._size = 0

    def _hand_over(self) -> None:
        self._wait()
        self._file.close()
        self._running = self._thread.submit(self._load, self._path)
        self._open()

    def _wait(self) -> None:
        if self._running is not None:
            self._running.result()

    def _load(self, path: Path) -> None:
        if self._forms is not None:
            self._forms.read(RdfFile(path, ox.RdfFormat.N_QUADS))
        try:
            self._store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise DataError(f"a line is not N-Quads: {error}") from None
        path.unlink()
