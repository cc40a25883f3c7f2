"""What is decided about coverage, care activities and claims. Pure."""
