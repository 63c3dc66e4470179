"""Attributes: of the selected span, and of the document as a whole."""

from annotator.commands.spans import add_span, begin, open_document, replace_span, shown
from annotator.errors import UserError
from annotator.i18n import _
from annotator.model import AttributeType, Label, Span, Value
from annotator.session import Session
from annotator.text import segmentation


def set_attribute(session: Session, name: str, value: Value | None) -> None:
    """Set an attribute of the selected span; None takes it away."""
    span = session.selected
    if span is None:
        raise UserError(_("Select a span first."))
    put_attribute(session, span, name, value)


def put_attribute(session: Session, span: Span, name: str, value: Value | None) -> None:
    """Set an attribute of a span; None or "" takes it away."""
    attributes = (
        {**span.attributes, name: value}
        if value not in (None, "", False)
        else {k: v for k, v in span.attributes.items() if k != name}
    )
    if attributes == span.attributes:
        return
    shown_value = "–" if value in (None, "", False) else str(value)
    title = _("Set {name} to {value} on {text}").format(
        name=name, value=shown_value, text=shown(span.text)
    )
    replace_span(session, span._replace(attributes=attributes), title)


def set_document_attribute(session: Session, name: str, value: Value | None) -> None:
    """Set an attribute of the open document in the annotator's layer; None takes it away."""
    document = open_document(session)
    rest = {key: kept for key, kept in session.attributes.items() if key != name}
    attributes = rest if value in (None, "", False) else {**rest, name: value}
    if attributes == session.attributes:
        return
    title = _("Set the document's {name} to {value}").format(
        name=name, value="–" if value in (None, "") else str(value)
    )
    with session.change(title) as step:
        step.put_attributes(document, session.annotator_id, attributes)
        begin(session, step)


def keyed_value(label: Label, key: str) -> tuple[AttributeType, str] | None:
    """Return the attribute and the value that a physical key stands for on spans of a label."""
    for entry in label.attributes:
        for value, its_key in entry.keys.items():
            if its_key.upper() == key:
                return entry, value
    return None


def press_on_span(session: Session, key: str) -> bool:
    """Set the attribute of the selected span that the key stands for.

    The same key again takes it away.
    """
    span = session.selected
    found = session.schema.find_label(span.label, span.layer) if span else None
    hit = keyed_value(found[1], key) if found else None
    if span is None or hit is None:
        return False
    entry, value = hit
    put_attribute(
        session, span, entry.id, None if span.attributes.get(entry.id) == value else value
    )
    return True


def press_on_text(session: Session, key: str) -> bool:
    """Label the selected text with a required attribute's value at once (a stance's polarity)."""
    if not session.has_selection or session.document is None:
        return False
    for _layer, label in session.schema.labels():
        hit = keyed_value(label, key)
        if hit and hit[0].required:
            trimmed = segmentation.trim(session.document.text, *session.selection)
            if trimmed is None:
                raise UserError(
                    _(
                        "The selection holds only spaces or invisible characters; select at least"
                        " one letter."
                    )
                )
            add_span(session, label.id, (trimmed,), {hit[0].id: hit[1]})
            return True
    return False
