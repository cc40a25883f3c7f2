"""What the parts are worth, measured as ratios in one run on one database."""
