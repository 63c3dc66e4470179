"""The project file: an append-only log of events, and the tables that are its fold. The only place with SQL."""

from annotator.store.documents import Entry
from annotator.store.history import Past, StepInfo
from annotator.store.listing import Listing
from annotator.store.project import Store
from annotator.store.steps import Added, Step, TextDiffersError, annotator_id

__all__ = ["Added", "Entry", "Listing", "Past", "Step", "StepInfo", "Store", "TextDiffersError", "annotator_id"]
