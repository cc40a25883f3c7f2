"""Pages, one file per noun. Translate HTTP to one operation and back; decide nothing."""
