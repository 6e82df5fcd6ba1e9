"""Logical views (RML-LV): read from a mapping, pruned to what is used, and run as flat rows over other sources."""
