"""Work on many documents, where files, rows and schemas meet: import, export, statistics."""

from annotator.jobs.exports.exporting import ExportOptions, ExportReport, export_records
from annotator.jobs.imports.discovery import Source, sources
from annotator.jobs.imports.importing import (
    ImportOptions,
    ImportReport,
    Preview,
    import_files,
    look_into,
)
from annotator.jobs.progress import Progress, silent
from annotator.jobs.statistics import Statistics, statistics

__all__ = [
    "ExportOptions",
    "ExportReport",
    "ImportOptions",
    "ImportReport",
    "Preview",
    "Progress",
    "Source",
    "Statistics",
    "export_records",
    "import_files",
    "look_into",
    "silent",
    "sources",
    "statistics",
]
