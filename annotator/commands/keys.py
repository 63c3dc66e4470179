"""What a physical key means just now: one place that every layout, the window and the tests share.

A physical key is named by what is printed on it on a US keyboard: "1", "C", "=". Labels, attribute
values and relations are on such keys; commands with modifiers are on ordinary shortcuts.
"""

from annotator.commands import attributes, relations, spans, suggestions
from annotator.session import Session


def press(session: Session, key: str) -> bool:
    """Do what the physical key stands for; False when it stands for nothing."""
    key = key.upper()
    if session.linking is not None:
        return relations.press_while_linking(session, key)
    if suggestions.press(session, key):
        return True
    if (
        attributes.press_on_span(session, key)
        or attributes.press_on_text(session, key)
        or relations.press_to_start(session, key)
    ):
        return True
    for _layer, label in session.schema.labels():
        if label.key.upper() == key and not label.retired:
            spans.label_selection(session, label.id)
            return True
    return False
