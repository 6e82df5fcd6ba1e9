"""Programs at work: batches of rows become lines, in one process or several."""
