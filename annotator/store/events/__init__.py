"""The log of events, and what is made from it."""
