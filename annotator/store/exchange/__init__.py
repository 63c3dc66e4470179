"""What travels between the projects of a team."""
