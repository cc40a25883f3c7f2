"""Reads of grants: frozen rows out."""
