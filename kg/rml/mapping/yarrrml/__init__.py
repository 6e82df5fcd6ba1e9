"""YARRRML, translated to statements of RML-Core that know their line in the YAML."""
