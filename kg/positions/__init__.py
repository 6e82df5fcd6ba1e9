"""YAML reading that remembers file and line of every key and value.

The subset is that of data, not of programs: one document, no aliases, no anchors, no tags, no duplicate keys; plain
scalars are read by the JSON schema of YAML 1.2 (section 10.2), so that `no` is a word and `2025-07` is no number.
"""

from kg.positions.faults import Faults
from kg.positions.nodes import Node, Scalar, Sequence, Table, Value
from kg.positions.reading import parse_yaml, read_bytes, read_yaml

__all__ = ["Faults", "Node", "Scalar", "Sequence", "Table", "Value", "parse_yaml", "read_bytes", "read_yaml"]
