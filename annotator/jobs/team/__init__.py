"""Sharing work out, taking it back, adjudicating."""
