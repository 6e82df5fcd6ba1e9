"""From plans to programs: one generated Python function for each triples map; `reading` makes the plans."""
