"""Values as a person reads them: amounts, dates and numbers in words, and names for what has no label."""
