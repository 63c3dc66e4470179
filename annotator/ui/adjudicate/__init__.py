"""Comparing and adjudicating in the window: the queue of cases, the text, the versions side by side, reasons."""
