"""What may be wrong in an answer: found while it is written, and on its way to the client."""
