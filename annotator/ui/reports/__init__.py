"""The reports of the window.

Tables and charts of progress, time and agreement, down to the spans behind a figure.
"""
