"""Pages of launches. Translate HTTP to one operation and back; decide nothing."""
