"""What can be done with dashboards, one file per noun."""
