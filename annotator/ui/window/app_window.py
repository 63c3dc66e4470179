"""What commands and controllers know of the window: this and no more."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtWidgets import QWidget

from annotator.session import Session
from annotator.settings import Settings
from annotator.ui.look.theme import Theme
from annotator.ui.window.actions import Actions
from annotator.ui.window.long_work import Pending
from annotator.ui.window.notice import Notice
from annotator.ui.window.workspace import Workspace

if TYPE_CHECKING:
    from annotator.jobs import Progress

T = TypeVar("T")


class AppWindow(Protocol):
    """The window as commands and controllers see it."""

    settings: Settings
    theme: Theme
    session: Session | None
    workspace: Workspace
    actions_: Actions

    @property
    def widget(self) -> QWidget:
        """The window as the parent of dialogs."""

    def guard(self, act: Callable[[], object]) -> bool:
        """Do something that may fail for the user's own reasons; return whether it was done."""

    def run(self, job: "Callable[[Progress], T]") -> Pending[T]:
        """Do something long beside the window."""

    def tell(self, notice: Notice) -> None:
        """Tell the person something above the text."""

    def open_project(self, path: Path, annotator: str = "") -> None:
        """Open a project where one left it."""

    def close_project(self, *, quietly: bool = False) -> None:
        """Close the project; the start page is shown, unless it is done quietly."""

    def close(self) -> bool:
        """Close the window and with it the program."""

    def show_panel(self, name: str, *, on: bool = True) -> None:
        """Show or hide a panel: "documents_panel" or "details_panel"."""

    def show_page(self, page: QWidget | None) -> None:
        """Show a page in the place of the workspace, or (None) the workspace again."""

    def is_shown(self, page: QWidget) -> bool:
        """Return whether a page is shown."""

    def refresh_delivery(self) -> None:
        """Say anew in the status bar how a copy's work is on the way."""
