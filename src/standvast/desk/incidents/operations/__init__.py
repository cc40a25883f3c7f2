"""What the desk can do with incidents: one function, one transaction, split by noun."""
