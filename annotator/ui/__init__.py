"""The window: the only part that knows Qt."""

# Before any of Qt: its Python binding looks into the source of each module that is imported after it.
from annotator import commands, session, settings
from annotator.ui.overrides import watch

watch()  # before any class of ours that Qt knows

__all__ = ["commands", "session", "settings"]
