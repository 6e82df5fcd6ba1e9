"""The functions of mappings: those that come with the mapper, and those of a project."""
