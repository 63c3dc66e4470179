"""The window: the only part that knows Qt."""

from annotator.ui.runtime.import_hook import put_back
from annotator.ui.runtime.slot_guard import watch

put_back()  # before the modules that the binding would read
watch()  # before any class of ours that Qt knows
