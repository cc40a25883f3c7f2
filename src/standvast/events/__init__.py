"""What modules tell each other: frozen dataclasses with versioned names. No Django."""
