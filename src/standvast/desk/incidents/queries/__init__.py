"""Reads for pages and reports: frozen rows, never live models."""
