"""What happens to releases. One function, one transaction, one line in the journal."""
