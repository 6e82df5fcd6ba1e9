"""Files that a mapping writes itself: which they are, where they may lie, how they are written (RML-IO, targets)."""
