"""A shapes graph: read from files, checked whole, and kept as frozen values."""
