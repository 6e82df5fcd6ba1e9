"""Mappings of before RML-Core: R2RML, the first vocabulary of RML, and what their tools wrote, as today's."""
