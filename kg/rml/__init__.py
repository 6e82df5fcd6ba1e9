"""Mappings of tables and trees to RDF: RML-Core, and YARRRML as another spelling of it."""
