"""What the desk can do with reports, actions and drills."""
