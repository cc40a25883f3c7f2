"""What care people use. Services do not know each other."""
