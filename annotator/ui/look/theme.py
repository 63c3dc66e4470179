"""The look of the window: two appearances, one neutral family and one accent.

The text view's palette is their source.
"""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from annotator.i18n import N_
from annotator.resources import resource
from annotator.ui.look.style import DARK, LIGHT, Palette, mixed

APPEARANCES = {"system": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}

STYLE = """
* {{ font-size: 13px; }}
QMainWindow, QDialog, QStatusBar, QMenuBar {{ background: {panel}; color: {ink}; }}
QMenuBar {{ border-bottom: 1px solid {line}; padding: 1px 4px; }}
QMenuBar::item {{ padding: 4px 8px; background: transparent; border-radius: 4px; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {select}; color: {ink}; }}
QMenu {{ background: {paper}; color: {ink}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 4px 24px 4px 12px; border-radius: 4px; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QStatusBar {{ border-top: 1px solid {line}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {soft}; padding: 0 8px; }}
QSplitter::handle {{ background: {line}; }}
QWidget#panel {{ background: {panel}; }}
QWidget#page {{ background: {paper}; }}
QLabel {{ color: {ink}; background: transparent; }}
QLabel[role="soft"] {{ color: {soft}; }}
QLabel[role="title"] {{ font-size: 22px; font-weight: 600; }}
QLabel[role="heading"] {{ color: {soft}; font-size: 12px; font-weight: 600; }}
QLabel[role="surface"] {{ font-size: 15px; }}
QLabel[role="warning"] {{ color: {warning}; }}
QPushButton {{ background: {button}; color: {ink}; border: 1px solid {line}; border-radius: 4px;
    padding: 4px 12px; min-height: 18px; }}
QPushButton:hover {{ border-color: {faint}; }}
QPushButton:checked {{ background: {select}; border-color: {accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {accent}; }}
QPushButton:disabled {{ color: {faint}; }}
QPushButton[role="primary"] {{ background: {accent}; color: {paper};
    border-color: {accent}; font-weight: 600; }}
QPushButton[role="primary"]:disabled {{ background: transparent; color: {faint};
    border-color: {line}; }}
QPushButton[role="small"] {{ padding: 0; border-color: transparent; background: transparent; }}
QPushButton[role="small"]:hover {{ background: {select}; }}
QPushButton[role="link"] {{ background: transparent; border: 1px solid transparent;
    text-align: left; padding: 3px 4px; color: {ink}; }}
QPushButton[role="link"]:hover {{ background: {select}; }}
QPushButton[role="link"]:focus {{ border-color: {accent}; }}
QToolButton {{ background: transparent; color: {soft}; border: 1px solid transparent;
    border-radius: 4px; padding: 2px 6px; }}
QToolButton:hover {{ background: {select}; }}
QLineEdit, QPlainTextEdit {{ background: {paper}; color: {ink}; border: 1px solid {line};
    border-radius: 4px; padding: 4px 6px; selection-background-color: {select};
    selection-color: {ink}; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border-color: {accent}; }}
QRadioButton::indicator, QCheckBox::indicator {{ width: 12px; height: 12px;
    border: 1px solid {soft}; background: {paper}; }}
QRadioButton::indicator {{ border-radius: 7px; }}
QCheckBox::indicator {{ border-radius: 3px; }}
QRadioButton::indicator:checked, QCheckBox::indicator:checked {{ background: {accent};
    border: 1px solid {accent}; }}
QCheckBox::indicator:checked {{ image: url("{tick}"); }}
QRadioButton::indicator:focus, QCheckBox::indicator:focus {{ border: 2px solid {accent}; }}
QListView, QTreeView, QTableView {{ background: transparent; color: {ink}; border: none;
    outline: none; }}
QListView::item {{ border-radius: 4px; }}
QListView::item:selected, QTableView::item:selected {{ background: {select}; color: {ink}; }}
ListView {{ selection-background-color: transparent; }}
QHeaderView::section {{ background: {panel}; color: {soft}; border: none;
    border-bottom: 1px solid {line}; padding: 4px; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {bar}; border-radius: 4px;
    min-height: 32px; margin: 1px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {bar}; border-radius: 4px;
    min-width: 32px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QFrame#bar {{ background: {notice}; border-bottom: 1px solid {line}; }}
QFrame#strip {{ background: {panel}; border-top: 1px solid {line}; }}
QFrame#line {{ background: {line}; border: none; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QProgressBar {{ background: {line}; border: none; border-radius: 2px; max-height: 4px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
QToolTip {{ background: {paper}; color: {ink}; border: 1px solid {line}; padding: 4px 6px; }}
"""


class Theme(QObject):
    """The appearance in use; follows the system unless a person chose one.

    The application shows it from `apply` on.
    """

    changed = Signal()

    def __init__(self, appearance: str = "system") -> None:
        super().__init__()
        self.appearance = appearance if appearance in APPEARANCES else "system"
        self.palette = self._wanted()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def choose(self, appearance: str) -> None:
        """Take an appearance: "system", "light" or "dark"."""
        self.appearance = appearance
        self.apply()

    def _follow_system(self) -> None:
        if self.appearance == "system":
            self.apply()

    def _wanted(self) -> Palette:
        scheme = QGuiApplication.styleHints().colorScheme()
        dark = self.appearance == "dark" or (
            self.appearance == "system" and scheme == Qt.ColorScheme.Dark
        )
        return DARK if dark else LIGHT

    def apply(self) -> None:
        """Show the appearance in the application, and signal it to what paints for itself."""
        self.palette = self._wanted()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(qt_palette(self.palette))
            application.setStyleSheet(style_sheet(self.palette))
        self.changed.emit()


def style_sheet(palette: Palette) -> str:
    """Return the style sheet of an appearance."""
    ink = palette.ink
    paper = palette.paper

    def tone(share: float) -> str:
        return mixed(ink, paper, share).name()

    return STYLE.format(
        paper=paper,
        ink=ink,
        line=palette.hairline,
        panel=tone(0.025),
        soft=tone(0.68),
        faint=tone(0.42),
        bar=tone(0.22),
        button=tone(0.015) if not palette.dark else tone(0.06),
        select=palette.selection,
        accent=palette.accent,
        warning=palette.warning,
        notice=mixed(palette.warning, paper, 0.12).name(),
        tick=resource("icons", "tick-dark.svg" if palette.dark else "tick-light.svg").as_posix(),
    )


def qt_palette(palette: Palette) -> QPalette:
    """Return Qt's palette of an appearance."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: mixed(palette.ink, palette.paper, 0.025).name(),
        QPalette.ColorRole.Base: palette.paper,
        QPalette.ColorRole.AlternateBase: mixed(palette.ink, palette.paper, 0.04).name(),
        QPalette.ColorRole.Text: palette.ink,
        QPalette.ColorRole.WindowText: palette.ink,
        QPalette.ColorRole.Button: mixed(palette.ink, palette.paper, 0.04).name(),
        QPalette.ColorRole.ButtonText: palette.ink,
        QPalette.ColorRole.Highlight: palette.selection,
        QPalette.ColorRole.HighlightedText: palette.ink,
        QPalette.ColorRole.PlaceholderText: mixed(palette.ink, palette.paper, 0.5).name(),
        QPalette.ColorRole.ToolTipBase: palette.paper,
        QPalette.ColorRole.ToolTipText: palette.ink,
        QPalette.ColorRole.Link: palette.accent,
    }
    for role, color in roles.items():
        made.setColor(role, QColor(color))
    return made
