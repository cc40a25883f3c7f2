"""What is done with certificates: handed in, looked at, switched, withdrawn."""
