"""What a mapping says: Turtle and YARRRML, read and checked, as frozen values."""
