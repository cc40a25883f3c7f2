"""What the house does with a lobby: `planning`, and the `night` itself, on locked `rows`."""
