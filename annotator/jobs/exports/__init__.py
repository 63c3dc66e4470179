"""Writing files from a project."""
