"""Packed files that were written, read with other code than that which wrote them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path


def unpacked(path: Path) -> tuple[bytes, str]:
    """What a file holds, and the suffix of that; an archive holds one file."""
    content, name = path.read_bytes(), path.name
    if name.endswith((".tar.gz", ".tar.xz")):
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            (member,) = archive.getmembers()
            inner = archive.extractfile(member)
            assert inner is not None
            return inner.read(), Path(name.rpartition(".tar.")[0]).suffix
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (member_name,) = archive.namelist()
            return archive.read(member_name), Path(name.removesuffix(".zip")).suffix
    for end, unpack in ((".gz", gzip.decompress), (".bz2", bz2.decompress), (".xz", lzma.decompress)):
        if name.endswith(end):
            return unpack(content), Path(name.removesuffix(end)).suffix
    return content, path.suffix
