"""Tables of any kind, read row by row."""
