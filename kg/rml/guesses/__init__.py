"""What a person may have meant by the cells of a table, for a first mapping of it: guesses, each with its reason."""
