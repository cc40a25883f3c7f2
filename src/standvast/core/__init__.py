"""Reliability that knows nothing of care: lanes, lobby, group commit, journal, health, keepers."""
