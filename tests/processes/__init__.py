"""Processes that tests begin."""
