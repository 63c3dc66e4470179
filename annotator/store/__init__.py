"""The project file: an append-only log of events, and the tables that follow from it.

The only place with SQL.
"""

from annotator.store.events.history import Past, StepInfo
from annotator.store.events.step import Added, Step, TextDiffersError, annotator_id
from annotator.store.project import Store
from annotator.store.tables.document_list import Listing
from annotator.store.tables.queries import Entry

__all__ = [
    "Added",
    "Entry",
    "Listing",
    "Past",
    "Step",
    "StepInfo",
    "Store",
    "TextDiffersError",
    "annotator_id",
]
