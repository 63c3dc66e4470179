"""Object names that one part of the window gives and another looks for."""

OF_A_PROJECT = "of a project"
"""The name of windows beside the main one that go when the project is closed."""
