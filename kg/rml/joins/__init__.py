"""The parent side of joins: an index of subjects by the values that are compared, in memory or on disk."""
