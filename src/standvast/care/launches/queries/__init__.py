"""Reads of launches: frozen rows out."""
