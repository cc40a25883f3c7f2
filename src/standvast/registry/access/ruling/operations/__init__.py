"""What people do with rules: propose, judge, approve, enforce, take back; give, withhold, ask."""
