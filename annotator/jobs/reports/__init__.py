"""Reports: what annotators did and how far they agree, as values, as tables and as files."""

from annotator.jobs.reports.building import MEASURES, Report, ReportOptions, make_report
from annotator.jobs.reports.columns import Behind, Place
from annotator.jobs.reports.files import write_report
from annotator.jobs.reports.tables import Cell, Sheet, sheets

__all__ = [
    "MEASURES",
    "Behind",
    "Cell",
    "Place",
    "Report",
    "ReportOptions",
    "Sheet",
    "make_report",
    "sheets",
    "write_report",
]
