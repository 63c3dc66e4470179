"""Where a person was in a project: the document, the scroll position, the label, the filter."""

from contextlib import suppress

import orjson

from annotator.errors import UserError
from annotator.session import Session
from annotator.ui.window.workspace import Workspace


def follow(topics: frozenset[str], session: Session, workspace: Workspace) -> None:
    """Keep the place whenever another document is open: the program may end at any moment."""
    if "document" in topics:
        with suppress(UserError):  # where nothing can be stored, what matters more says so
            keep(session, workspace)


def keep(session: Session, workspace: Workspace) -> None:
    """Remember where the person is."""
    place = {
        "document": session.document.id if session.document else "",
        "scroll": workspace.view.scroll_position(),
        "label": session.label,
        "filter": workspace.documents.needle.text(),
    }
    session.store.remember("place", orjson.dumps(place).decode())


def restore(session: Session, workspace: Workspace) -> None:
    """Go back to where the person was; else to the first document that is not done."""
    kept = _kept_place(session.store.setting("place"))
    name = kept["document"]
    if session.entries.place(name) < 0:
        name = _first_waiting(session)
    workspace.documents.needle.setText(kept["filter"])
    if name:
        session.open_document(name)
        scroll = kept["scroll"]
        workspace.view.restore_scroll_position(int(scroll) if scroll.isdecimal() else 0)
    if kept["label"] and session.schema.find_label(kept["label"]):
        session.set_label(kept["label"])


def _first_waiting(session: Session) -> str:
    entries = session.entries
    return next(
        (entry.id for entry in entries if entry.status != "done"), entries[0].id if entries else ""
    )


def _kept_place(text: str) -> dict[str, str]:
    """Read what `keep_place` wrote.

    The file may come from anywhere, so nothing is taken on trust.
    """
    try:
        kept = orjson.loads(text)
    except orjson.JSONDecodeError:
        kept = {}
    return {
        name: str(kept.get(name, "")) if isinstance(kept, dict) else ""
        for name in ("document", "scroll", "label", "filter")
    }
