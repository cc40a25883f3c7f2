"""Pages of grants, for people and for apps. Translate HTTP to one operation and back."""
