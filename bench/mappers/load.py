"""Load a file of N-Quads into a store on disk.

python load.py STORE FILE
"""

from __future__ import annotations

import sys

import pyoxigraph as ox


def main() -> None:
    folder, file = sys.argv[1:]
    store = ox.Store(folder)
    store.bulk_load(path=file, format=ox.RdfFormat.N_QUADS)
    store.flush()


if __name__ == "__main__":
    main()
