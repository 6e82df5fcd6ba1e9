"""Load N-Quads of a file, or of the standard input, into a store on disk.

python load.py STORE [FILE]
"""

from __future__ import annotations

import sys

import pyoxigraph as ox


def main() -> None:
    folder, *files = sys.argv[1:]
    store = ox.Store(folder)
    for file in files:
        store.bulk_load(path=file, format=ox.RdfFormat.N_QUADS)
    if not files:
        store.bulk_load(sys.stdin.buffer, ox.RdfFormat.N_QUADS)
    store.flush()


if __name__ == "__main__":
    main()
