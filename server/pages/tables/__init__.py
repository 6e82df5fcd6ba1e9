"""The page of a table: its rows as a grid of what was made of them, sorted and filtered by column, also as CSV."""
