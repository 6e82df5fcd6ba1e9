"""Metadata of tables (CSVW) as a mapping: what they say of columns becomes triples (csv2rdf, minimal mode)."""
