"""The public page as files: gathered, rendered, written whole; served by anything."""
