"""What may be asked, by whom, and for how long. Pure."""
