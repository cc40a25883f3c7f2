"""Pages of incidents: HTTP in, one operation, HTTP out; split by noun."""
