"""What is wrong with a query that was refused, in the words of people: line, column, cause and cure."""
