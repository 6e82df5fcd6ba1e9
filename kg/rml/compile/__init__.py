"""From statements to programs: plans, term maps, and one generated Python function for each triples map."""
