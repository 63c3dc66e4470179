"""The project file: opening, lock, versions, backups."""
