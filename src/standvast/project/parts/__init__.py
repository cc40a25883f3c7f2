"""What each care service brings to the wiring, one file each; left out with the service."""
