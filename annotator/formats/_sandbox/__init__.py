"""Other programs' files, read in a process of its own with limits."""
