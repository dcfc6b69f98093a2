"""What there is to find: the directory, suggestions, trends, and how much the place is used."""
