"""Annotator: label entities, claims and stance in Persian, Kazakh, Russian and mixed text."""

__version__ = "0.1.0"
