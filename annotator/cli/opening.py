"""What commands do with a project before their own work: open it, look names up in its schema."""

import getpass
from pathlib import Path

from annotator.errors import UserError
from annotator.i18n import _, name_list
from annotator.model.schema_files import name_fault
from annotator.store import Store


def opened(project: Path, *, readonly: bool = False) -> Store:
    """Open a project; for writing, only if nobody else has it."""
    store = Store.open(project, readonly=readonly)
    if store.readonly and not readonly:
        holder = store.holder
        store.close()
        if holder is None:
            raise UserError(
                _("{path} cannot be written. Copy it to a folder of your own.").format(
                    path=str(project)
                )
            )
        message = _("{path} is open in another program ({who}). Close it there and try again.")
        raise UserError(message.format(path=str(project), who=holder))
    return store


def check_layers(store: Store, layers: tuple[str, ...]) -> None:
    """Refuse layers that the schema does not have."""
    ids = [layer.id for layer in store.schema().layers]
    for layer in layers:
        if layer not in ids:
            message = _("There is no layer {name}; the schema has {known}.")
            raise UserError(
                message.format(
                    name=layer,
                    known=name_list(ids),
                )
            )


def person(name: str) -> str:
    """Return an annotator's name, checked; the user's own where none is given."""
    if not name:
        try:
            name = getpass.getuser()
        except (KeyError, OSError, ImportError):
            name = "annotator"
    fault = name_fault(name)
    if fault:
        raise UserError(
            _("{name} cannot be an annotator's name: {reason}.").format(name=name, reason=fault)
        )
    return name
