"""Dialogs: only where something has to be chosen before it is done."""
