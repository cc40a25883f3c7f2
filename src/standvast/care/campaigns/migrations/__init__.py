"""Migrations of the order desk."""
