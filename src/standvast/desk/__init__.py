"""What operators use: incidents, status, lanes, reports. Knows nothing of care."""
