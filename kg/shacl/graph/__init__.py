"""A data graph for validation: terms as numbers, statements as columns."""
