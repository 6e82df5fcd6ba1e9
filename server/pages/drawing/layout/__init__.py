"""Where each mark of a drawing stands: pure functions from values to positions, in no language."""
