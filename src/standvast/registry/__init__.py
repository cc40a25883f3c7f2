"""Organisations, people, access and patients: who exists, and who may do what."""
