"""Pages of the rules: the desk's, and a practice's own."""
