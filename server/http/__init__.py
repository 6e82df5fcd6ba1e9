"""HTTP and the SPARQL Protocol without any web framework: negotiation, headers, problems, quota."""
