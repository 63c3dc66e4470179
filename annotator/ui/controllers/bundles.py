"""What the window does with bundles: handing out, beginning, returning, collecting."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog

from annotator.errors import isolate
from annotator.i18n import _, ngettext
from annotator.jobs.progress import Progress
from annotator.jobs.team.assign import Started, accept, assign, places, start, submit
from annotator.jobs.team.collect import CollectReport, collect, write_receipts
from annotator.store.exchange.bundle import SUFFIX, Bundle, read_bundle
from annotator.ui.dialogs.collect_work import CollectWork
from annotator.ui.dialogs.hand_out import HandOut
from annotator.ui.window.main_window import MainWindow


def _kinds() -> str:
    return _("Bundles (*{suffix});;All files (*)").format(suffix=SUFFIX)


# ── Handing out ───────────────────────────────────────────────────────────────────────────────────


def ask_hand_out(window: MainWindow) -> None:
    """Ask who gets what, and write the bundles."""
    session = window.session
    if session is None:
        return
    dialog = HandOut(session, window)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        store, name, plan, targets = session.store, session.annotator, dialog.plan, dialog.targets
        window.projects.run(
            lambda progress: assign(store, plan, targets, name, progress),
            lambda made: _handed_out(window, made),
        )


def _handed_out(window: MainWindow, made: object) -> None:
    if isinstance(made, list):
        count = ngettext(
            "{count} bundle is in {folder}.", "{count} bundles are in {folder}.", len(made)
        )
        window.notices.show_text(
            count.format(count=len(made), folder=str(made[0].parent)), stays=False
        )


# ── Beginning, and going on ───────────────────────────────────────────────────────────────────────


def ask_begin(window: MainWindow) -> None:
    """Ask for an assignment or a receipt and take it."""
    name, _filter = QFileDialog.getOpenFileName(window, _("Open an assignment"), "", _kinds())
    if name:
        take_bundles(window, [Path(name)])


def take_bundles(window: MainWindow, paths: Sequence[Path]) -> None:
    """Do what bundles are for.

    Collect returned work, take an assignment or a receipt into the project, or begin one.
    """

    def act() -> None:
        bundles = [read_bundle(path) for path in paths]
        if (
            all(bundle.manifest.kind == "return" for bundle in bundles)
            and window.session is not None
        ):
            ask_collect_paths(window, paths)
            return
        for bundle in bundles:
            _take_one(window, bundle)

    window.guard(act)


def _take_one(window: MainWindow, bundle: Bundle) -> None:
    session = window.session
    if session is not None and session.store.working_copy.is_copy_of(bundle.manifest.project):
        _say_started(window, accept(session.store, bundle))
        window.status.tell_delivery(session)
        return
    if bundle.manifest.kind != "assignment":
        raise bundle.refuse(_("it needs its project: open the project, and drop the bundle again"))
    who = bundle.manifest.annotator
    name = places(bundle.path.parent, bundle.manifest.name, [who])[who].name.removesuffix(SUFFIX)
    wanted = bundle.path.with_name(f"{name}.annot")
    target, _filter = QFileDialog.getSaveFileName(
        window, _("Where to keep your project"), str(wanted), _("Annotator projects (*.annot)")
    )
    if target:
        begin(window, bundle.path, Path(target))


def begin(window: MainWindow, bundle: Path, project: Path) -> None:
    """Begin a project from an assignment, and open it."""
    done = start(bundle, project)
    window.open_project(done.path, done.annotator)
    _say_started(window, done)


def _say_started(window: MainWindow, done: Started) -> None:
    if done.kind == "receipt":
        text = (
            _("The lead's receipt is noted.")
            if done.documents
            else _("This receipt says nothing new.")
        )
    else:
        text = ngettext(
            "{count} new document for {name}.", "{count} new documents for {name}.", done.documents
        )
        text = text.format(count=done.documents, name=done.annotator)
    window.notices.show_text(text, stays=False)


# ── Returning and collecting ──────────────────────────────────────────────────────────────────────


def ask_return(window: MainWindow) -> None:
    """Ask where the bundle goes, and write it."""
    session = window.session
    if session is None:
        return
    wanted = places(session.store.path.parent, session.store.path.stem, [_("return")])[_("return")]
    name, _filter = QFileDialog.getSaveFileName(window, _("Return my work"), str(wanted), _kinds())
    if name:
        return_to(window, Path(name))


def return_to(window: MainWindow, target: Path) -> None:
    """Write the work of the open copy into a bundle, beside the window."""
    session = window.session
    if session is not None:
        store = session.store
        window.projects.run(
            lambda _progress: submit(store, target), lambda made: _returned(window, made)
        )


def _returned(window: MainWindow, made: object) -> None:
    if isinstance(made, Bundle):
        if window.session is not None:
            window.status.tell_delivery(window.session)
        text = _("Your work is in {path}. Send it to whoever leads the project.")
        window.notices.show_text(text.format(path=str(made.path)), stays=False)


def ask_collect(window: MainWindow) -> None:
    """Ask for returned work, show what it holds, and collect it."""
    names, _filter = QFileDialog.getOpenFileNames(window, _("Collect returned work"), "", _kinds())
    if names:
        ask_collect_paths(window, [Path(name) for name in names])


def ask_collect_paths(window: MainWindow, paths: Sequence[Path]) -> None:
    """Show what returned work holds, and collect it."""
    session = window.session
    if session is None:
        return
    dialog = CollectWork(paths, session, window)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        folder = paths[0].parent if dialog.receipts.isChecked() else None
        collect_paths(window, paths, dialog.policy, folder)


def collect_paths(
    window: MainWindow, paths: Sequence[Path], labels: str, receipts: Path | None
) -> None:
    """Collect returned work beside the window; receipts.

    The folder for them, if there are to be any.
    """
    session = window.session
    if session is None:
        return
    store, name = session.store, session.annotator

    def work(progress: Progress) -> CollectReport:
        report = collect(store, paths, name, progress, labels=labels)
        if report.stored and receipts is not None:
            report.receipts = write_receipts(store, receipts)
        return report

    window.projects.run(work, lambda report: _collected(window, report))


def _collected(window: MainWindow, report: object) -> None:
    if not isinstance(report, CollectReport):
        return
    if report.problems:
        window.show_problem(_("Nothing was collected: {reason}").format(reason=report.problems[0]))
        return
    text = _("Collected: {spans} new spans and {relations} new relations in {documents} documents.")
    text = text.format(spans=report.spans, relations=report.relations, documents=report.documents)
    if report.backup:
        text = _("{text} A backup from before is at {path}.").format(
            text=text, path=str(report.backup)
        )
    if report.receipts:
        folder = isolate(str(report.receipts[0].parent))
        text = _("{text} Receipts for those who returned work are in {folder}.").format(
            text=text, folder=folder
        )
    window.notices.show_text(text, stays=False)
