"""Chores beside `dev.py run` and `dev.py test`: each a small program of its own."""
