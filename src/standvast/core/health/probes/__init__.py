"""The kinds of probes: each file makes one kind. The only part of health that asks the network."""
