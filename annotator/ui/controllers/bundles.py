"""What the window does with bundles: handing out, beginning, returning, collecting."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog

from annotator.i18n import _
from annotator.jobs.progress import Progress
from annotator.jobs.team.assign import accept, assign, places, start, submit
from annotator.jobs.team.collect import CollectReport, collect, write_receipts
from annotator.store.exchange.bundle import SUFFIX, Bundle, read_bundle
from annotator.ui.controllers import outcomes
from annotator.ui.dialogs.collect_work import CollectWork
from annotator.ui.dialogs.hand_out import HandOut
from annotator.ui.window.app_window import AppWindow


def _kinds() -> str:
    return _("Bundles (*{suffix});;All files (*)").format(suffix=SUFFIX)


# ── Handing out ───────────────────────────────────────────────────────────────────────────────────


def ask_hand_out(window: AppWindow) -> None:
    """Ask who gets what, and write the bundles."""
    session = window.session
    if session is None:
        return
    dialog = HandOut(session, window.widget)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        store, name, plan, targets = session.store, session.annotator, dialog.plan, dialog.targets
        work = window.run(lambda progress: assign(store, plan, targets, name, progress))
        work.then(lambda bundles: window.tell(outcomes.handed_out(bundles)))


# ── Beginning, and going on ───────────────────────────────────────────────────────────────────────


def ask_begin(window: AppWindow) -> None:
    """Ask for an assignment or a receipt and take it."""
    name, _filter = QFileDialog.getOpenFileName(
        window.widget, _("Open an assignment"), "", _kinds()
    )
    if name:
        take_bundles(window, [Path(name)])


def take_bundles(window: AppWindow, paths: Sequence[Path]) -> None:
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


def _take_one(window: AppWindow, bundle: Bundle) -> None:
    session = window.session
    if session is not None and session.store.working_copy.is_copy_of(bundle.manifest.project):
        window.tell(outcomes.started(accept(session.store, bundle)))
        window.refresh_delivery()
        return
    if bundle.manifest.kind != "assignment":
        raise bundle.refuse(_("it needs its project: open the project, and drop the bundle again"))
    who = bundle.manifest.annotator
    name = places(bundle.path.parent, bundle.manifest.name, [who])[who].name.removesuffix(SUFFIX)
    wanted = bundle.path.with_name(f"{name}.annot")
    target, _filter = QFileDialog.getSaveFileName(
        window.widget,
        _("Where to keep your project"),
        str(wanted),
        _("Annotator projects (*.annot)"),
    )
    if target:
        begin(window, bundle.path, Path(target))


def begin(window: AppWindow, bundle: Path, project: Path) -> None:
    """Begin a project from an assignment, and open it."""
    done = start(bundle, project)
    window.open_project(done.path, done.annotator)
    window.tell(outcomes.started(done))


# ── Returning and collecting ──────────────────────────────────────────────────────────────────────


def ask_return(window: AppWindow) -> None:
    """Ask where the bundle goes, and write it."""
    session = window.session
    if session is None:
        return
    wanted = places(session.store.path.parent, session.store.path.stem, [_("return")])[_("return")]
    name, _filter = QFileDialog.getSaveFileName(
        window.widget, _("Return my work"), str(wanted), _kinds()
    )
    if name:
        return_to(window, Path(name))


def return_to(window: AppWindow, target: Path) -> None:
    """Write the work of the open copy into a bundle, beside the window."""
    session = window.session
    if session is not None:
        store = session.store

        def finish(bundle: Bundle) -> None:
            window.refresh_delivery()
            window.tell(outcomes.returned(bundle.path))

        window.run(lambda _progress: submit(store, target)).then(finish)


def ask_collect(window: AppWindow) -> None:
    """Ask for returned work, show what it holds, and collect it."""
    names, _filter = QFileDialog.getOpenFileNames(
        window.widget, _("Collect returned work"), "", _kinds()
    )
    if names:
        ask_collect_paths(window, [Path(name) for name in names])


def ask_collect_paths(window: AppWindow, paths: Sequence[Path]) -> None:
    """Show what returned work holds, and collect it."""
    session = window.session
    if session is None:
        return
    dialog = CollectWork(paths, session, window.widget)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        folder = paths[0].parent if dialog.receipts.isChecked() else None
        collect_paths(window, paths, dialog.policy, folder)


def collect_paths(
    window: AppWindow, paths: Sequence[Path], labels: str, receipts: Path | None
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

    window.run(work).then(lambda report: window.tell(outcomes.collected(report)))
