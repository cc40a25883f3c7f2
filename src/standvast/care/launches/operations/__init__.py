"""What happens at a launch. One function, one transaction, one line in the journal."""
