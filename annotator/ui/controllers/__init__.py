"""What runs beside the window: jobs on projects, bundles, cases."""
