"""Training sets.

Splits that do not leak, what to know before training, rows for a task, a card and a manifest.
"""

from annotator.jobs.training.making import (
    TrainingOptions,
    default_annotators,
    look_over,
    make_training_set,
)
from annotator.jobs.training.preflight import Preflight
from annotator.jobs.training.splits import UNITS, Plan, plan_of
from annotator.jobs.training.tasks import TASKS

__all__ = [
    "TASKS",
    "UNITS",
    "Plan",
    "Preflight",
    "TrainingOptions",
    "default_annotators",
    "look_over",
    "make_training_set",
    "plan_of",
]
