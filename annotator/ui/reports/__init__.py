"""The reports of the window: tables and charts of progress, time and agreement, down to the spans behind a figure."""
