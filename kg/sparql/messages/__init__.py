"""What is wrong with a query that was refused, in the words of people: line, column, cause and cure.

What is asked of a right query is one look for the names of other products; everything else is loaded and done when
a query was refused.
"""
