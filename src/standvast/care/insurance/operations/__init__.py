"""What happens to coverage. One function, one transaction, one line in the journal."""
