"""The language of queries: tokens, syntax, and text again (SPARQL 1.1 and 1.2 Query Language)."""
