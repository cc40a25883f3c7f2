"""What happens to requests and profiles, by noun."""
