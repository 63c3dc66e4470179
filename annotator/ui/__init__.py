"""The window: the only part that knows Qt."""

from annotator.ui.imports import load_binding

load_binding()  # before anything that imports it

from annotator.ui.overrides import watch  # noqa: E402 - see above

watch()  # before any class of ours that Qt knows
