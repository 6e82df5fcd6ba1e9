"""Sources: files and databases as batches of rows."""
