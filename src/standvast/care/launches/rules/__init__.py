"""What a launch must carry to be taken, and what a target must be to be launched into. Pure."""
