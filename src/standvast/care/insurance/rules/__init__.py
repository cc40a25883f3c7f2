"""What is decided about coverage. Pure."""
