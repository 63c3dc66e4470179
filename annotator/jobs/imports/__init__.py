"""Bringing files into a project."""
