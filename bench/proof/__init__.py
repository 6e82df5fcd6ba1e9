"""Shapes against data: the generated graph, the engines, and every shape alone."""
