"""What happens to patients. One function, one transaction, one line in the journal."""
