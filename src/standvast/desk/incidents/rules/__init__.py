"""What may happen to an incident, how bad it is, and what must be so before it ends. Pure."""
