"""The outages, replayed against the running system, each with a red twin that must fail."""
