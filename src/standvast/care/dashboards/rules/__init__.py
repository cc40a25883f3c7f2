"""What may be shown, and how it is put together. Pure."""
