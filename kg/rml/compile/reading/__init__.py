"""From statements to a plan: what a mapping says, read and checked before the first row is."""
