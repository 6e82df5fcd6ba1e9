"""All classes of a release in one picture, with the properties between their things."""
