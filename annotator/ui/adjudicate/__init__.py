"""Comparing and adjudicating in the window.

The queue of cases, the text, the versions side by side, reasons.
"""
