"""What is right about a certificate, and when it may move. Pure."""
