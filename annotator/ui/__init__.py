"""The window: the only part that knows Qt."""

from annotator.ui.imports import put_back
from annotator.ui.overrides import watch

put_back()  # before the modules that the binding would read
watch()  # before any class of ours that Qt knows
