"""What happens to apps and grants. One function, one transaction, told in the journal."""
