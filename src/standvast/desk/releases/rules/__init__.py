"""What may be released, when, and on which evidence. Pure."""
