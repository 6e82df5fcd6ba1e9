"""The page of a thing: who says what of it, what holds of it, what refers to it, in the order of its class."""
