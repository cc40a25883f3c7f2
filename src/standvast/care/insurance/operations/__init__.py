"""What happens to coverage and claims. One function, one transaction, one line in the journal."""
