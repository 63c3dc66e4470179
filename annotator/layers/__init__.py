"""Layers of one document held against one another, span by span: small and light, for the window at work."""
