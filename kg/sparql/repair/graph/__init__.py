"""GRAPH, evaluated in each named graph by itself (SPARQL 1.1 Query, 18.6)."""
