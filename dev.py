"""Run the program or its whole check from a fresh clone.

This file makes what it needs beside itself, in `.venv`.

python3 dev.py run                the demo: a window with a sample project, or a tour in words
                                  without a screen
python3 dev.py run ARGUMENTS      the program with these arguments, such as `run --help`
python3 dev.py test               the whole check: format, lint, types, layers, tests, coverage
python3 dev.py test --quick       the same without coverage, slow tests and tests on a screen
python3 dev.py test ARGUMENTS     pytest alone with these arguments, such as
                                  `test tests/text -k clitics`
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

# Not `version_info`: tools that know the least Python would call this branch dead, and it is here
# for the older ones.
if sys.hexversion < 0x030B0000:
    sys.exit(
        "Annotator needs Python 3.11 or newer, and this is Python {}.{}: start dev.py with a newer"
        " one.".format(*sys.version_info[:2])
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
REQUIREMENTS = {"run": ROOT / "requirements.txt", "test": ROOT / "requirements-dev.txt"}

QT_PACKAGES = (
    *("libglib2.0-0", "libgl1", "libegl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1"),
    *(
        "libxcb-cursor0",
        "libxcb-icccm4",
        "libxcb-keysyms1",
        "libxcb-shape0",
        "libxcb-xkb1",
        "libxkbcommon-x11-0",
    ),
    *("libwayland-cursor0", "libwayland-egl1"),
)
SCREEN_PACKAGES = ("xvfb", "xauth")
VIRTUAL_SCREEN = ("xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1200x24")
# With a new worker in the place of a crashed one, xdist 3.8 waits for ever; without, it says what
# crashed and goes on.
SIDE_BY_SIDE = ("-n", "auto", "--dist", "loadfile", "--max-worker-restart=0")
# Windows are tested one after the other in a process of their own, whose only thread is the
# window's.
WITH_WINDOWS = ("tests/e2e", "tests/ui")

# A window that is really shown: an import alone does not load the platform plugin.
START_QT = """
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.show()
application.processEvents()
"""
START_QT_SECONDS = 120

Command = list[str]
Environment = dict[str, str]


class SetupError(Exception):
    """The work cannot go on; the text says what to do."""


def say(text: str) -> None:
    """Write one line of progress to stderr."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main(arguments: Command) -> int:
    """Do what the command line asks and return the exit code."""
    if not arguments or arguments[0] not in REQUIREMENTS:
        say((__doc__ or "").strip())
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    command, rest = arguments[0], arguments[1:]
    try:
        make_environment(command)
        return run(rest) if command == "run" else test(rest)
    except SetupError as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


# ── The virtual environment ───────────────────────────────────────────────────────────────────────


def make_environment(command: str) -> None:
    """Make `.venv`, or what is missing in it.

    An interrupted run leaves no stamp, so the next one starts over.
    """
    made, maker = VENV / "made-by", f"{sys.version}\n{VENV}\n"
    if not PYTHON.exists() or content(made) != maker:
        make_venv()
    # What the checks need contains what the program needs, at the same versions (a house test holds
    # it).
    enough = ("run", "test") if command == "run" else ("test",)
    if any(
        content(VENV / f"installed-for-{name}") == fingerprint(REQUIREMENTS[name])
        for name in enough
    ):
        return
    made.unlink(
        missing_ok=True
    )  # to be broken off here would leave half a package that looks like a whole one
    install(REQUIREMENTS[command])
    (VENV / f"installed-for-{command}").write_text(
        fingerprint(REQUIREMENTS[command]), encoding="utf-8"
    )
    made.write_text(maker, encoding="utf-8")


def install(requirements: Path) -> None:
    """Install what a requirements file pins, and nothing whose hash differs."""
    say(f"Installing what {requirements.name} lists (about 100 MB to fetch the first time) ...")
    start = time.monotonic()
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-qq"]
    # The file names everything. Left to resolve `coverage[toml]`, an old pip takes the newest
    # release, which has no hash here.
    exact = [
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "--requirement",
        str(requirements),
    ]
    if subprocess.call([*pip, *exact], env=own_environment()):
        raise SetupError(
            "The packages could not be installed (the reason stands above); set it right and start"
            " this again."
        )
    say(f"Installed in {time.monotonic() - start:.0f} s.")


