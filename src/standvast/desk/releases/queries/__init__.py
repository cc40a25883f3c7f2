"""Reads of the register; frozen rows out."""
