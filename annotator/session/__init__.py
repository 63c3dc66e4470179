"""Where a person stands: the open document, what is selected, what can be adjudicated."""

from annotator.session.annotations import Annotations
from annotator.session.linking import Linking
from annotator.session.session import TOPICS, Session
from annotator.session.timekeeper import Timekeeper

__all__ = ["TOPICS", "Annotations", "Linking", "Session", "Timekeeper"]
