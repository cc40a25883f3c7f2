"""Where people reach the network: one file per peer."""
