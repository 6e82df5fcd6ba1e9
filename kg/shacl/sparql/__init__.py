"""Queries of shapes put to a data graph: the store that they see, and the process that ends them."""
