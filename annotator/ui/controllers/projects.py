"""What the window does with projects and files.

Making, importing, exporting, backing up, samples, and where one was.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import platformdirs
from PySide6.QtWidgets import QDialog, QFileDialog

from annotator.errors import UserError
from annotator.i18n import _, ngettext
from annotator.model.schema_files import load_schema
from annotator.resources import sample_files
from annotator.session import Session
from annotator.store import Store
from annotator.ui.runtime import error_reporting
from annotator.ui.runtime.worker import Worker
from annotator.ui.text_view.control_pictures import count_bidi_controls
from annotator.ui.widgets.background import ProgressLine

if TYPE_CHECKING:
    from annotator.jobs import ImportOptions, Progress
    from annotator.ui.window.main_window import MainWindow

SAMPLE_ANNOTATOR = "a1"
BUNDLE = ".annot-bundle"


class Projects:
    """Works for the window; one long work at a time."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.progress = ProgressLine()
        self._worker: Worker | None = None

    # ── long work ─────────────────────────────────────────────────────────────────────────────────

    def run(self, work: "Callable[[Progress], object]", done: Callable[[object], None]) -> None:
        """Do something long beside the window."""
        if self._worker is not None:
            self._window.show_problem(
                _("Something long is under way; wait for it or cancel it first.")
            )
            return
        worker = Worker(work, self._window)
        worker.done.connect(done)
        worker.failed.connect(self._failed)
        worker.cancelled.connect(
            lambda: self._window.notices.show_text(
                _("Cancelled; nothing of it was kept."), stays=False
            )
        )
        worker.ended.connect(self._ended)
        self._worker = worker
        self.progress.follow(worker)
        worker.start()

    def _ended(self) -> None:
        self._worker = None
        self._window.catch_up()

    def _failed(self, error: BaseException) -> None:
        error_reporting.write_down(error)
        self._window.show_problem(error_reporting.sentence(error))

    def stop(self) -> None:
        """Cancel what is under way and wait for it."""
        if self._worker is not None:
            self._worker.abandon()
            self._worker.wait()

    # ── projects ──────────────────────────────────────────────────────────────────────────────────

    def ask_new(self, files: Sequence[Path]) -> None:
        """Ask for a new project, open it, and import files into it."""
        # The start does not wait for dialogs.
        from annotator.ui.dialogs.new_project import NewProject  # noqa: PLC0415

        dialog = NewProject(
            self._window.settings.text("annotator") or error_reporting.user_name(), self._window
        )
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._window.guard(
                lambda: self.make(dialog.file, dialog.schema, dialog.person.text().strip())
            )
            if files and self._window.session is not None:
                self.ask_import(files)

    def make(self, path: Path, schema: str, name: str) -> None:
        """Make a project and open it; schema: a preset's name, or a schema file."""
        # The start does not wait for formats.
        from annotator.jobs.schema_files import schema_from  # noqa: PLC0415

        store = Store.create(path, schema_from(schema))
        store.remember("annotator", name)
        store.close()
        self._window.settings.choose(annotator=name)
        self._window.open_project(path, name)

    def ask_open(self) -> None:
        """Ask for a project file and open it."""
        name, _filter = QFileDialog.getOpenFileName(
            self._window, _("Open a project"), "", _("Annotator projects (*.annot);;All files (*)")
        )
        if name:
            self._window.open_project(Path(name))

    def open_sample(self, code: str) -> None:
        """Open the sample project of a language, made if it is not there yet."""
        path = (
            Path(platformdirs.user_data_dir("annotator", appauthor=False))
            / "samples"
            / f"sample-{code}.annot"
        )

        def make_and_open() -> None:
            if not path.exists():
                make_sample(path, [file for file in sample_files() if file.stem == code])
            self._window.open_project(path, SAMPLE_ANNOTATOR)

        self._window.guard(make_and_open)

    def ask_assignment(self) -> None:
        """Ask for a bundle that was handed out, and begin a project from it."""
        # The start does not wait for it.
        from annotator.ui.controllers import bundles  # noqa: PLC0415

        bundles.ask_begin(self._window)

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Open a project that was dropped, take bundles, or import files."""
        if paths and all(path.name.endswith(BUNDLE) for path in paths):
            # The start does not wait for it.
            from annotator.ui.controllers import bundles  # noqa: PLC0415

            bundles.take_bundles(self._window, paths)
            return
        projects = [path for path in paths if path.suffix == ".annot" and path.is_file()]
        if projects:
            self._window.open_project(projects[0])
        elif paths and self._window.session is not None:
            self.ask_import(paths)
        elif paths:
            self.ask_new(paths)

    # ── files ─────────────────────────────────────────────────────────────────────────────────────

    def ask_import_files(self) -> None:
        """Ask for files, then how to import them."""
        names, _filter = QFileDialog.getOpenFileNames(self._window, _("Import files"))
        if names:
            self.ask_import([Path(name) for name in names])

    def ask_import_folder(self) -> None:
        """Ask for a folder, then how to import it."""
        name = QFileDialog.getExistingDirectory(self._window, _("Import a folder"))
        if name:
            self.ask_import([Path(name)])

    def ask_import(self, paths: Sequence[Path]) -> None:
        """Show what files would bring, and import them."""
        session = self._window.session
        if session is None:
            return
        # The start does not wait for dialogs.
        from annotator.ui.dialogs.import_files import ImportFiles  # noqa: PLC0415

        dialog = ImportFiles(paths, session, self._window, dark=self._window.theme.palette.dark)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            dialog.keep_mapping()
            self.import_paths(paths, dialog.options)

    def import_paths(self, paths: Sequence[Path], options: "ImportOptions") -> None:
        """Import files beside the window."""
        session = self._window.session
        if session is not None:
            # The start does not wait for import and export.
            from annotator.jobs import import_files  # noqa: PLC0415

            store, name = session.store, session.annotator
            self.run(
                lambda progress: import_files(store, list(paths), options, name, progress),
                self._imported,
            )

    def _imported(self, result: object) -> None:
        # The start does not wait for import and export.
        from annotator.jobs import ImportReport  # noqa: PLC0415

        if not isinstance(result, ImportReport):
            return
        text = _("{new} new documents, {known} known, {failed} failed; {spans} spans.").format(
            new=len(result.new), known=len(result.known), failed=result.failed, spans=result.spans
        )
        lines = [str(problem) for problem in result.problems]
        lines += [
            _("changed: {count} × {kind} ({why})").format(count=count, kind=kind, why=why)
            for (kind, why), count in result.changed.most_common()
        ]
        lines += [
            _("not kept: {count} × {kind} ({why})").format(count=count, kind=kind, why=why)
            for (kind, why), count in result.lost.most_common()
        ]
        lines += [
            _("{path}: read as {encoding}").format(path=path, encoding=code)
            for path, code in result.encodings.items()
        ]
        self._tell(text, lines, is_bad=bool(result.problems))
        session = self._window.session
        if session is not None and session.document is None and session.entries:
            session.open_document(session.entries[0].id)

    def _tell(self, text: str, lines: list[str], *, is_bad: bool) -> None:
        def show() -> None:
            # The start does not wait for dialogs.
            from annotator.ui.dialogs.sheets import show_text  # noqa: PLC0415

            show_text(self._window, text, "\n".join(lines))

        self._window.notices.show_text(
            text, stays=is_bad, action=_("Show") if lines else "", does=show
        )

    def ask_export(self) -> None:
        """Ask what to write, and write it beside the window."""
        session = self._window.session
        if session is None:
            return
        # The start does not wait for import and export.
        from annotator.jobs import export_records  # noqa: PLC0415

        # The start does not wait for dialogs.
        from annotator.ui.dialogs.export_files import ExportFiles  # noqa: PLC0415

        dialog = ExportFiles(session, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            store, target, options = session.store, dialog.target, dialog.options
            self.run(
                lambda progress: export_records(store, target, options, progress), self._exported
            )

    def _exported(self, result: object) -> None:
        # The start does not wait for import and export.
        from annotator.jobs import ExportReport  # noqa: PLC0415

        if not isinstance(result, ExportReport):
            return
        count = len(result.documents)
        documents = ngettext("{count} document", "{count} documents", count).format(count=count)
        spans = ngettext("{count} span", "{count} spans", result.spans).format(count=result.spans)
        count = len(result.files)
        files = ngettext("{count} file", "{count} files", count).format(count=count)
        text = _("Exported {documents} with {spans} to {files}.").format(
            documents=documents, spans=spans, files=files
        )
        lines = [str(path) for path in result.files[:50]]
        lines += [
            _("not carried: {count} × {kind} ({why})").format(
                count=loss.count, kind=loss.kind, why=loss.why
            )
            for loss in result.losses()
        ]
        self._tell(text, lines, is_bad=False)

    def back_up(self) -> None:
        """Copy the project to a verified backup."""
        session = self._window.session
        if session is not None:
            made = session.store.back_up()
            self._window.notices.show_text(
                _("The backup is {path}.").format(path=str(made)), stays=False
            )

    # ── where one was ─────────────────────────────────────────────────────────────────────────────

    def follow(self, topics: frozenset[str]) -> None:
        """Keep the place whenever another document is open.

        The program may be ended at any moment.
        """
        session = self._window.session
        if "document" in topics and session is not None:
            with suppress(UserError):  # where nothing can be stored, what matters more says so
                self.keep_place(session)

    def keep_place(self, session: Session) -> None:
        """Remember the document, the scroll position, the active label and the filter."""
        place = {
            "document": session.document.id if session.document else "",
            "scroll": self._window.workspace.view.scroll_position(),
            "label": session.label,
            "filter": self._window.workspace.documents.needle.text(),
        }
        session.store.remember("place", orjson.dumps(place).decode())

    def restore_place(self, session: Session) -> None:
        """Go back to where one was; else to the first document that is not done."""
        kept = _kept_place(session.store.setting("place"))
        name = (
            kept["document"]
            if session.entries.place(kept["document"]) >= 0
            else _first_waiting(session)
        )
        self._window.workspace.documents.needle.setText(kept["filter"])
        if name:
            session.open_document(name)
            self._window.workspace.view.restore_scroll_position(
                int(kept["scroll"]) if kept["scroll"].isdecimal() else 0
            )
        if kept["label"] and session.schema.find_label(kept["label"]):
            session.set_label(kept["label"])

    def warn_of(self, text: str) -> None:
        """Say what in a text may mislead the eye.

        Bidi controls, characters that no font can show.
        """
        count = count_bidi_controls(text)
        missing = self._window.workspace.view.missing_characters()
        parts = []
        if count:
            parts.append(
                ngettext(
                    "{count} invisible direction mark is shown as a tag.",
                    "{count} invisible direction marks are shown as tags.",
                    count,
                ).format(count=count)
            )
        if missing:
            codes = " ".join(f"U+{ord(character):04X}" for character in missing[:12])
            parts.append(_("No font has these characters: {codes}.").format(codes=codes))
        if parts:
            self._window.notices.show_text(" ".join(parts), stays=False)


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


def make_sample(path: Path, files: Sequence[Path]) -> None:
    """Make a sample project of the shipped corpora."""
    # The start does not wait for import and export.
    from annotator.jobs import ImportOptions, import_files  # noqa: PLC0415

    with Store.create(path, load_schema("news")) as store:
        import_files(store, list(files), ImportOptions(format="jsonl"), SAMPLE_ANNOTATOR)
        store.remember("annotator", SAMPLE_ANNOTATOR)
