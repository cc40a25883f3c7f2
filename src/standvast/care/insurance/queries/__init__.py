"""Reads, one file per noun. Whoever shows them to a person journals it: `operations`."""