def make_venv() -> None:
    """Make an empty `.venv`, in the place of a half-made one or one of another Python."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        install_packages((package,), "This Python cannot make a virtual environment.")
    say(f"Making {VENV.name} with Python {platform.python_version()} ...")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)], env=own_environment()):
        raise SetupError(
            f"The virtual environment could not be made (the reason stands above). Is {ROOT} a"
            " folder that you may write?"
        )


def content(path: Path) -> str:
    """Return what a stamp file says; "" when there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def fingerprint(requirements: Path) -> str:
    """Return what identifies a requirements file's content."""
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def own_environment(**settings: str) -> Environment:
    """Return the environment of a child: no other Python's settings, the project importable."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV")
    }
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


# ── System libraries ──────────────────────────────────────────────────────────────────────────────


def install_packages(packages: tuple[str, ...], why: str) -> None:
    """Install Debian packages as root; otherwise stop and say the line that does it."""
    line = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if shutil.which("apt-get") is None:
        raise SetupError(
            f"{why} Install the packages of your system that hold what Debian calls:"
            f" {' '.join(packages)}"
        )
    if not as_root:
        raise SetupError(
            f"{why} Install it with this line, then start this again:\n    sudo {' '.join(line)}"
        )
    say(f"{why} Installing: {' '.join(packages)} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = [line[0], "-qq", *line[1:]]
    for step in (["apt-get", "-qq", "update"], quiet):
        # It says a lot when all is well; that is worth reading only when it is not.
        child = subprocess.run(
            step,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if child.returncode:
            words = child.stdout.decode("utf-8", "replace").strip()
            raise SetupError(
                f"{words}\n{why} This line failed (the reason stands above):\n    {' '.join(step)}"
            )


def check_qt(plugin: str, screen: tuple[str, ...] = ()) -> str:
    """Start Qt as it will be used, after installing what its libraries lack.

    Return why it does not start, or "".
    """
    reason = qt_failure(plugin, screen)
    missing = missing_libraries(plugin) if reason else []
    if missing:
        install_packages(QT_PACKAGES, f"Qt lacks system libraries ({', '.join(missing)}).")
        reason = qt_failure(plugin, screen)
    return reason


def qt_failure(plugin: str, screen: tuple[str, ...]) -> str:
    """Start Qt in a child with a platform plugin ("" lets Qt choose).

    Return its last words when it fails, else "".
    """
    environment = own_environment(QT_QPA_PLATFORM=plugin) if plugin else own_environment()
    command = [*screen, str(PYTHON), "-c", START_QT]
    try:
        child = subprocess.run(
            command, env=environment, capture_output=True, timeout=START_QT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"Qt did not start within {START_QT_SECONDS} s."
    words = (
        child.stderr.decode("utf-8", "replace").strip() or f"It ended with code {child.returncode}."
    )
    return words if child.returncode else ""


def missing_libraries(plugin: str) -> list[str]:
    """Return the shared libraries that Qt needs and the system lacks (where `ldd` can tell)."""
    ldd = shutil.which("ldd")
    folder = next(VENV.glob("lib/python*/site-packages/PySide6"), None)
    if ldd is None or folder is None:
        return []
    names = [plugin] if plugin else ["xcb", "wayland*"]
    plugins = [
        path for name in names for path in folder.glob(f"Qt/plugins/platforms/libq{name}.so")
    ]
    missing: set[str] = set()
    for path in [folder / "QtWidgets.abi3.so", *plugins]:
        found = subprocess.run([ldd, str(path)], capture_output=True, text=True, check=False).stdout
        missing.update(line.split()[0] for line in found.splitlines() if "not found" in line)
    return sorted(missing)


# ── run ───────────────────────────────────────────────────────────────────────────────────────────


def run(arguments: Command) -> int:
    """Start the program in the folder where the user stands; without arguments, its demo."""
    has_screen = not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    plugin = os.environ.get("QT_QPA_PLATFORM") or ("" if has_screen else "offscreen")
    reason = check_qt(plugin)
    if reason and not has_screen:
        raise SetupError(f"Qt does not start even without a screen:\n{reason}")
    if reason:
        say(
            f"Qt cannot use the screen; what needs no window works all the same. Qt says:\n{reason}"
        )
    # -P: a stray `json.py` in the user's folder must not stand in for a library.
    command = [str(PYTHON), "-P", "-m", "annotator", *(arguments or ["demo"])]
    if not WINDOWS:
        os.execve(
            command[0], command, own_environment()
        )  # so that signals reach the program itself
    return subprocess.call(command, env=own_environment())


# ── test ──────────────────────────────────────────────────────────────────────────────────────────


def test(arguments: Command) -> int:
    """Run the whole check, or pytest alone with arguments of its own."""
    reason = check_qt("offscreen")
    if reason:
        raise SetupError(f"Qt does not start:\n{reason}")
    os.chdir(ROOT)
    quick = arguments == ["--quick"]
    if arguments and not quick:
        say("pytest alone; `python3 dev.py test` without arguments is the whole check.")
        return subprocess.call([*pytest(), *arguments], env=test_environment())
    steps = checks(quick)
    return report([(name, *timed(name, command)) for name, command in steps])


def checks(quick: bool) -> list[tuple[str, Command]]:
    """Return the steps of the check, each with its name."""
    python = str(PYTHON)
    steps: list[tuple[str, Command]] = [
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("layers", [str(PYTHON.with_name("lint-imports")), "--no-logo", "--no-cache"]),
    ]
    if quick:
        say("--quick skips: tests marked `slow` or `screen`, and the coverage floors.")
        return [*steps, *both("not slow and not screen", [])]
    coverage = ["--cov", "--cov-report="]
    steps += both("not screen", coverage)
    if screen_is_ready():
        real = [*VIRTUAL_SCREEN, *pytest("xcb"), "-m", "screen", *coverage, "--cov-append"]
        steps.append(("tests on a screen", real))
    steps.append(("coverage", [python, "-m", "tests.house.floors"]))
    return steps


def both(marked: str, options: Command) -> list[tuple[str, Command]]:
    """Return the steps that run the tests with these marks.

    Those without windows, then those with.
    """
    without = [word for folder in WITH_WINDOWS for word in ("--ignore", folder)]
    appended = ["--cov-append"] if options else []
    return [
        ("tests", [*pytest(), "-m", marked, *SIDE_BY_SIDE, *options, *without]),
        ("tests of windows", [*pytest(), "-m", marked, *options, *appended, *WITH_WINDOWS]),
    ]


def pytest(plugin: str = "") -> Command:
    """Return the command that starts pytest; with a platform plugin, for that one."""
    chosen = ["env", f"QT_QPA_PLATFORM={plugin}"] if plugin else []
    return [*chosen, str(PYTHON), "-m", "pytest"]


def screen_is_ready() -> bool:
    """Return whether tests can run on a virtual screen, which root installs; say so if not."""
    if not sys.platform.startswith("linux"):
        say("Skipped: tests marked `screen` (they run under Xvfb, on Linux).")
        return False
    try:
        if shutil.which("xvfb-run") is None or shutil.which("xauth") is None:
            install_packages(SCREEN_PACKAGES, "There is no virtual screen to test real windows on.")
        reason = check_qt("xcb", VIRTUAL_SCREEN)
    except SetupError as stop:
        reason = str(stop)
    if reason:
        say(f"Skipped: tests marked `screen`. {reason}")
    return not reason


def test_environment() -> Environment:
    """Return the environment of the checks: without a screen unless the user chose otherwise."""
    return own_environment(QT_QPA_PLATFORM=os.environ.get("QT_QPA_PLATFORM") or "offscreen")


def timed(name: str, command: Command) -> tuple[bool, float]:
    """Run one step and return whether it passed and how many seconds it took."""
    say(f"── {name}")
    start = time.monotonic()
    code = subprocess.call(command, env=test_environment())
    return code == 0, time.monotonic() - start


def report(results: list[tuple[str, bool, float]]) -> int:
    """Say how each step ended and return the exit code."""
    say("")
    for name, passed, seconds in results:
        say(f"{'passed' if passed else 'FAILED':8}{seconds:6.1f} s  {name}")
    failed = sum(not passed for _, passed, _ in results)
    say(f"steps: {len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
