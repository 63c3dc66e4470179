"""Functions on plain strings.

Offsets are Unicode code points, 0-based, end exclusive, everywhere.
"""
