"""What the endpoint says of itself to programs: its description, that of its dataset, and the ways to both."""
