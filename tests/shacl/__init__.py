"""Tests of `kg.shacl`; a package, or `bench/shacl.py` would be taken for it."""
